package dev.changeover.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalSelectableField;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** Model names that callers ask for, and the targets that may answer, in order of preference. */
@JsonClassDescription(
    "Model names that callers ask for, and the targets that may answer, in order of"
        + " preference.")
@Group(ResourceDefinition.GROUP)
@Version(ResourceDefinition.VERSION)
@Plural("llmroutes")
@Singular("llmroute")
@ShortNames("llmr")
@Categories({"changeover", "llm"})
@AdditionalSelectableField(jsonPath = ".status.state")
@AdditionalPrinterColumn(
    name = "MODELS",
    jsonPath = ".status.models",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "STRATEGY",
    jsonPath = ".spec.strategy",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "STATE",
    jsonPath = ".status.state",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "SERVING",
    jsonPath = ".status.serving",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "PREFERRED",
    jsonPath = ".status.preferred",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "SINCE",
    jsonPath = ".status.since",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "READY",
    jsonPath = ".status.ready",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "CHAIN",
    jsonPath = ".status.chain",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "GATEWAYS",
    jsonPath = ".status.gateways",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "LAST-FAILOVER",
    jsonPath = ".status.lastFailover",
    type = AdditionalPrinterColumn.Type.DATE,
    priority = 1)
@AdditionalPrinterColumn(
    name = "MESSAGE",
    jsonPath = ".status.message",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
public final class LlmRoute extends CustomResource<LlmRouteSpec, LlmRouteStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1L;

  /** What was written under {@code spec}: read, or the sentence saying why it cannot be read. */
  public SpecReading<LlmRouteSpec> reading() {
    return SpecReading.of(getSpec());
  }
}
