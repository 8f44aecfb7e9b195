package dev.changeover.operator.translate;

import dev.changeover.contract.ObjectName;
import dev.changeover.crds.LlmRouteSpec;
import dev.changeover.operator.model.RouteResource;
import java.util.Map;

/**
 * What a check of one route may look at.
 *
 * @param providers all that exist
 * @param owners the route that owns a model name, by namespace and model name
 */
record RouteInput(
    RouteResource resource,
    LlmRouteSpec spec,
    Map<ObjectName, ProviderStanding> providers,
    Map<ModelClaim, ObjectName> owners) {

  /** One model name in one namespace. */
  record ModelClaim(String namespace, String model) {}
}
