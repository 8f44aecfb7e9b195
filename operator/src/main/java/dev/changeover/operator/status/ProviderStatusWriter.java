package dev.changeover.operator.status;

import dev.changeover.contract.Evidence;
import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Scope;
import dev.changeover.crds.LlmProviderStatus;
import dev.changeover.crds.LlmProviderStatus.LastFailure;
import dev.changeover.crds.Transition;
import dev.changeover.operator.health.Acknowledgement;
import dev.changeover.operator.model.ConditionType;
import dev.changeover.operator.model.ProviderModel;
import dev.changeover.operator.model.ProviderResource;
import dev.changeover.operator.model.RuleReport;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One provider's status in the words of the resource. */
final class ProviderStatusWriter {
  /** Holds shown; more tell nothing that the state does not. */
  private static final int HOLDS_MAX = 20;

  private ProviderStatusWriter() {}

  static LlmProviderStatus status(
      Pass pass, ProviderResource resource, Optional<LlmProviderStatus> before) {
    ProviderVerdict verdict = ProviderVerdict.of(pass, resource, before);
    Optional<ProviderModel> model = pass.model().provider(resource.name());
    Acknowledgement acknowledgement =
        pass.health().acknowledgement(resource.ref(), pass.input().view().gateways());
    Conditions conditions = conditions(pass, resource, before, verdict, acknowledgement);
    Transitions transitions = transitions(pass, before, verdict);
    return LlmProviderStatus.builder()
        .observedGeneration(resource.generation())
        .state(verdict.state().word())
        .reason(verdict.reason().orElse(null))
        .ready(conditions.draft(ConditionType.READY).map(Conditions.Draft::status).orElse(null))
        .since(transitions.since())
        .until(verdict.hold().map(held -> until(held.hold())).orElse(null))
        .message(conditions.message(verdict.message()))
        .endpoint(model.map(provider -> host(provider.baseUrl())).orElse(null))
        .routes(pass.routesOf().getOrDefault(resource.name(), 0))
        .gateways(Gateways.text(acknowledgement))
        .window(Figures.window(pass.health().window(resource.name())))
        .lastFailure(lastFailure(pass, resource.name(), model, before))
        .holds(model.map(provider -> holds(pass, provider)).orElse(List.of()))
        .transitions(transitions.all())
        .lastHandledClear(clear(resource, before))
        .conditions(conditions.build())
        .build();
  }

  private static Conditions conditions(
      Pass pass,
      ProviderResource resource,
      Optional<LlmProviderStatus> before,
      ProviderVerdict verdict,
      Acknowledgement acknowledgement) {
    Conditions conditions =
        new Conditions(
            pass.now(),
            resource.generation(),
            before.map(LlmProviderStatus::conditions).orElse(List.of()));
    conditions.setProblems(pass.problems(resource.ref()));
    conditions.setProgrammed(acknowledgement);
    conditions.set(ConditionType.AVAILABLE, verdict.available());
    conditions.setReady();
    boolean watched =
        pass.model()
            .provider(resource.name())
            .filter(provider -> provider.mode() == Mode.ACTIVE)
            .isPresent();
    conditions.setAlerts(pass.input(), RuleReport.ruleOf(resource.name()), watched);
    return conditions;
  }

  private static Transitions transitions(
      Pass pass, Optional<LlmProviderStatus> before, ProviderVerdict verdict) {
    @Nullable String state = before.map(LlmProviderStatus::state).orElse(null);
    @Nullable String since = before.map(LlmProviderStatus::since).orElse(null);
    List<Transition> so = before.map(LlmProviderStatus::transitions).orElse(List.of());
    return Transitions.next(
        state,
        since,
        so,
        Transitions.to(pass.now(), state, verdict.state().word(), verdict.reason().orElse(null)));
  }

  private static String until(Hold hold) {
    return hold.until().map(end -> Times.end(hold.since(), end)).orElse("no end");
  }

  private static String host(URI baseUrl) {
    return baseUrl.getPort() < 0 ? baseUrl.getHost() : baseUrl.getHost() + ":" + baseUrl.getPort();
  }

