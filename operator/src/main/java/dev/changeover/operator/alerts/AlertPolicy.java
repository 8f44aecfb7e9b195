package dev.changeover.operator.alerts;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an installation says about all alert rules.
 *
 * @param runbookUrl where the runbooks are, one an alert; empty for none
 * @param additionalLabels labels that make Prometheus select the rules
 * @param disabled alerts that are not wanted, by name
 */
public record AlertPolicy(
    Optional<String> runbookUrl, SortedMap<String, String> additionalLabels, Set<String> disabled) {
  /** Every alert, without runbooks. */
  public static final AlertPolicy DEFAULT =
      new AlertPolicy(Optional.empty(), new TreeMap<>(), Set.of());

  public AlertPolicy {
    additionalLabels = Collections.unmodifiableSortedMap(new TreeMap<>(additionalLabels));
    disabled = Set.copyOf(disabled);
  }
}
