package dev.changeover.operator.model;

import dev.changeover.contract.ObjectName;
import java.util.Map;
import java.util.Optional;

/**
 * What became of the alert rules when they were last written.
 *
 * @param writing whether this installation writes rules at all
 * @param rejected why the API server refused a PrometheusRule, by the rule's namespace and name
 */
public record RuleReport(Writing writing, Map<ObjectName, String> rejected) {
  /** Whether rules are written at all. */
  public enum Writing {
    ENABLED,
    DISABLED
  }

  /** Every rule was taken. */
  public static final RuleReport INSTALLED = new RuleReport(Writing.ENABLED, Map.of());

  private static final String PROVIDER_PREFIX = "changeover-provider-";
  private static final int NAME_MAX = 253;

  public RuleReport {
    rejected = Map.copyOf(rejected);
  }

  public Optional<String> rejection(ObjectName rule) {
    return Optional.ofNullable(rejected.get(rule));
  }

  /** The name of one provider's PrometheusRule. */
  public static ObjectName ruleOf(ObjectName provider) {
    String name = PROVIDER_PREFIX + provider.name();
    if (name.length() > NAME_MAX) {
      String hash = Integer.toHexString(name.hashCode());
      name = name.substring(0, NAME_MAX - hash.length() - 1) + "-" + hash;
    }
    return new ObjectName(provider.namespace(), name);
  }

  /** The name of the PrometheusRule of all routes of a namespace. */
  public static ObjectName ruleOfRoutes(String namespace) {
    return new ObjectName(namespace, "changeover-routes");
  }
}
