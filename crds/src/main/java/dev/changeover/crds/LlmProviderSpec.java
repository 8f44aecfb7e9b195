package dev.changeover.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is written about one account at one origin, with the defaults filled in.
 *
 * <p>Strings where the CRD has an enum or a duration: a value that only a newer CRD allows must
 * bind, too, and be told to its owner.
 */
@JsonClassDescription("Where the provider is called, with which keys, and for how long.")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonDeserialize(using = TolerantJson.ProviderSpecReader.class)
@JsonSerialize(using = TolerantJson.SpecWriter.class)
@ValidationRule(
    value = "self.type != 'OpenAICompatible' || has(self.baseUrl)",
    fieldPath = ".baseUrl",
    message =
        "baseUrl is required for type OpenAICompatible: give the address that the vendor's SDK"
            + " takes, such as https://llm.example.com/v1")
@ValidationRule(
    value =
        "self.type == 'OpenAICompatible' || (has(self.credentials) && size(self.credentials) > 0)",
    fieldPath = ".credentials",
    message =
        "credentials needs at least one key for types OpenAI and Anthropic: name a Secret of this"
            + " namespace under secretKeyRef")
public record LlmProviderSpec(
    @Required
        @OneOf({"OpenAI", "Anthropic", "OpenAICompatible"})
        @JsonPropertyDescription(
            "Kind of the provider's API. OpenAICompatible is any other server that speaks OpenAI's"
                + " chat completions, such as vLLM. Required. Example: Anthropic.")
        String type,
    @Size(max = 512)
        @Pattern("^https?://[^\\s]+$")
        @ValidationRule(
            value = "!self.matches('^https?://[^/]*@')",
            message =
                "baseUrl must not hold a user name or password: put the key into a Secret and name"
                    + " it under credentials")
        @ValidationRule(
            value = "!self.matches('[?#]')",
            message = "baseUrl must not have a query or a fragment: end it before the ? or #")
        @ValidationRule(
            value = "!self.matches('%2[fF]|%5[cC]|/[.][.]?(/|$)')",
            message =
                "baseUrl must not have an encoded slash or a dot segment: write the path as it is")
        @JsonPropertyDescription(
            "Address of the API as the vendor's SDK takes it: OpenAI with /v1, Anthropic without."
                + " http or https. Default: the vendor's own; required for OpenAICompatible."
                + " Example: https://api.openai.com/v1.")
        @Nullable String baseUrl,
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 16)
        @MergedBy("name")
        @JsonPropertyDescription(
            "Keys of this account, in order: the next one is used while a hold covers only the one"
                + " before it. At least one for OpenAI and Anthropic; an OpenAICompatible server may"
                + " need none. Default: none.")
        List<Credential> credentials,
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 10)
        @ValidationRule(
            value =
                "self.all(h, !(h.lowerAscii() in ['authorization', 'proxy-authorization',"
                    + " 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie', 'set-cookie']))",
            message =
                "headers must not hold a credential: put the key into a Secret and name it under"
                    + " credentials")
        @ValidationRule(
            value =
                "self.all(h, !(h.lowerAscii() in ['host', 'content-length', 'content-type',"
                    + " 'content-encoding', 'accept', 'accept-encoding', 'connection',"
                    + " 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect',"
                    + " 'forwarded', 'x-forwarded-for', 'via']))",
            message =
                "headers must not hold a header that the gateway sets itself, such as Host or"
                    + " Content-Length: remove it")
        @ValidationRule(
            value = "self.all(h, h.matches('^[\\\\w-]+$'))",
            message = "headers have names of letters, digits, - and _ only: rename the header")
        @JsonPropertyDescription(
            "Headers added to each call, by name; never a credential. They win over the caller's,"
                + " but lists of betas (anthropic-beta, openai-beta) are joined. At most 10, values"
                + " of printable ASCII. Default: none. Example: {OpenAI-Organization: org-123}.")
        Map<String, @Size(min = 1, max = 512) @Pattern("^[ -~]*$") String> headers,
    @JsonPropertyDescription("How the provider's certificate is checked. Default: public roots.")
        @Nullable Tls tls,
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 64)
        @MergedBy("name")
        @JsonPropertyDescription(
            "Facts about this account's models. A model needs no entry to be used; facts let the"
                + " gateway skip a target that cannot hold a request. Default: none.")
        List<Model> models,
    @Default("{}") @JsonPropertyDescription("How long each part of a call may take.")
        Timeouts timeouts,
    @Default("{}")
        @JsonPropertyDescription("When failures count as an outage, and how it is waited out.")
        Health health,
    @Default("{}") @JsonPropertyDescription("The alert rules written for this provider.")
        Alerts alerts,
    @Default(Mode.ACTIVE)
        @OneOf({Mode.ACTIVE, Mode.DRAINED})
        @JsonPropertyDescription(
            "Active takes requests. Drained takes no new ones: targets of this provider are"
                + " skipped, requests in flight finish, alerts rest. Default: Active.")
        String mode,
    @Default("{}")
        @JsonPropertyDescription("Whose routes may use this provider and so spend its keys.")
        AllowedNamespaces allowedNamespaces,
    @JsonIgnore @Nullable UnreadableSpec unreadable)
    implements TolerantSpec {

  public LlmProviderSpec {
    type = unreadable == null ? Absent.refused(type, "type") : "";
    credentials = Absent.empty(credentials);
    headers = Absent.empty(headers);
    models = Absent.empty(models);
    timeouts = Absent.replaced(timeouts, Timeouts.STANDARD);
    health = Absent.replaced(health, Health.STANDARD);
    alerts = Absent.replaced(alerts, Alerts.STANDARD);
    mode = Absent.replaced(mode, Mode.ACTIVE);
    allowedNamespaces = Absent.replaced(allowedNamespaces, AllowedNamespaces.STANDARD);
  }

  /** The spec that stands for JSON that did not bind. */
  static LlmProviderSpec unreadable(UnreadableSpec why) {
    return new LlmProviderSpec(
        "",
        null,
        List.of(),
        Map.of(),
        null,
        List.of(),
        Timeouts.STANDARD,
        Health.STANDARD,
        Alerts.STANDARD,
        Mode.ACTIVE,
        AllowedNamespaces.STANDARD,
        why);
  }

  /** One key of the account. */
  public record Credential(
      @Required
          @Size(min = 1, max = 63)
          @Pattern(Names.LABEL)
          @JsonPropertyDescription(
              "Name of the key in status, metrics and logs; unique here. Required. Example: main.")
          String name,
      @Required @JsonPropertyDescription("Where the key is. Required.") SecretKeyRef secretKeyRef) {

    public Credential {
      name = Absent.refused(name, "name");
      secretKeyRef = Absent.refused(secretKeyRef, "secretKeyRef");
    }
  }

  /** How the provider's certificate is checked. */
  public record Tls(
      @Required
          @JsonPropertyDescription(
              "A PEM bundle of the authorities to trust instead of the public ones. Required.")
          SecretKeyRef caSecretRef) {

    public Tls {
      caSecretRef = Absent.refused(caSecretRef, "caSecretRef");
    }
  }

  /** Facts about one model. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "!has(self.contextWindow) || !has(self.maxOutputTokens) ||"
              + " self.maxOutputTokens <= self.contextWindow",
      fieldPath = ".maxOutputTokens",
      message =
          "maxOutputTokens must not be larger than contextWindow: lower it or raise contextWindow")
  public record Model(
      @Required
          @Size(min = 1, max = 256)
          @Pattern(Names.MODEL)
          @JsonPropertyDescription(
              "The provider's name of the model; unique here. Required."
                  + " Example: claude-sonnet-4-5.")
          String name,
      @Min(1)
          @Max(100_000_000)
          @JsonPropertyDescription(
              "Tokens that request and answer may have together. Default: not known, so that every"
                  + " request is tried. Example: 200000.")
          @Nullable Integer contextWindow,
      @Min(1)
          @Max(100_000_000)
          @JsonPropertyDescription(
              "Tokens that an answer may have. Default: not known. Example: 64000.")
          @Nullable Integer maxOutputTokens,
      @Default("false")
          @JsonPropertyDescription(
              "Whether the model thinks before it answers, and may be silent for long: streams idle"
                  + " for up to 120s then, where timeouts.idle is not set. Default: false.")
          Boolean reasoning) {

    public Model {
      name = Absent.refused(name, "name");
      reasoning = Absent.replaced(reasoning, false);
    }
  }

  /** How long each part of a call may take. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "duration(self.connect) > duration('0s') && duration(self.firstToken) > duration('0s')"
              + " && duration(self.answer) > duration('0s') && duration(self.total) >"
              + " duration('0s') && (!has(self.idle) || duration(self.idle) > duration('0s'))",
      message = "timeouts must be longer than 0s: remove the one that is 0 to get its default")
  @ValidationRule(
      value = "duration(self.connect) <= duration(self.total)",
      fieldPath = ".connect",
      message = "connect must not be longer than total: lower it or raise total")
  @ValidationRule(
      value = "duration(self.firstToken) <= duration(self.total)",
      fieldPath = ".firstToken",
      message = "firstToken must not be longer than total: lower it or raise total")
  @ValidationRule(
      value = "!has(self.idle) || duration(self.idle) <= duration(self.total)",
      fieldPath = ".idle",
      message = "idle must not be longer than total: lower it or raise total")
  @ValidationRule(
      value = "duration(self.answer) <= duration(self.total)",
      fieldPath = ".answer",
      message = "answer must not be longer than total: lower it or raise total")
  @ValidationRule(
      value = "duration(self.total) <= duration('24h')",
      fieldPath = ".total",
      message = "total must not be longer than 24h: lower it")
  public record Timeouts(
      @Default(CONNECT)
          @Size(max = DurationText.LENGTH_MAX)
          @Pattern(DurationText.FORM)
          @JsonPropertyDescription(
              "Time to open a connection, TLS included. A duration such as 250ms, 1s. Default: 1s.")
          String connect,
      @Default(FIRST_TOKEN)
          @Size(max = DurationText.LENGTH_MAX)
          @Pattern(DurationText.FORM)
          @JsonPropertyDescription(
              "Time from sending a streamed request to its first content. A duration such as 30s."
                  + " Default: 30s.")
          String firstToken,
      @Size(max = DurationText.LENGTH_MAX)
          @Pattern(DurationText.FORM)
          @JsonPropertyDescription(
              "Silence allowed inside a stream after its first content. A duration such as 20s."
                  + " Default: 20s, and 120s for models marked reasoning.")
          @Nullable String idle,
      @Default(ANSWER)
          @Size(max = DurationText.LENGTH_MAX)
          @Pattern(DurationText.FORM)
          @JsonPropertyDescription(
              "Time from sending a request that is not streamed to the end of its answer. A"
                  + " duration such as 2m. Default: 2m.")
          String answer,
      @Default(TOTAL)
          @Size(max = DurationText.LENGTH_MAX)
          @Pattern(DurationText.FORM)
          @JsonPropertyDescription(
              "Time that one call may take in all, streams included. A duration of at most 24h,"
                  + " such as 10m. Default: 10m.")
          String total) {

    static final String CONNECT = "1s";
    static final String FIRST_TOKEN = "30s";
    static final String ANSWER = "2m";
    static final String TOTAL = "10m";

    /** The timeouts of a spec that names none. */
    public static final Timeouts STANDARD = new Timeouts(CONNECT, FIRST_TOKEN, null, ANSWER, TOTAL);

    public Timeouts {
      connect = Absent.replaced(connect, CONNECT);
      firstToken = Absent.replaced(firstToken, FIRST_TOKEN);
      answer = Absent.replaced(answer, ANSWER);
      total = Absent.replaced(total, TOTAL);
    }
  }

  /** When failures count as an outage, and how it is waited out. */
  public record Health(
      @Default("{}") @JsonPropertyDescription("The share of failures from which a model is held.")
          FailureRate failureRate,
      @Default("{}")
          @JsonPropertyDescription("How long a model or the provider is held for an outage.")
          Hold hold,
      @Default(AUTO)
          @OneOf({AUTO, NEVER})
          @JsonPropertyDescription(
              "Auto asks a provider that banned this account, now and then, whether it takes it"
                  + " back: a free call, then one call of one token (at OpenAI up to 64, where the"
                  + " model may reason). Never waits for the annotation changeover.dev/clear."
                  + " Default: Auto.")
          String banProbe) {

    static final String AUTO = "Auto";
    static final String NEVER = "Never";

    /** The health settings of a spec that names none. */
    public static final Health STANDARD = new Health(FailureRate.STANDARD, Hold.STANDARD, AUTO);

    public Health {
      failureRate = Absent.replaced(failureRate, FailureRate.STANDARD);
      hold = Absent.replaced(hold, Hold.STANDARD);
      banProbe = Absent.replaced(banProbe, AUTO);
    }
  }

  /** The share of failures from which a model is held. */
  @ValidationRule(
      value = "duration(self.window) >= duration('1s') && duration(self.window) <= duration('10m')",
      fieldPath = ".window",
      message = "window must be between 1s and 10m: choose a duration in between")
  public record FailureRate(
      @Default("" + PERCENT)
          @Min(1)
          @Max(100)
          @JsonPropertyDescription(
              "Failures among the window's attempts from which a model is held, in percent."
                  + " Default: 50.")
          Integer percent,
      @Default(WINDOW)
          @Size(max = DurationText.LENGTH_MAX)
          @Pattern(DurationText.FORM)
          @JsonPropertyDescription(
              "How far back attempts are counted. A duration from 1s to 10m. Default: 30s.")
          String window,
      @Default("" + MINIMUM)
          @Min(1)
          @Max(1000)
          @JsonPropertyDescription(
              "Attempts in the window below which the share decides nothing. Default: 10.")
          Integer minimum) {

    static final int PERCENT = 50;
    static final String WINDOW = "30s";
    static final int MINIMUM = 10;

    static final FailureRate STANDARD = new FailureRate(PERCENT, WINDOW, MINIMUM);

    public FailureRate {
      percent = Absent.replaced(percent, PERCENT);
      window = Absent.replaced(window, WINDOW);
      minimum = Absent.replaced(minimum, MINIMUM);
    }
  }

  /** How long a model or the provider is held for an outage. */
  @ValidationRule(
      value = "duration(self.initial) >= duration('1s')",
      fieldPath = ".initial",
      message = "initial must be at least 1s: a shorter hold would only be a retry; raise it")
  @ValidationRule(
      value = "duration(self.initial) <= duration(self.max)",
      fieldPath = ".initial",
      message = "initial must not be longer than max: lower it or raise max")
  @ValidationRule(
      value = "duration(self.max) <= duration('24h')",
      fieldPath = ".max",
      message = "max must not be longer than 24h: lower it")
  public record Hold(
      @Default(INITIAL)
          @Size(max = DurationText.LENGTH_MAX)
          @Pattern(DurationText.FORM)
          @JsonPropertyDescription(
              "The hold in an outage's first 5 minutes; it doubles after that. A duration of at"
                  + " least 1s. Default: 30s.")
          String initial,
      @Default(MAX)
          @Size(max = DurationText.LENGTH_MAX)
          @Pattern(DurationText.FORM)
          @JsonPropertyDescription(
              "The longest hold for an outage. A duration of at most 24h. Default: 5m.")
          String max) {

    static final String INITIAL = "30s";
    static final String MAX = "5m";

    static final Hold STANDARD = new Hold(INITIAL, MAX);

    public Hold {
      initial = Absent.replaced(initial, INITIAL);
      max = Absent.replaced(max, MAX);
    }
  }

  /** The alert rules written for the provider. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Alerts(
      @Default("" + SUCCESS_RATE_BELOW)
          @Min(1)
          @Max(100)
          @JsonPropertyDescription(
              "Success rate, in percent of the attempts of 5 minutes, below which the provider is"
                  + " Degraded and LLMProviderDegraded fires. Default: 95.")
          Integer successRateBelow,
      @JsonProperty("for")
          @Default(DURATION)
          @Size(max = DurationText.LENGTH_MAX)
          @Pattern(DurationText.FORM)
          @ValidationRule(
              value = "duration(self) <= duration('24h')",
              message = "for must not be longer than 24h: lower it")
          @JsonPropertyDescription(
              "How long the success rate stays below before the alert fires, and above before it"
                  + " ends. A duration of at most 24h. Default: 5m.")
          String duration,
      @JsonInclude(JsonInclude.Include.NON_EMPTY)
          @Size(max = 8)
          @ValidationRule(
              value = "self.all(k, k.matches('^\\\\w+$') && !k.matches('^\\\\d|^__'))",
              message =
                  "labels have names of letters, digits and _ that begin with neither a digit nor"
                      + " __: rename the label")
          @ValidationRule(
              value =
                  "self.all(k, !(k in ['alertname', 'severity', 'namespace', 'provider', 'route',"
                      + " 'model', 'reason', 'credential']))",
              message =
                  "labels must not replace a label that Changeover sets, such as severity or"
                      + " provider: choose another name")
          @JsonPropertyDescription(
              "Labels added to this provider's alerts, for routing them. At most 8. Default: none."
                  + " Example: {team: ml}.")
          Map<String, @Size(max = 253) String> labels) {

    static final int SUCCESS_RATE_BELOW = 95;
    static final String DURATION = "5m";

    /** The alert settings of a spec that names none. */
    public static final Alerts STANDARD = new Alerts(SUCCESS_RATE_BELOW, DURATION, Map.of());

    public Alerts {
      successRateBelow = Absent.replaced(successRateBelow, SUCCESS_RATE_BELOW);
      duration = Absent.replaced(duration, DURATION);
      labels = Absent.empty(labels);
    }
  }

  /** Whose routes may use the provider. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "self.from != 'Names' || (has(self.names) && size(self.names) > 0)",
      fieldPath = ".names",
      message =
          "names is required with from: Names: list the namespaces whose routes may use this"
              + " provider")
  @ValidationRule(
      value = "self.from == 'Names' || !has(self.names) || size(self.names) == 0",
      fieldPath = ".names",
      message = "names goes only with from: Names: set from to Names, or remove names")
  public record AllowedNamespaces(
      @Default(SAME)
          @OneOf({SAME, ALL, NAMES})
          @JsonPropertyDescription(
              "Same allows routes of this provider's namespace, All those of every namespace, Names"
                  + " those of the namespaces under names and its own. Default: Same.")
          String from,
      @JsonInclude(JsonInclude.Include.NON_EMPTY)
          @Size(max = 64)
          @MergedBy
          @JsonPropertyDescription(
              "Namespaces whose routes may use this provider; only with from: Names."
                  + " Default: none. Example: [team-a, team-b].")
          List<@Size(min = 1, max = 63) @Pattern(Names.LABEL) String> names) {

    static final String SAME = "Same";
    static final String ALL = "All";
    static final String NAMES = "Names";

    static final AllowedNamespaces STANDARD = new AllowedNamespaces(SAME, List.of());

    public AllowedNamespaces {
      from = Absent.replaced(from, SAME);
      names = Absent.empty(names);
    }
  }
}
