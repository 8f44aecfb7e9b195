package dev.changeover.local.show;

import dev.changeover.crds.ResourceDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be shown, with the names that kubectl's users type. */
public enum Kind {
  PROVIDERS("LlmProvider", ResourceDefinition.API_VERSION, "llmproviders", "llmprovider llmp"),
  ROUTES("LlmRoute", ResourceDefinition.API_VERSION, "llmroutes", "llmroute llmr"),
  EVENTS("Event", "events.k8s.io/v1", "events", "event ev"),
  RULES(
      "PrometheusRule",
      "monitoring.coreos.com/v1",
      "prometheusrules",
      "prometheusrule promrule rules rule");

  private final String kind;
  private final String apiVersion;
  private final String plural;
  private final String otherNames;

  Kind(String kind, String apiVersion, String plural, String otherNames) {
    this.kind = kind;
    this.apiVersion = apiVersion;
    this.plural = plural;
    this.otherNames = otherNames;
  }

  /** The kind of this name: plural, singular or short. */
  public static Optional<Kind> named(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(kind -> kind.isNamed(wanted)).findFirst();
  }

  private boolean isNamed(String name) {
    return plural.equals(name) || List.of(otherNames.split(" ", -1)).contains(name);
  }

  String kind() {
    return kind;
  }

  String apiVersion() {
    return apiVersion;
  }

  /** Where the API server lists them; an empty namespace stands for all. */
  String path(String namespace) {
    String where = namespace.isEmpty() ? "" : "/namespaces/" + namespace;
    return "/apis/" + apiVersion + where + "/" + plural;
  }
}
