package dev.changeover.operator.publish;

import dev.changeover.contract.ObjectName;
import dev.changeover.operator.alerts.AlertRules;
import dev.changeover.operator.model.RuleReport;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the PrometheusRules as they are wanted, and takes away those that no longer are. */
final class RuleWriter {
  private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  private static final String US = "changeover";
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(US)
          .withForce(true)
          .build();
  private static final Logger log = LoggerFactory.getLogger(RuleWriter.class);

  /** How often what stands is read anew, for what a person has deleted or edited. */
  static final Duration LOOK_PACE = Duration.ofSeconds(60);

  /** A refusal is asked for again this often: rights and judges change. */
  static final Duration REFUSED_PACE = Duration.ofSeconds(60);

  /** What failed otherwise is tried again after this. */
  static final Duration FAILED_PACE = Duration.ofSeconds(5);

  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final List<String> namespaces;
  private final InstantSource clock;
  private final WriteListener listener;
  private final Map<ObjectName, PrometheusRule> standing = new TreeMap<>();
  private final Map<ObjectName, Failure> failures = new TreeMap<>();

  /** Those that stood before they could no longer be read; whether they still do is not known. */
  private final Set<ObjectName> unconfirmed = new TreeSet<>();

  private Instant lookAgainAt = Instant.MIN;

  /**
   * A write that did not succeed.
   *
   * @param wanted the rules as they were to be; empty if they were to go
   * @param refusal why the API server does not want them; empty if it just did not take them
   */
  private record Failure(
      Optional<AlertRules> wanted, Optional<String> refusal, Instant tryAgainAt) {}

  /** A writer; {@code namespaces} are those that are watched, none for all. */
  RuleWriter(
      KubernetesClient client,
      List<String> namespaces,
      InstantSource clock,
      WriteListener listener) {
    this.client = client;
    this.namespaces = namespaces;
    this.clock = clock;
    this.listener = listener;
  }

  /** Makes it so, as far as the API server lets it. */
  RuleReport.Looked write(List<AlertRules> wanted) {
    look();
    Map<ObjectName, AlertRules> byName = new TreeMap<>();
    wanted.forEach(rules -> byName.put(rules.name(), rules));
    Set<ObjectName> installed = new TreeSet<>();
    for (AlertRules rules : byName.values()) {
      if (putInPlace(rules) && !unconfirmed.contains(rules.name())) {
        installed.add(rules.name());
      }
    }
    List<ObjectName> over = new ArrayList<>(standing.keySet());
    over.removeAll(byName.keySet());
    over.forEach(this::delete);
    failures.keySet().removeIf(name -> !byName.containsKey(name) && !standing.containsKey(name));
    Map<ObjectName, String> rejected = new TreeMap<>();
    failures.forEach(
        (name, failure) -> failure.refusal().ifPresent(why -> rejected.put(name, why)));
    return new RuleReport.Looked(installed, rejected);
  }

  /**
   * Reads what stands, now and then; what cannot be read is left as it was, and not vouched for.
   */
  private void look() {
    Instant now = clock.instant();
    if (now.isBefore(lookAgainAt)) {
      return;
    }
    try {
      List<PrometheusRule> found = standing();
      standing.clear();
      unconfirmed.clear();
      found.forEach(rule -> standing.put(name(rule), rule));
      lookAgainAt = now.plus(LOOK_PACE);
    } catch (KubernetesClientException e) {
      unconfirmed.addAll(standing.keySet());
      lookAgainAt = now.plus(pause(refusal(e.getCode())));
      listener.wrote(WriteListener.Result.FAILED);
      log.atWarn().addKeyValue("status", e.getCode()).log("alert rules not read");
    }
  }

