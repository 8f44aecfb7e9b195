package dev.changeover.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.local.fleet.LocalFleet;
import dev.changeover.local.resources.Resource;
import java.util.List;
import java.util.Optional;

/** What {@code local} prints once it serves: where, and a line to try each dialect with. */
record Banner(List<String> gateways, int operatorPort, List<Resource> resources) {
  private static final int OPERATOR_PORT_DEFAULT = 9090;

  String text() {
    StringBuilder text = new StringBuilder();
    text.append("gateways   ").append(String.join("   ", gateways)).append('\n');
    text.append("metrics    http://127.0.0.1:").append(operatorPort).append("/metrics\n");
    route().ifPresent(route -> text.append(calls(route)));
    text.append("\nin another terminal:\n");
    for (String kind : List.of("llmproviders", "llmroutes", "events", "rules")) {
      text.append("  ./changeover get ").append(kind).append(options()).append('\n');
    }
    return text.append("\nchanged files are applied while this runs; Ctrl-C ends it\n").toString();
  }

  private String options() {
    return operatorPort == OPERATOR_PORT_DEFAULT ? "" : " --operator-port " + operatorPort;
  }

  private Optional<Resource> route() {
    return resources.stream().filter(each -> each.kind() == Resource.Kind.LlmRoute).findFirst();
  }

  private String calls(Resource route) {
    String namespace = route.name().namespace();
    String base =
        gateways.getFirst() + (namespace.equals(LocalFleet.NAMESPACE) ? "" : "/ns/" + namespace);
    JsonNode models = route.json().path("spec").path("models");
    String model = models.path(0).asText().replace("*", "");
    return """

    OpenAI's dialect (base URL %1$s/v1):
      curl %1$s/v1/chat/completions -H 'content-type: application/json' \\
        -d '{"model":"%2$s","messages":[{"role":"user","content":"Say hello."}]}'

    Anthropic's dialect (base URL %1$s):
      curl %1$s/v1/messages -H 'content-type: application/json' -H 'anthropic-version: 2023-06-01' \\
        -d '{"model":"%2$s","max_tokens":100,"messages":[{"role":"user","content":"Say hello."}]}'
    """
        .formatted(base, model);
  }
}
