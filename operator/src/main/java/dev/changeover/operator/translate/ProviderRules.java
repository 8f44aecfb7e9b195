package dev.changeover.operator.translate;

import dev.changeover.contract.HealthPolicy;
import dev.changeover.contract.ProviderType;
import dev.changeover.crds.LlmProviderSpec;
import dev.changeover.crds.LlmProviderSpec.Credential;
import dev.changeover.crds.LlmProviderSpec.Model;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks of one provider's own text. Most of it the schema has refused already; an object that was
 * stored under another schema is told here.
 */
final class ProviderRules {
  /** The first finding is the one that is told. */
  static final List<Function<ProviderInput, Optional<Finding>>> ALL =
      List.of(
          ProviderRules::typeIsUnknown,
          ProviderRules::modeIsUnknown,
          ProviderRules::banProbeIsUnknown,
          ProviderRules::allowedNamespacesAreUnknown,
          ProviderRules::baseUrlIsMissing,
          ProviderRules::baseUrlIsRefused,
          ProviderRules::credentialsAreMissing,
          ProviderRules::credentialsAreTooMany,
          ProviderRules::credentialNameRepeats,
          ProviderRules::headersAreTooMany,
          ProviderRules::headerIsNone,
          ProviderRules::headerIsReserved,
          ProviderRules::modelNameRepeats,
          ProviderRules::modelHasNoTokens,
          ProviderRules::alertLabelIsNone);

