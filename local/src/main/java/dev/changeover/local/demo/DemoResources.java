package dev.changeover.local.demo;

import dev.changeover.local.simulate.SimulatedVendors;

/** The resources of the demonstration, as a person would write them. */
public final class DemoResources {
  /** The model that callers ask for. */
  public static final String MODEL = "assistant";

  private DemoResources() {}

  /** Two providers and one route, as YAML. */
  public static String yaml(SimulatedVendors vendors) {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: simulated-keys}
    stringData: {anthropic: simulated-anthropic-key, openai: simulated-openai-key}
    ---
    apiVersion: changeover.dev/v1alpha1
    kind: LlmProvider
    metadata: {name: anthropic}
    spec:
      type: Anthropic
      baseUrl: %s
      credentials: [{name: main, secretKeyRef: {name: simulated-keys, key: anthropic}}]
    ---
    apiVersion: changeover.dev/v1alpha1
    kind: LlmProvider
    metadata: {name: openai}
    spec:
      type: OpenAI
      baseUrl: %s
      credentials: [{name: main, secretKeyRef: {name: simulated-keys, key: openai}}]
    ---
    apiVersion: changeover.dev/v1alpha1
    kind: LlmRoute
    metadata: {name: assistant}
    spec:
      models: [%s]
      targets:
      - {providerRef: {name: anthropic}, model: claude-sonnet-4-5}
      - {providerRef: {name: openai}, model: gpt-4o}
    """
        .formatted(vendors.anthropic().anthropicBaseUrl(), vendors.openAi().openAiBaseUrl(), MODEL);
  }
}
