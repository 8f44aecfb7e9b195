package dev.changeover.contract;

import java.util.List;
import java.util.Set;

/**
 * Model names that callers ask for, and the targets that answer.
 *
 * @param models names; a trailing {@code *} matches a prefix
 * @param targets in the order of the resource, usable or not; usable ones have different names
 */
public record RouteConfig(
    ObjectName name,
    List<String> models,
    Strategy strategy,
    List<TargetConfig> targets,
    Attempts attempts,
    Mode mode) {
  public RouteConfig {
    models = List.copyOf(models);
    targets = List.copyOf(targets);
    List<String> usable =
        targets.stream()
            .filter(TargetConfig.Usable.class::isInstance)
            .map(TargetConfig::name)
            .toList();
    if (Set.copyOf(usable).size() < usable.size()) {
      throw new IllegalArgumentException(
          "two targets have the same name: give one of the two a name of its own");
    }
  }
}