  private static @Nullable String clear(
      ProviderResource resource, Optional<LlmProviderStatus> before) {
    @Nullable String asked = resource.annotations().get(Clears.ANNOTATION);
    return asked != null ? asked : before.map(LlmProviderStatus::lastHandledClear).orElse(null);
  }

  private static List<LlmProviderStatus.Hold> holds(Pass pass, ProviderModel provider) {
    SortedMap<HoldKey, List<Hold>> held = new TreeMap<>();
    for (HoldSet view : pass.views()) {
      for (HoldKey key : view.entries().keySet()) {
        if (key.provider().equals(provider.name()) && exists(key, provider)) {
          Held.inForce(pass, view, key, provider)
              .ifPresent(
                  found -> held.computeIfAbsent(key, _ -> new ArrayList<>()).add(found.hold()));
        }
      }
    }
    return held.entrySet().stream()
        .limit(HOLDS_MAX)
        .map(entry -> hold(pass, provider, entry.getKey(), entry.getValue()))
        .toList();
  }

  /** A hold against a key that is no longer the account's concerns nobody. */
  private static boolean exists(HoldKey key, ProviderModel provider) {
    return switch (key) {
      case HoldKey.OfProvider _, HoldKey.OfModel _ -> true;
      case HoldKey.OfCredential(_, String keyId) ->
          provider.keys().stream().anyMatch(own -> own.ref().keyId().equals(keyId));
    };
  }

  private static LlmProviderStatus.Hold hold(
      Pass pass, ProviderModel provider, HoldKey key, List<Hold> held) {
    Hold first = held.getFirst();
    return new LlmProviderStatus.Hold(
        scope(key.scope()),
        key instanceof HoldKey.OfCredential(ObjectName _, String keyId)
            ? Sentences.keyName(provider, keyId)
            : null,
        key instanceof HoldKey.OfModel(ObjectName _, String model) ? model : null,
        first.reason().word(),
        Times.text(first.since()),
        first.until().map(Times::text).orElse(null),
        pass.health().gateways().isEmpty()
            ? null
            : Sentences.heldBy(held.size(), pass.views().size()));
  }

  private static String scope(Scope scope) {
    return switch (scope) {
      case PROVIDER -> "Provider";
      case CREDENTIAL -> "Credential";
      case MODEL -> "Model";
      case REQUEST -> throw new IllegalStateException("nothing is held for a request");
    };
  }

  /** The newest failure that a hold tells of, over or not, or the one that was told before. */
  private static @Nullable LastFailure lastFailure(
      Pass pass,
      ObjectName name,
      Optional<ProviderModel> model,
      Optional<LlmProviderStatus> before) {
    Optional<Held> newest =
        pass.views().stream()
            .flatMap(view -> view.entries().entrySet().stream())
            .filter(entry -> entry.getKey().provider().equals(name))
            .flatMap(entry ->
                entry.getValue().holds().stream().map(hold -> new Held(entry.getKey(), hold)))
            .max(
                Comparator.comparing((Held held) -> held.hold().since())
                    .thenComparing(held -> held.key()));
    @Nullable LastFailure told = before.map(LlmProviderStatus::lastFailure).orElse(null);
    if (newest.isEmpty()) {
      return told;
    }
    LastFailure found = failure(newest.get(), model);
    boolean older =
        told != null
            && Times.parse(told.time())
                .filter(time -> time.isAfter(newest.get().hold().since()))
                .isPresent();
    return older ? told : found;
  }

  private static LastFailure failure(Held held, Optional<ProviderModel> provider) {
    Evidence evidence = held.hold().evidence();
    return new LastFailure(
        Times.text(held.hold().since()),
        held.hold().reason().word(),
        held.key() instanceof HoldKey.OfModel(ObjectName _, String model) ? model : null,
        held.key() instanceof HoldKey.OfCredential(ObjectName _, String keyId)
            ? provider.map(known -> Sentences.keyName(known, keyId)).orElse(keyId)
            : null,
        evidence.status() == 0 ? null : evidence.status(),
        orNull(evidence.type()),
        orNull(evidence.code()),
        orNull(evidence.rule()),
        orNull(evidence.sentence()));
  }

  private static @Nullable String orNull(String text) {
    return Objects.requireNonNull(text).isEmpty() ? null : text;
  }
}
