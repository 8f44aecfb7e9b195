package dev.changeover.gateway.e2e;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A scrape, as a monitoring system reads it. */
record MetricsText(Map<String, List<Sample>> samples) {
  private static final Pattern LINE = Pattern.compile("([a-z_:]+)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  record Sample(Map<String, String> labels, double value) {}

  static MetricsText parse(String text) {
    Map<String, List<Sample>> samples = new HashMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(line ->
            samples
                .computeIfAbsent(line.group(1), _ -> new ArrayList<>())
                .add(new Sample(labels(line.group(2)), Double.parseDouble(line.group(3)))));
    return new MetricsText(samples);
  }

  private static Map<String, String> labels(@Nullable String text) {
    Map<String, String> labels = new HashMap<>();
    if (text != null) {
      LABEL.matcher(text).results().forEach(label -> labels.put(label.group(1), label.group(2)));
    }
    return labels;
  }

  /** The sum of a metric's values that are not 0 where one label has this value, by another. */
  Map<String, Double> by(String metric, String label, String where, String is) {
    Map<String, Double> sums = new TreeMap<>();
    for (Sample sample : samples.getOrDefault(metric, List.of())) {
      if (is.equals(sample.labels().get(where)) && sample.value() != 0) {
        sums.merge(sample.labels().getOrDefault(label, ""), sample.value(), Double::sum);
      }
    }
    return sums;
  }

  double sum(String metric) {
    return samples.getOrDefault(metric, List.of()).stream().mapToDouble(Sample::value).sum();
  }
}
