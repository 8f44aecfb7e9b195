package dev.changeover.operator.alerts;

import dev.changeover.contract.ObjectName;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One PrometheusRule to be written.
 *
 * @param name its namespace and name
 * @param owner the provider that it goes with, if it belongs to one
 * @param labels its labels
 */
public record AlertRules(
    ObjectName name, Optional<Owner> owner, SortedMap<String, String> labels, List<Group> groups) {
  public AlertRules {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    groups = List.copyOf(groups);
  }

  /** The LlmProvider whose deletion takes the rules along. */
  public record Owner(String name, String uid) {}

  /** Rules that are evaluated together. */
  public record Group(String name, List<Rule> rules) {
    public Group {
      rules = List.copyOf(rules);
    }
  }

  /**
   * One alert.
   *
   * @param duration how long the expression holds before the alert fires; zero for at once
   * @param keepFiringFor how long it fires on once the expression no longer holds; zero for not
   */
  public record Rule(
      String alert,
      String expression,
      Duration duration,
      Duration keepFiringFor,
      SortedMap<String, String> labels,
      SortedMap<String, String> annotations) {
    public Rule {
      if (duration.isNegative() || keepFiringFor.isNegative()) {
        throw new IllegalArgumentException("an alert's durations cannot be negative: " + alert);
      }
      labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
      annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    }
  }
}
