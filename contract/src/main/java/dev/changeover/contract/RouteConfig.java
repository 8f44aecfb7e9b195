package dev.changeover.contract;

import java.util.List;

/**
 * Model names that callers ask for, and the targets that answer.
 *
 * @param models names; a trailing {@code *} matches a prefix
 * @param targets in the order of the resource, usable or not
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
  }
}
