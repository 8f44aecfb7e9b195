package dev.changeover.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is written about one route, with the defaults filled in. */
@JsonClassDescription("Which model names the route answers, and with which targets.")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonDeserialize(using = TolerantJson.RouteSpecReader.class)
@JsonSerialize(using = TolerantJson.SpecWriter.class)
public record LlmRouteSpec(
    @Required
        @Size(min = 1, max = 32)
        @MergedBy
        @ValidationRule(
            value = "self.all(m, !m.matches('[*].'))",
            message =
                "models may have a * only at the end, where it matches every name that begins so:"
                    + " move it to the end or remove it")
        @JsonPropertyDescription(
            "Names that callers ask for; a * at the end matches every name that begins so. 1 to 32."
                + " Required. Example: [assistant, gpt-4o*].")
        List<@Size(min = 1, max = 256) @Pattern(Names.MODEL) String> models,
    @Default(PRIORITY)
        @OneOf({PRIORITY, "RoundRobin", "LeastLatency"})
        @JsonPropertyDescription(
            "Order in which targets are tried. Priority: as listed. RoundRobin: in turn."
                + " LeastLatency: the one of two random targets that answers sooner."
                + " Default: Priority.")
        String strategy,
    @Required
        @Size(min = 1, max = 16)
        @ValidationRule(
            value =
                "self.all(t, self.exists_one(u, (has(t.name) ? t.name : t.providerRef.name + '/' +"
                    + " t.model) == (has(u.name) ? u.name : u.providerRef.name + '/' + u.model)))",
            message =
                "targets must have different names: one without a name is called provider/model, so"
                    + " give one of the two a name of its own")
        @JsonPropertyDescription(
            "The models that may answer, the preferred one first. 1 to 16. Required.")
        List<Target> targets,
    @Default("{}") @JsonPropertyDescription("How often and how long one request is tried.")
        Attempts attempts,
    @Default(Mode.ACTIVE)
        @OneOf({Mode.ACTIVE, Mode.DRAINED})
        @JsonPropertyDescription(
            "Active answers requests. Drained refuses new ones, requests in flight finish."
                + " Default: Active.")
        String mode,
    @JsonIgnore @Nullable UnreadableSpec unreadable)
    implements TolerantSpec {

  private static final String PRIORITY = "Priority";

  public LlmRouteSpec {
    models = unreadable == null ? List.copyOf(Absent.refused(models, "models")) : List.of();
    strategy = Absent.replaced(strategy, PRIORITY);
    targets = unreadable == null ? List.copyOf(Absent.refused(targets, "targets")) : List.of();
    attempts = Absent.replaced(attempts, Attempts.STANDARD);
    mode = Absent.replaced(mode, Mode.ACTIVE);
  }

  /** The spec that stands for JSON that did not bind. */
  static LlmRouteSpec unreadable(UnreadableSpec why) {
    return new LlmRouteSpec(List.of(), PRIORITY, List.of(), Attempts.STANDARD, Mode.ACTIVE, why);
  }

  /** One model of one provider that may answer. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Target(
      @Size(min = 1, max = 63)
          @Pattern("^[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$")
          @JsonPropertyDescription(
              "Name of the target in status, metrics and logs; unique here. Default:"
                  + " provider/model. Example: last-resort.")
          @Nullable String name,
      @Required @JsonPropertyDescription("The provider that is asked. Required.")
          ProviderRef providerRef,
      @Required
          @Size(min = 1, max = 256)
          @Pattern(Names.MODEL)
          @JsonPropertyDescription(
              "The provider's name of the model. Required. Example: claude-sonnet-4-5.")
          String model,
      @JsonPropertyDescription(
              "What is changed in a request that this target answers. Default: nothing.")
          @Nullable Overrides overrides) {

    public Target {
      providerRef = Absent.refused(providerRef, "providerRef");
      model = Absent.refused(model, "model");
    }

    /** The name as written, else provider/model: how the target is called everywhere. */
    public String displayName() {
      return name == null ? providerRef.name() + "/" + model : name;
    }
  }

  /** The LlmProvider that a target uses. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ProviderRef(
      @Required
          @Size(min = 1, max = 253)
          @Pattern(Names.SUBDOMAIN)
          @JsonPropertyDescription("Name of the LlmProvider. Required. Example: anthropic.")
          String name,
      @Size(min = 1, max = 63)
          @Pattern(Names.LABEL)
          @JsonPropertyDescription(
              "Namespace of the LlmProvider, which must allow this route's namespace. Default: the"
                  + " route's own. Example: platform.")
          @Nullable String namespace) {

    public ProviderRef {
      name = Absent.refused(name, "name");
    }
  }

  /** What is changed in a request that a target answers; a range of the provider's own wins. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Overrides(
      @Min(0)
          @Max(2)
          @JsonPropertyDescription(
              "Sampling temperature, 0 to 2. Default: the caller's. Example: 0.5.")
          @Nullable Double temperature,
      @Min(0)
          @Max(1)
          @JsonPropertyDescription(
              "Share of probability that tokens are drawn from, 0 to 1. Default: the caller's."
                  + " Example: 0.9.")
          @Nullable Double topP,
      @Min(1)
          @Max(100_000_000)
          @JsonPropertyDescription(
              "Tokens that the answer may have. Default: the caller's. Example: 2000.")
          @Nullable Integer maxTokens,
      @JsonInclude(JsonInclude.Include.NON_EMPTY)
          @Size(max = 16)
          @MergedBy
          @JsonPropertyDescription(
              "Texts that end the answer, instead of the caller's. At most 16. Default: the"
                  + " caller's. Example: [END].")
          List<@Size(min = 1, max = 256) String> stop,
      @JsonPropertyDescription("Text added to the system prompt. Default: none.")
          @Nullable SystemPrompt system) {

    public Overrides {
      stop = Absent.empty(stop);
    }
  }

  /** Text added to the caller's system prompt. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SystemPrompt(
      @Size(min = 1, max = 16_384)
          @JsonPropertyDescription(
              "Text before the caller's system prompt, at most 16384 characters. Default: none."
                  + " Example: Answer in English.")
          @Nullable String prepend,
      @Size(min = 1, max = 16_384)
          @JsonPropertyDescription(
              "Text after the caller's system prompt, at most 16384 characters. Default: none."
                  + " Example: Answer in one paragraph.")
          @Nullable String append) {}

  /** How often and how long one request is tried. */
  @ValidationRule(
      value =
          "duration(self.deadline) >= duration('1s') && duration(self.deadline) <="
              + " duration('24h')",
      fieldPath = ".deadline",
      message = "deadline must be between 1s and 24h: choose a duration in between")
  @ValidationRule(
      value = "duration(self.waitOut) <= duration(self.deadline)",
      fieldPath = ".waitOut",
      message = "waitOut must not be longer than deadline: lower it or raise deadline")
  public record Attempts(
      @Default("" + MAX)
          @Min(1)
          @Max(10)
          @JsonPropertyDescription(
              "Calls made for one request at most, retries and other targets together. 1 to 10."
                  + " Default: 4.")
          Integer max,
      @Default(DEADLINE)
          @Size(max = DurationText.LENGTH_MAX)
          @Pattern(DurationText.FORM)
          @JsonPropertyDescription(
              "Time from a request's arrival until its answer must have begun. A duration from 1s"
                  + " to 24h. Default: 10m.")
          String deadline,
      @Default(WAIT_OUT)
          @Size(max = DurationText.LENGTH_MAX)
          @Pattern(DurationText.FORM)
          @JsonPropertyDescription(
              "A wait that the preferred target states is waited out, once, up to this long, rather"
                  + " than going to the next target. A duration; 0s never waits. Default: 0s.")
          String waitOut) {

    static final int MAX = 4;
    static final String DEADLINE = "10m";
    static final String WAIT_OUT = "0s";

    static final Attempts STANDARD = new Attempts(MAX, DEADLINE, WAIT_OUT);

    public Attempts {
      max = Absent.replaced(max, MAX);
      deadline = Absent.replaced(deadline, DEADLINE);
      waitOut = Absent.replaced(waitOut, WAIT_OUT);
    }
  }
}
