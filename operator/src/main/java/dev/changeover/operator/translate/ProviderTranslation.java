package dev.changeover.operator.translate;

import dev.changeover.contract.ApiKey;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ModelFacts;
import dev.changeover.contract.ProviderType;
import dev.changeover.contract.Timeouts;
import dev.changeover.crds.LlmProviderSpec;
import dev.changeover.crds.LlmProviderSpec.Credential;
import dev.changeover.crds.LlmProviderSpec.Model;
import dev.changeover.crds.SpecReading;
import dev.changeover.operator.model.AlertSettings;
import dev.changeover.operator.model.ClusterView;
import dev.changeover.operator.model.Problem;
import dev.changeover.operator.model.ProviderKey;
import dev.changeover.operator.model.ProviderModel;
import dev.changeover.operator.model.ProviderResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one provider means, and what is wrong with it. */
record ProviderTranslation(ProviderStanding standing, List<Problem> problems) {
  ProviderTranslation {
    problems = List.copyOf(problems);
  }

  static ProviderTranslation of(ProviderResource resource, ClusterView view, Origins origins) {
    return switch (resource.reading()) {
      case SpecReading.Unbound<LlmProviderSpec>(String message) ->
          new ProviderTranslation(
              new ProviderStanding.Unreadable(),
              List.of(new Problem(resource.ref(), Problem.Reason.INVALID_SPEC, message)));
      case SpecReading.Bound<LlmProviderSpec>(LlmProviderSpec spec) ->
          checked(new ProviderInput(resource, spec, view, origins));
    };
  }

  private static ProviderTranslation checked(ProviderInput input) {
    Optional<Finding> finding = Finding.first(ProviderRules.ALL, input);
    if (finding.isPresent()) {
      return closed(input, finding.get());
    }
    try {
      return resolved(input);
    } catch (IllegalArgumentException e) { // the contract's records refuse what is impossible
      return closed(
          input, new Finding(Problem.Reason.INVALID_SPEC, String.valueOf(e.getMessage())));
    }
  }

  private static ProviderTranslation closed(ProviderInput input, Finding finding) {
    return new ProviderTranslation(
        new ProviderStanding.Closed(finding.reason(), input.spec().allowedNamespaces()),
        List.of(finding.of(input.resource().ref())));
  }

  private static ProviderTranslation resolved(ProviderInput input) {
    List<Finding> missing = new ArrayList<>();
    Optional<String> caPem = caPem(input, missing);
    boolean trusted = missing.isEmpty();
    List<ProviderKey> keys = keys(input, missing);
    ProviderModel model = model(input, keys, caPem);
    boolean opened = input.spec().credentials().isEmpty() || !keys.isEmpty();
    if (!trusted || !opened) {
      return closed(input, missing.getFirst());
    }
    return new ProviderTranslation(
        new ProviderStanding.Usable(model, input.spec().allowedNamespaces()),
        missing.stream().limit(1).map(finding -> finding.of(input.resource().ref())).toList());
  }

  private static Optional<String> caPem(ProviderInput input, List<Finding> missing) {
    LlmProviderSpec.@Nullable Tls tls = input.spec().tls();
    if (tls == null) {
      return Optional.empty();
    }
    return switch (SecretValue.certificates(input, "tls.caSecretRef", tls.caSecretRef())) {
      case SecretValue.Found<String>(String pem) -> Optional.of(pem);
      case SecretValue.Missing<String>(Finding finding) -> {
        missing.add(finding);
        yield Optional.empty();
      }
    };
  }

  private static List<ProviderKey> keys(ProviderInput input, List<Finding> missing) {
    List<ProviderKey> keys = new ArrayList<>();
    for (Credential credential : input.spec().credentials()) {
      String field = "credential " + credential.name();
      switch (SecretValue.apiKey(input, field, credential.secretKeyRef())) {
        case SecretValue.Found<ApiKey>(ApiKey key) ->
            keys.add(ProviderKey.of(credential.name(), input.resource().uid(), key));
        case SecretValue.Missing<ApiKey>(Finding finding) -> missing.add(finding);
      }
    }
    return keys;
  }

  private static ProviderModel model(
      ProviderInput input, List<ProviderKey> keys, Optional<String> caPem) {
    LlmProviderSpec spec = input.spec();
    ProviderType type = Words.type(spec.type()).orElseThrow(IllegalArgumentException::new);
    String written = ProviderRules.baseUrl(input).orElseThrow(IllegalArgumentException::new);
    return switch (BaseUrl.read(written, input.origins())) {
      case BaseUrl.Refused(String message) -> throw new IllegalArgumentException(message);
      case BaseUrl.Read(var uri) ->
          new ProviderModel(
              input.resource().name(),
              input.resource().uid(),
              type,
              uri,
              keys,
              new TreeMap<>(spec.headers()),
              caPem,
              spec.models().stream().map(ProviderTranslation::facts).toList(),
              timeouts(spec.timeouts()),
              ProviderRules.health(spec.health()),
              Words.mode(spec.mode()).orElse(Mode.ACTIVE),
              alerts(spec.alerts()));
    };
  }

  private static ModelFacts facts(Model model) {
    return new ModelFacts(
        model.name(),
        optional(model.contextWindow()),
        optional(model.maxOutputTokens()),
        model.reasoning());
  }

  private static OptionalInt optional(@Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  private static Timeouts timeouts(LlmProviderSpec.Timeouts timeouts) {
    @Nullable String idle = timeouts.idle();
    return new Timeouts(
        Durations.read("timeouts.connect", timeouts.connect()),
        Durations.read("timeouts.firstToken", timeouts.firstToken()),
        idle == null ? Timeouts.DEFAULT.idle() : Durations.read("timeouts.idle", idle),
        Durations.read("timeouts.answer", timeouts.answer()),
        Durations.read("timeouts.total", timeouts.total()));
  }

  private static AlertSettings alerts(LlmProviderSpec.Alerts alerts) {
    return new AlertSettings(
        alerts.successRateBelow(),
        Durations.read("alerts.for", alerts.duration()),
        new TreeMap<>(alerts.labels()));
  }
}
