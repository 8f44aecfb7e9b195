package dev.changeover.local.process;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A metric by its name, with the keys of labels that an expression needs or a scrape shows. */
record MetricUse(String name, Set<String> labels) {
  private static final Pattern SERIES = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)\\{([^}]*)\\}");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)\\s*(?:=~|!~|!=|=)\\s*\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern GROUPING = Pattern.compile("\\bby\\s*\\(([^)]*)\\)");

  MetricUse {
    labels = Set.copyOf(labels);
  }

  /** What a PromQL expression selects; the labels that it groups by count for each metric. */
  static List<MetricUse> inExpression(String expression) {
    Set<String> grouped =
        GROUPING
            .matcher(expression)
            .results()
            .flatMap(by -> Arrays.stream(by.group(1).split(",")))
            .map(String::strip)
            .collect(Collectors.toCollection(TreeSet::new));
    return series(expression, grouped);
  }

  /** The series of a scrape. */
  static List<MetricUse> inScrape(String text) {
    return series(text, Set.of());
  }

  private static List<MetricUse> series(String text, Set<String> more) {
    return SERIES.matcher(text).results().map(found -> of(found, more)).toList();
  }

  private static MetricUse of(MatchResult series, Set<String> more) {
    Set<String> labels = new HashSet<>(more);
    LABEL.matcher(series.group(2)).results().forEach(label -> labels.add(label.group(1)));
    return new MetricUse(series.group(1), labels);
  }

  /** Whether one of these series can be what is used here. */
  boolean isAmong(List<MetricUse> scraped) {
    return scraped.stream()
        .anyMatch(series -> series.name.equals(name) && series.labels.containsAll(labels));
  }
}
