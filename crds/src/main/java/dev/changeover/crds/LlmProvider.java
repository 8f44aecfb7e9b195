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

/** One account at one origin of a model provider: where to call, with which keys, and how long. */
@JsonClassDescription(
    "One account at one origin of a model provider. A second account or region is a second"
        + " LlmProvider, listed as a target of a route.")
@Group(ResourceDefinition.GROUP)
@Version(ResourceDefinition.VERSION)
@Plural("llmproviders")
@Singular("llmprovider")
@ShortNames("llmp")
@Categories({"changeover", "llm"})
@AdditionalSelectableField(jsonPath = ".spec.type")
@AdditionalSelectableField(jsonPath = ".status.state")
@AdditionalPrinterColumn(
    name = "TYPE",
    jsonPath = ".spec.type",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "STATE",
    jsonPath = ".status.state",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "REASON",
    jsonPath = ".status.reason",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "SUCCESS",
    jsonPath = ".status.window.success",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "P95",
    jsonPath = ".status.window.p95",
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
    name = "ENDPOINT",
    jsonPath = ".status.endpoint",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "ROUTES",
    jsonPath = ".status.routes",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 1)
@AdditionalPrinterColumn(
    name = "GATEWAYS",
    jsonPath = ".status.gateways",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "UNTIL",
    jsonPath = ".status.until",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "MESSAGE",
    jsonPath = ".status.message",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
public final class LlmProvider extends CustomResource<LlmProviderSpec, LlmProviderStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1L;

  /** What was written under {@code spec}: read, or the sentence saying why it cannot be read. */
  public SpecReading<LlmProviderSpec> reading() {
    return SpecReading.of(getSpec());
  }
}
