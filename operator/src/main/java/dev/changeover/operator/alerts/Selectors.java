package dev.changeover.operator.alerts;

import dev.changeover.contract.ObjectName;
import java.util.Collection;
import java.util.stream.Collectors;

/** Label selectors of metrics, without the braces. */
final class Selectors {
  private Selectors() {}

  static String provider(ObjectName provider) {
    return "provider_namespace=\"%s\",provider=\"%s\""
        .formatted(provider.namespace(), provider.name());
  }

  /** The routes of a namespace but these, which are drained. */
  static String routes(String namespace, Collection<String> drained) {
    String all = "route_namespace=\"" + namespace + "\"";
    return drained.isEmpty() ? all : all + ",route!~\"" + anyOf(drained) + "\"";
  }

  /** A pattern, inside a quoted text, of names that are meant literally. */
  private static String anyOf(Collection<String> names) {
    return names.stream()
        .sorted()
        .map(name -> name.replace(".", "\\\\."))
        .collect(Collectors.joining("|"));
  }
}
