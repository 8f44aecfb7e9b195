package dev.changeover.local.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A strict reader of Prometheus's text format 0.0.4: each family once and in one piece, its
 * comments first, each series once, counters and histograms as their type has them.
 */
public final class ExpositionCheck {
  private static final Pattern COMMENT =
      Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? ([^ ]+)( -?[0-9]+)?");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");
  private static final Set<String> TYPES =
      Set.of("counter", "gauge", "histogram", "summary", "untyped");

  private final List<String> findings = new ArrayList<>();
  private final Map<String, String> types = new LinkedHashMap<>();
  private final Set<String> closed = new HashSet<>();
  private final Set<String> comments = new HashSet<>();
  private final Set<String> series = new HashSet<>();
  private String family = "";

  private ExpositionCheck() {}

  /** What is wrong with the text, a sentence each. */
  public static List<String> findings(String text) {
    var check = new ExpositionCheck();
    if (!text.endsWith("\n")) {
      check.findings.add("the text does not end with a line's end");
    }
    text.lines().forEach(check::line);
    return check.findings;
  }

  private void line(String line) {
    Matcher comment = COMMENT.matcher(line);
    Matcher sample = SAMPLE.matcher(line);
    if (comment.matches()) {
      comment(comment.group(1), comment.group(2), comment.group(3));
    } else if (sample.matches()) {
      String labels = sample.group(2);
      sample(sample.group(1), labels == null ? "" : labels, sample.group(3));
    } else {
      findings.add("no line of the format: " + line);
    }
  }

  private void comment(String kind, String name, String rest) {
    enter(name);
    if (!comments.add(kind + " " + name)) {
      findings.add("a second " + kind + " of " + name);
    }
    if (kind.equals("TYPE")) {
      types.put(name, rest);
      if (!TYPES.contains(rest)) {
        findings.add(name + " has no type that exists: " + rest);
      }
      if (rest.equals("counter") && !name.endsWith("_total")) {
        findings.add("a counter without _total: " + name);
      }
    }
  }

  private void enter(String name) {
    if (name.equals(family)) {
      return;
    }
    closed.add(family);
    family = name;
    if (closed.contains(name)) {
      findings.add(name + " is in two pieces");
    }
  }

  private void sample(String name, String labels, String value) {
    String type = types.getOrDefault(family, "untyped");
    boolean part =
        name.equals(family)
            || (type.equals("histogram")
                && name.matches(Pattern.quote(family) + "_(bucket|sum|count)"))
            || (type.equals("summary") && name.matches(Pattern.quote(family) + "_(sum|count)"));
    if (!part) {
      findings.add(name + " stands in the family " + family);
    }
    if (!series.add(name + "{" + String.join(",", labels(labels)) + "}")) {
      findings.add("a series twice: " + name + "{" + labels + "}");
    }
    if (!value.matches("[+-]?Inf|NaN")) {
      try {
        Double.parseDouble(value);
      } catch (NumberFormatException e) {
        findings.add(name + " has no number: " + value);
      }
    }
  }

  private List<String> labels(String text) {
    List<String> labels = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Matcher label = LABEL.matcher(text);
    int end = 0;
    while (end < text.length() && label.find(end) && label.start() == end) {
      labels.add(label.group());
      if (!names.add(label.group(1))) {
        findings.add("a label twice: " + text);
      }
      end = label.end();
    }
    if (end != text.length()) {
      findings.add("no labels: " + text);
    }
    labels.sort(null);
    return labels.stream().map(each -> each.replaceAll(",$", "")).toList();
  }
}
