package dev.changeover.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the fleet knows of a provider, for people to read: derived anew on each pass, never read
 * back.
 */
@JsonClassDescription("What the fleet of gateways knows of the provider; written by the operator.")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonDeserialize(using = TolerantJson.ProviderStatusReader.class)
public record LlmProviderStatus(
    @JsonPropertyDescription("The generation of the spec that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "Available, Degraded, Recovering, Unavailable, Banned, Drained, Invalid or Unknown.")
        @Nullable String state,
    @JsonPropertyDescription("Why it is in this state, in one word. Example: AccountDisabled.")
        @Nullable String reason,
    @JsonPropertyDescription("Status of the condition Ready: True, False or Unknown.")
        @Nullable String ready,
    @Timestamp @JsonPropertyDescription("When it entered this state. A time of RFC 3339.")
        @Nullable String since,
    @JsonPropertyDescription("When the hold ends, in a form to be read. Example: 14:05 UTC.")
        @Nullable String until,
    @JsonPropertyDescription("What is going on and what to do about it, in a sentence.")
        @Nullable String message,
    @JsonPropertyDescription("Host that is called. Example: api.anthropic.com.")
        @Nullable String endpoint,
    @JsonPropertyDescription("Number of routes with a target of this provider.")
        @Nullable Integer routes,
    @JsonPropertyDescription("Gateways that have the last change, of all. Example: 3/3.")
        @Nullable String gateways,
    @JsonPropertyDescription("Figures of the last minutes.") @Nullable Window window,
    @JsonPropertyDescription("The last failure held against the provider.")
        @Nullable LastFailure lastFailure,
    @JsonPropertyDescription("What takes no requests for now.") List<Hold> holds,
    @JsonPropertyDescription("The last ten changes of state, the newest first.")
        List<Transition> transitions,
    @JsonPropertyDescription("Value of the annotation changeover.dev/clear that was last obeyed.")
        @Nullable String lastHandledClear,
    @MergedBy("type")
        @JsonPropertyDescription(
            "What holds for the resource, one entry a type: Accepted, ResolvedRefs, Programmed,"
                + " Available, Ready and more.")
        List<StatusCondition> conditions) {

  public LlmProviderStatus {
    holds = Absent.empty(holds);
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
    private @Nullable String state;
    private @Nullable String reason;
    private @Nullable String ready;
    private @Nullable String since;
    private @Nullable String until;
    private @Nullable String message;
    private @Nullable String endpoint;
    private @Nullable Integer routes;
    private @Nullable String gateways;
    private @Nullable Window window;
    private @Nullable LastFailure lastFailure;
    private List<Hold> holds = List.of();
    private List<Transition> transitions = List.of();
    private @Nullable String lastHandledClear;
    private List<StatusCondition> conditions = List.of();

    private Builder() {}

    public Builder observedGeneration(@Nullable Long observedGeneration) {
      this.observedGeneration = observedGeneration;
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

    public Builder until(@Nullable String until) {
      this.until = until;
      return this;
    }

    public Builder message(@Nullable String message) {
      this.message = message;
      return this;
    }

    public Builder endpoint(@Nullable String endpoint) {
      this.endpoint = endpoint;
      return this;
    }

    public Builder routes(@Nullable Integer routes) {
      this.routes = routes;
      return this;
    }

    public Builder gateways(@Nullable String gateways) {
      this.gateways = gateways;
      return this;
    }

    public Builder window(@Nullable Window window) {
      this.window = window;
      return this;
    }

    public Builder lastFailure(@Nullable LastFailure lastFailure) {
      this.lastFailure = lastFailure;
      return this;
    }

    public Builder holds(List<Hold> holds) {
      this.holds = holds;
      return this;
    }

    public Builder transitions(List<Transition> transitions) {
      this.transitions = transitions;
      return this;
    }

    public Builder lastHandledClear(@Nullable String lastHandledClear) {
      this.lastHandledClear = lastHandledClear;
      return this;
    }

    public Builder conditions(List<StatusCondition> conditions) {
      this.conditions = conditions;
      return this;
    }

    public LlmProviderStatus build() {
      return new LlmProviderStatus(
          observedGeneration,
          state,
          reason,
          ready,
          since,
          until,
          message,
          endpoint,
          routes,
          gateways,
          window,
          lastFailure,
          holds,
          transitions,
          lastHandledClear,
          conditions);
    }
  }

  /** Figures of the last minutes over all gateways, as they are shown; rounded. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Window(
      @JsonPropertyDescription(
              "Attempts that succeeded, of those that say something about the provider."
                  + " Example: 99.8%.")
          @Nullable String success,
      @JsonPropertyDescription(
              "Time to first token that half of the attempts stayed below. Example: 0.8s.")
          @Nullable String p50,
      @JsonPropertyDescription(
              "Time to first token that 95 of 100 attempts stayed below. Example: 2.1s.")
          @Nullable String p95,
      @JsonPropertyDescription(
              "Time to first token that 99 of 100 attempts stayed below. Example: 4.0s.")
          @Nullable String p99,
      @JsonPropertyDescription("Attempts that ended. Example: 12k.") @Nullable String requests,
      @JsonPropertyDescription(
              "Attempts that failed for a reason held against the provider. Example: 24.")
          @Nullable String failures,
      @JsonPropertyDescription(
              "Failures by reason, the most frequent first. Example: RateLimited 20, Timeout 4.")
          @Nullable String failureReasons,
      @JsonPropertyDescription("Tokens sent. Example: 3.1M.") @Nullable String tokensInput,
      @JsonPropertyDescription("Tokens received. Example: 410k.") @Nullable String tokensOutput) {}

  /**
   * The last failure held against the provider, with its evidence; never free text of a reply,
   * since another namespace's request may have caused it.
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record LastFailure(
      @Required @Timestamp @JsonPropertyDescription("When it happened. A time of RFC 3339.")
          String time,
      @Required @JsonPropertyDescription("Why, in one word. Example: AccountDisabled.")
          String reason,
      @JsonPropertyDescription("The model that was asked.") @Nullable String model,
      @JsonPropertyDescription("The name of the key that was used.") @Nullable String credential,
      @JsonPropertyDescription(
              "The HTTP status of the reply; none if there was no reply. Example: 403.")
          @Nullable Integer httpStatus,
      @JsonPropertyDescription("The provider's own type of the error. Example: permission_error.")
          @Nullable String type,
      @JsonPropertyDescription(
              "The provider's own code of the error. Example: account_deactivated.")
          @Nullable String code,
      @JsonPropertyDescription("The classifier rule that matched.") @Nullable String rule,
      @JsonPropertyDescription("What that rule means, in a fixed sentence.")
          @Nullable String sentence) {

    public LastFailure {
      time = Absent.refused(time, "time");
      reason = Absent.refused(reason, "reason");
    }
  }

  /** Something of the provider that takes no requests for now. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Hold(
      @Required @JsonPropertyDescription("What is held: Provider, Credential or Model.")
          String scope,
      @JsonPropertyDescription("The name of the key that is held, with scope Credential.")
          @Nullable String credential,
      @JsonPropertyDescription("The model that is held, with scope Model.") @Nullable String model,
      @Required @JsonPropertyDescription("Why, in one word. Example: RateLimited.") String reason,
      @Timestamp @JsonPropertyDescription("When the hold began. A time of RFC 3339.")
          @Nullable String since,
      @Timestamp
          @JsonPropertyDescription(
              "When the hold ends by itself; none for a ban. A time of RFC 3339.")
          @Nullable String until,
      @JsonPropertyDescription("The gateways that hold it. Example: 2 of 3 gateways.")
          @Nullable String heldBy) {

    public Hold {
      scope = Absent.refused(scope, "scope");
      reason = Absent.refused(reason, "reason");
    }
  }
}
