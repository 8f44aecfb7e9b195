package dev.changeover.local.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prometheus texts merged: each family once, with the samples of all sources. */
public final class MergedMetrics {
  private static final String HELP = "# HELP ";
  private static final String TYPE = "# TYPE ";

  private final Map<String, Family> families = new LinkedHashMap<>();

  /** The comments of one family, as its first source has them, and all samples. */
  private static final class Family {
    private String help = "";
    private String type = "";
    private final List<String> samples = new ArrayList<>();
  }

  /** Adds a source's text as it is. */
  public void add(String text) {
    add(text, "");
  }

  /** Adds a source's text, each sample with one more label. */
  public void add(String text, String label, String value) {
    add(text, label + "=\"" + escaped(value) + "\"");
  }

  private void add(String text, String label) {
    String current = "";
    for (String line : text.split("\n", -1)) {
      if (line.startsWith(HELP) || line.startsWith(TYPE)) {
        current = word(line, HELP.length());
        Family family = families.computeIfAbsent(current, _ -> new Family());
        if (line.startsWith(HELP)) {
          family.help = family.help.isEmpty() ? line : family.help;
        } else {
          family.type = family.type.isEmpty() ? line : family.type;
        }
      } else if (!line.isBlank() && !line.startsWith("#")) {
        String name = nameOf(line);
        current = name.startsWith(current) && !current.isEmpty() ? current : name;
        families
            .computeIfAbsent(current, _ -> new Family())
            .samples
            .add(label.isEmpty() ? line : labelled(line, name, label));
      }
    }
  }

  /** The page. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Family family : families.values()) {
      for (String comment : List.of(family.help, family.type)) {
        if (!comment.isEmpty()) {
          text.append(comment).append('\n');
        }
      }
      family.samples.forEach(sample -> text.append(sample).append('\n'));
    }
    return text.toString();
  }

  private static String word(String line, int from) {
    int end = line.indexOf(' ', from);
    return end < 0 ? line.substring(from) : line.substring(from, end);
  }

  private static String nameOf(String sample) {
    int brace = sample.indexOf('{');
    int blank = sample.indexOf(' ');
    int end = brace >= 0 && (blank < 0 || brace < blank) ? brace : blank;
    return end < 0 ? sample : sample.substring(0, end);
  }

  private static String labelled(String sample, String name, String label) {
    String rest = sample.substring(name.length());
    if (!rest.startsWith("{")) {
      return name + "{" + label + "}" + rest;
    }
    String comma = rest.startsWith("{}") ? "" : ",";
    return name + "{" + label + comma + rest.substring(1);
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
