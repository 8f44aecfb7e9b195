package dev.changeover.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the fleet knows of a route, for people to read: derived anew on each pass, never read back.
 */
@JsonClassDescription("What the fleet of gateways knows of the route; written by the operator.")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonDeserialize(using = TolerantJson.RouteStatusReader.class)
public record LlmRouteStatus(
    @JsonPropertyDescription("The generation of the spec that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "The names that callers ask for, in one text. Example: assistant,gpt-4o.")
        @Nullable String models,
    @JsonPropertyDescription(
            "Available, FailedOver, FailingBack, Degraded, Exhausted, Drained, Invalid or"
                + " Unknown.")
        @Nullable String state,
    @JsonPropertyDescription("Why it is in this state, in one word. Example: AccountDisabled.")
        @Nullable String reason,
    @JsonPropertyDescription("Status of the condition Ready: True, False or Unknown.")
        @Nullable String ready,
    @Timestamp @JsonPropertyDescription("When it entered this state. A time of RFC 3339.")
        @Nullable String since,
    @JsonPropertyDescription("What is going on and what to do about it, in a sentence.")
        @Nullable String message,
    @JsonPropertyDescription("The target that answers now. Example: openai/gpt-4o.")
        @Nullable String serving,
    @JsonPropertyDescription(
            "The target that answers when all is well. Example: anthropic/claude-sonnet-4-5.")
        @Nullable String preferred,
    @JsonPropertyDescription(
            "All targets in order, in one text. Example: anthropic/claude-sonnet-4-5 >"
                + " openai/gpt-4o.")
        @Nullable String chain,
    @JsonPropertyDescription("Gateways that have the last change, of all. Example: 3/3.")
        @Nullable String gateways,
    @Timestamp
        @JsonPropertyDescription(
            "When the route last left its preferred target. A time of RFC 3339.")
        @Nullable String lastFailover,
    @JsonPropertyDescription("How each target stands, in the order of the spec.")
        List<Target> targets,
    @JsonPropertyDescription("The last ten changes of state, the newest first.")
        List<Transition> transitions,
    @MergedBy("type")
        @JsonPropertyDescription(
            "What holds for the resource, one entry a type: Accepted, ResolvedRefs, Programmed,"
                + " Available, Ready and more.")
        List<StatusCondition> conditions) {

  public LlmRouteStatus {
    targets = Absent.empty(targets);
    transitions = Absent.empty(transitions);
    conditions = Absent.empty(conditions);
  }

  /** A status in which nothing is set yet. */
  public static Builder builder() {
    return new Builder();
  }

  /** Sets a status field by field; what is not set stays out of the resource. */
  public static final class Builder {
    private @Nullable Long observedGeneration;
    private @Nullable String models;
    private @Nullable String state;
    private @Nullable String reason;
    private @Nullable String ready;
    private @Nullable String since;
    private @Nullable String message;
    private @Nullable String serving;
    private @Nullable String preferred;
    private @Nullable String chain;
    private @Nullable String gateways;
    private @Nullable String lastFailover;
    private List<Target> targets = List.of();
    private List<Transition> transitions = List.of();
    private List<StatusCondition> conditions = List.of();

    private Builder() {}

    public Builder observedGeneration(@Nullable Long observedGeneration) {
      this.observedGeneration = observedGeneration;
      return this;
    }

    public Builder models(@Nullable String models) {
      this.models = models;
      return this;
    }

    public Builder state(@Nullable String state) {
      this.state = state;
      return this;
    }

    public Builder reason(@Nullable String reason) {
      this.reason = reason;
      return this;
    }

    public Builder ready(@Nullable String ready) {
      this.ready = ready;
      return this;
    }

    public Builder since(@Nullable String since) {
      this.since = since;
      return this;
    }

    public Builder message(@Nullable String message) {
      this.message = message;
      return this;
    }

    public Builder serving(@Nullable String serving) {
      this.serving = serving;
      return this;
    }

    public Builder preferred(@Nullable String preferred) {
      this.preferred = preferred;
      return this;
    }

    public Builder chain(@Nullable String chain) {
      this.chain = chain;
      return this;
    }

    public Builder gateways(@Nullable String gateways) {
      this.gateways = gateways;
      return this;
    }

    public Builder lastFailover(@Nullable String lastFailover) {
      this.lastFailover = lastFailover;
      return this;
    }

    public Builder targets(List<Target> targets) {
      this.targets = targets;
      return this;
    }

    public Builder transitions(List<Transition> transitions) {
      this.transitions = transitions;
      return this;
    }

    public Builder conditions(List<StatusCondition> conditions) {
      this.conditions = conditions;
      return this;
    }

    public LlmRouteStatus build() {
      return new LlmRouteStatus(
          observedGeneration,
          models,
          state,
          reason,
          ready,
          since,
          message,
          serving,
          preferred,
          chain,
          gateways,
          lastFailover,
          targets,
          transitions,
          conditions);
    }
  }

  /** How one target of the route stands. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Target(
      @Required
          @JsonPropertyDescription("Name of the target. Example: anthropic/claude-sonnet-4-5.")
          String name,
      @Required
          @JsonPropertyDescription(
              "Name of its provider, with the namespace where that is another one. Example:"
                  + " platform/shared-vllm.")
          String provider,
      @Required @JsonPropertyDescription("The provider's name of its model.") String model,
      @Required @JsonPropertyDescription("Available, Held, Drained or Unusable.") String state,
      @JsonPropertyDescription("Why it takes no requests, in one word. Example: SecretNotFound.")
          @Nullable String reason,
      @JsonPropertyDescription("Why, and what to do about it, in a sentence.")
          @Nullable String message) {

    public Target {
      name = Absent.refused(name, "name");
      provider = Absent.refused(provider, "provider");
      model = Absent.refused(model, "model");
      state = Absent.refused(state, "state");
    }
  }
}