  /** Writes the rules unless they stand as they are wanted; false if they do not stand then. */
  private boolean putInPlace(AlertRules rules) {
    PrometheusRule wanted = AlertRulesToPrometheusRule.rule(rules);
    PrometheusRule stands = standing.get(rules.name());
    if (stands != null && holds(stands, wanted)) {
      failures.remove(rules.name());
      return true;
    }
    if (mustWait(rules.name(), Optional.of(rules))) {
      return false;
    }
    try {
      client.resource(wanted).patch(APPLY, wanted);
      standing.put(rules.name(), wanted);
      unconfirmed.remove(rules.name());
      failures.remove(rules.name());
      listener.wrote(WriteListener.Result.DONE);
      return true;
    } catch (KubernetesClientException e) {
      failed(rules.name(), Optional.of(rules), e);
      return false;
    }
  }

  private void delete(ObjectName name) {
    if (mustWait(name, Optional.empty())) {
      return;
    }
    try {
      client
          .resources(PrometheusRule.class)
          .inNamespace(name.namespace())
          .withName(name.name())
          .delete();
      standing.remove(name);
      unconfirmed.remove(name);
      listener.wrote(WriteListener.Result.DONE);
    } catch (KubernetesClientException e) {
      failed(name, Optional.empty(), e);
    }
  }

  /** Whether the same was tried in vain a short while ago; another text is tried at once. */
  private boolean mustWait(ObjectName name, Optional<AlertRules> wanted) {
    Failure failure = failures.get(name);
    return failure != null
        && failure.wanted().equals(wanted)
        && clock.instant().isBefore(failure.tryAgainAt());
  }

  private void failed(
      ObjectName name, Optional<AlertRules> wanted, KubernetesClientException failure) {
    Optional<String> refusal = refusal(failure.getCode());
    failures.put(name, new Failure(wanted, refusal, clock.instant().plus(pause(refusal))));
    listener.wrote(WriteListener.Result.FAILED);
    log.atWarn()
        .addKeyValue("rule", name)
        .addKeyValue("status", failure.getCode())
        .log("alert rules not written; it is tried again");
  }

  private static Duration pause(Optional<String> refusal) {
    return refusal.isPresent() ? REFUSED_PACE : FAILED_PACE;
  }

  private static Optional<String> refusal(int status) {
    return switch (status) {
      case HttpURLConnection.HTTP_FORBIDDEN ->
          Optional.of(
              "the operator has no right to write it (status 403). Grant it; it is tried again"
                  + " every minute.");
      case HttpURLConnection.HTTP_BAD_REQUEST, UNPROCESSABLE ->
          Optional.of(
              "the API server does not take it (status %d). It is tried again every minute."
                  .formatted(status));
      default -> Optional.empty(); // a matter of time
    };
  }

  private List<PrometheusRule> standing() {
    if (namespaces.isEmpty()) {
      return client
          .resources(PrometheusRule.class)
          .inAnyNamespace()
          .withLabel(MANAGED_BY, US)
          .list()
          .getItems();
    }
    List<PrometheusRule> found = new ArrayList<>();
    namespaces.forEach(namespace ->
        found.addAll(
            client
                .resources(PrometheusRule.class)
                .inNamespace(namespace)
                .withLabel(MANAGED_BY, US)
                .list()
                .getItems()));
    return found;
  }

  /** Whether all that is wanted is there; what others added beside it is theirs. */
  private static boolean holds(PrometheusRule stands, PrometheusRule wanted) {
    ObjectMeta metadata = stands.getMetadata();
    return Objects.equals(stands.getSpec(), wanted.getSpec())
        && labels(metadata).entrySet().containsAll(labels(wanted.getMetadata()).entrySet())
        && metadata.getOwnerReferences().containsAll(wanted.getMetadata().getOwnerReferences());
  }

  private static Map<String, String> labels(ObjectMeta metadata) {
    return metadata.getLabels() == null ? Map.of() : metadata.getLabels();
  }

  private static ObjectName name(PrometheusRule rule) {
    return new ObjectName(rule.getMetadata().getNamespace(), rule.getMetadata().getName());
  }
}