  private static final int CREDENTIALS_MAX = 16;
  private static final int HEADERS_MAX = 10;
  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9_-]{1,128}");
  private static final Pattern HEADER_VALUE = Pattern.compile("[ -~]{1,512}");
  private static final Pattern LABEL_NAME = Pattern.compile("(?!__)[a-zA-Z_][a-zA-Z0-9_]*");
  private static final Set<String> LABELS_OURS =
      Set.of(
          "alertname",
          "severity",
          "namespace",
          "provider",
          "route",
          "model",
          "reason",
          "credential");
  private static final Set<String> HEADERS_RESERVED =
      Set.of(
          "authorization",
          "proxy-authorization",
          "x-api-key",
          "api-key",
          "x-goog-api-key",
          "cookie",
          "set-cookie",
          "host",
          "content-length",
          "content-type",
          "content-encoding",
          "accept",
          "accept-encoding",
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "expect",
          "forwarded",
          "x-forwarded-for",
          "via");

  private ProviderRules() {}

  private static Optional<Finding> typeIsUnknown(ProviderInput input) {
    return Words.type(input.spec().type()).isPresent()
        ? Optional.empty()
        : Finding.unsupported("type is none of those known here: " + Words.types());
  }

  private static Optional<Finding> modeIsUnknown(ProviderInput input) {
    return Words.mode(input.spec().mode()).isPresent()
        ? Optional.empty()
        : Finding.unsupported("mode must be Active or Drained");
  }

  private static Optional<Finding> banProbeIsUnknown(ProviderInput input) {
    return Words.banProbe(input.spec().health().banProbe()).isPresent()
        ? Optional.empty()
        : Finding.unsupported("health.banProbe must be Auto or Never");
  }

  private static Optional<Finding> allowedNamespacesAreUnknown(ProviderInput input) {
    return switch (input.spec().allowedNamespaces().from()) {
      case "Same", "All", "Names" -> Optional.empty();
      default -> Finding.unsupported("allowedNamespaces.from must be Same, All or Names");
    };
  }

  private static Optional<Finding> baseUrlIsMissing(ProviderInput input) {
    return baseUrl(input).isPresent()
        ? Optional.empty()
        : Finding.invalid(
            "baseUrl is required for type OpenAICompatible: give the address that the vendor's"
                + " SDK takes, such as https://llm.example.com/v1");
  }

  private static Optional<Finding> baseUrlIsRefused(ProviderInput input) {
    return baseUrl(input)
        .flatMap(text ->
            switch (BaseUrl.read(text, input.origins())) {
              case BaseUrl.Read _ -> Optional.empty();
              case BaseUrl.Refused(String message) -> Finding.invalid(message);
            });
  }

  /** The address as written, else the vendor's own. */
  static Optional<String> baseUrl(ProviderInput input) {
    String written = input.spec().baseUrl();
    return written != null
        ? Optional.of(written)
        : Words.type(input.spec().type()).flatMap(BaseUrl::standard);
  }

  private static Optional<Finding> credentialsAreMissing(ProviderInput input) {
    boolean open =
        Words.type(input.spec().type()).equals(Optional.of(ProviderType.OPENAI_COMPATIBLE));
    return open || !input.spec().credentials().isEmpty()
        ? Optional.empty()
        : Finding.invalid(
            "credentials needs at least one key for types OpenAI and Anthropic: name a Secret of"
                + " this namespace under secretKeyRef");
  }

  private static Optional<Finding> credentialsAreTooMany(ProviderInput input) {
    return input.spec().credentials().size() <= CREDENTIALS_MAX
        ? Optional.empty()
        : Finding.invalid("credentials has more than " + CREDENTIALS_MAX + " keys: remove some");
  }

  private static Optional<Finding> credentialNameRepeats(ProviderInput input) {
    return repeated(input.spec().credentials().stream().map(Credential::name).toList())
        .flatMap(name -> Finding.invalid("credentials has two keys named '" + name + "'"));
  }

  private static Optional<Finding> headersAreTooMany(ProviderInput input) {
    return input.spec().headers().size() <= HEADERS_MAX
        ? Optional.empty()
        : Finding.invalid("headers has more than " + HEADERS_MAX + " entries: remove some");
  }

  private static Optional<Finding> headerIsNone(ProviderInput input) {
    boolean good =
        input.spec().headers().entrySet().stream()
            .allMatch(header ->
                HEADER_NAME.matcher(header.getKey()).matches()
                    && HEADER_VALUE.matcher(header.getValue()).matches());
    return good
        ? Optional.empty()
        : Finding.invalid(
            "headers have names of letters, digits, - and _, and values of 1 to 512 printable"
                + " characters");
  }

  private static Optional<Finding> headerIsReserved(ProviderInput input) {
    boolean reserved =
        input.spec().headers().keySet().stream()
            .anyMatch(name -> HEADERS_RESERVED.contains(name.toLowerCase(Locale.ROOT)));
    return reserved
        ? Finding.invalid(
            "headers must not hold a credential or a header that the gateway sets itself: put keys"
                + " into a Secret and name it under credentials")
        : Optional.empty();
  }

  private static Optional<Finding> modelNameRepeats(ProviderInput input) {
    return repeated(input.spec().models().stream().map(Model::name).toList())
        .flatMap(name -> Finding.invalid("models has two entries named '" + name + "'"));
  }

  private static Optional<Finding> modelHasNoTokens(ProviderInput input) {
    return input.spec().models().stream()
        .filter(model -> isBelowOne(model.contextWindow()) || isBelowOne(model.maxOutputTokens()))
        .findFirst()
        .flatMap(model ->
            Finding.invalid(
                "models: contextWindow and maxOutputTokens of '"
                    + model.name()
                    + "' must be at least 1"));
  }

  private static boolean isBelowOne(@Nullable Integer tokens) {
    return tokens != null && tokens < 1;
  }

  private static Optional<Finding> alertLabelIsNone(ProviderInput input) {
    boolean good =
        input.spec().alerts().labels().keySet().stream()
            .allMatch(name -> LABEL_NAME.matcher(name).matches() && !LABELS_OURS.contains(name));
    return good
        ? Optional.empty()
        : Finding.invalid(
            "alerts.labels have names of letters, digits and _ that begin with neither a digit nor"
                + " __, and none that Changeover sets itself, such as severity or provider: rename"
                + " the label");
  }

  /** Health settings as meant; the record refuses what is impossible. */
  static HealthPolicy health(LlmProviderSpec.Health health) {
    return new HealthPolicy(
        health.failureRate().percent(),
        Durations.read("health.failureRate.window", health.failureRate().window()),
        health.failureRate().minimum(),
        Durations.read("health.hold.initial", health.hold().initial()),
        Durations.read("health.hold.max", health.hold().max()),
        Words.banProbe(health.banProbe()).orElse(HealthPolicy.BanProbe.AUTO));
  }

  /** The first text that stands twice. */
  static Optional<String> repeated(List<String> texts) {
    Set<String> seen = new HashSet<>();
    return texts.stream().filter(text -> !seen.add(text)).findFirst();
  }
}
