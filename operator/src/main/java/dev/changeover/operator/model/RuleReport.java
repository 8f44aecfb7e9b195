package dev.changeover.operator.model;

import dev.changeover.contract.ObjectName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What became of the alert rules when they were last looked at. */
public sealed interface RuleReport {
  /** This operator has looked at none yet; what was said of them before stands. */
  record NotYet() implements RuleReport {}

  /**
   * The rules were written, or found in place.
   *
   * @param installed those that the API server has confirmed as they are wanted
   * @param rejected why it refused a PrometheusRule, by the rule's namespace and name
   */
  record Looked(Set<ObjectName> installed, Map<ObjectName, String> rejected) implements RuleReport {
    public Looked {
      installed = Set.copyOf(installed);
      rejected = Map.copyOf(rejected);
    }

    public Optional<String> rejection(ObjectName rule) {
      return Optional.ofNullable(rejected.get(rule));
    }
  }

  /** The name of one provider's PrometheusRule. */
  static ObjectName ruleOf(ObjectName provider) {
    int nameMax = 253; // the API server's own bound
    String name = "changeover-provider-" + provider.name();
    if (name.length() > nameMax) {
      String hash = Integer.toHexString(name.hashCode());
      name = name.substring(0, nameMax - hash.length() - 1) + "-" + hash;
    }
    return new ObjectName(provider.namespace(), name);
  }

  /** The name of the PrometheusRule of all routes of a namespace. */
  static ObjectName ruleOfRoutes(String namespace) {
    return new ObjectName(namespace, "changeover-routes");
  }
}
