package dev.changeover.operator.publish;

import dev.changeover.contract.ObjectName;
import dev.changeover.operator.alerts.AlertRules;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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

  private final KubernetesClient client;
  private final List<String> namespaces;
  private final WriteListener listener;
  private final Map<ObjectName, PrometheusRule> standing = new TreeMap<>();
  private final Map<ObjectName, AlertRules> refused = new TreeMap<>();
  private final Map<ObjectName, String> rejections = new TreeMap<>();
  private boolean read;

  /** A writer; {@code namespaces} are those that are watched, none for all. */
  RuleWriter(KubernetesClient client, List<String> namespaces, WriteListener listener) {
    this.client = client;
    this.namespaces = namespaces;
    this.listener = listener;
  }

  /** The rules that the API server refused, and why. */
  Map<ObjectName, String> rejections() {
    return Map.copyOf(rejections);
  }

  /**
   * Makes it so.
   *
   * @throws KubernetesClientException if the rules that stand cannot be read
   */
  void write(List<AlertRules> wanted) {
    if (!read) {
      standing().forEach(rule -> standing.put(name(rule), rule));
      read = true;
    }
    Map<ObjectName, AlertRules> byName = new TreeMap<>();
    wanted.forEach(rules -> byName.put(rules.name(), rules));
    byName.values().forEach(this::apply);
    List<ObjectName> over = new ArrayList<>(standing.keySet());
    over.removeAll(byName.keySet());
    over.forEach(this::delete);
    rejections.keySet().retainAll(byName.keySet());
    refused.keySet().retainAll(byName.keySet());
  }

  private void apply(AlertRules rules) {
    PrometheusRule wanted = AlertRulesToPrometheusRule.rule(rules);
    PrometheusRule stands = standing.get(rules.name());
    if (stands != null && same(stands, wanted)) {
      return;
    }
    if (rules.equals(refused.get(rules.name()))) {
      return; // said once; only another text is tried again
    }
    try {
      client.resource(wanted).patch(APPLY, wanted);
      standing.put(rules.name(), wanted);
      rejections.remove(rules.name());
      refused.remove(rules.name());
      listener.wrote(WriteListener.Result.DONE);
    } catch (KubernetesClientException e) {
      listener.wrote(WriteListener.Result.FAILED);
      boolean forGood =
          e.getCode() == HttpURLConnection.HTTP_BAD_REQUEST
              || e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
              || e.getCode() == 422;
      if (forGood) {
        refused.put(rules.name(), rules);
        rejections.put(rules.name(), "the API server refused it with status " + e.getCode());
      }
      log.atWarn()
          .addKeyValue("rule", rules.name())
          .addKeyValue("status", e.getCode())
          .log("alert rules not written");
    }
  }

  private void delete(ObjectName name) {
    try {
      client
          .resources(PrometheusRule.class)
          .inNamespace(name.namespace())
          .withName(name.name())
          .delete();
      standing.remove(name);
      listener.wrote(WriteListener.Result.DONE);
    } catch (KubernetesClientException e) {
      listener.wrote(WriteListener.Result.FAILED);
      log.atWarn().addKeyValue("rule", name).log("alert rules not deleted");
    }
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

  private static boolean same(PrometheusRule stands, PrometheusRule wanted) {
    return Objects.equals(stands.getSpec(), wanted.getSpec())
        && Objects.equals(stands.getMetadata().getLabels(), wanted.getMetadata().getLabels())
        && Objects.equals(
            stands.getMetadata().getOwnerReferences(), wanted.getMetadata().getOwnerReferences());
  }

  private static ObjectName name(PrometheusRule rule) {
    return new ObjectName(rule.getMetadata().getNamespace(), rule.getMetadata().getName());
  }
}
