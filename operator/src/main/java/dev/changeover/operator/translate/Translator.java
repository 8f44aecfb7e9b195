package dev.changeover.operator.translate;

import dev.changeover.contract.ObjectName;
import dev.changeover.contract.RouteConfig;
import dev.changeover.crds.LlmRouteSpec;
import dev.changeover.crds.SpecReading;
import dev.changeover.operator.model.ClusterView;
import dev.changeover.operator.model.FleetModel;
import dev.changeover.operator.model.Problem;
import dev.changeover.operator.model.ProviderModel;
import dev.changeover.operator.model.ProviderResource;
import dev.changeover.operator.model.RouteResource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a cluster's resources mean together. */
public final class Translator {
  /** Of two routes with one model name the older has it; of two equally old ones the first. */
  private static final Comparator<RouteResource> BY_AGE =
      Comparator.comparing(RouteResource::created).thenComparing(RouteResource::name);

  private final Origins origins;
  private final String defaultNamespace;

  /**
   * A translator.
   *
   * @param defaultNamespace where a caller without identity is looked up
   */
  public Translator(Origins origins, String defaultNamespace) {
    this.origins = origins;
    this.defaultNamespace = defaultNamespace;
  }

  /** The model and the problems; the same for any order in which the view was read. */
  public Translation translate(ClusterView view) {
    List<Problem> problems = new ArrayList<>();
    Map<ObjectName, ProviderStanding> standings = new TreeMap<>();
    List<ProviderModel> providers = new ArrayList<>();
    for (ProviderResource resource : view.providers()) {
      ProviderTranslation translation = ProviderTranslation.of(resource, view, origins);
      standings.put(resource.name(), translation.standing());
      problems.addAll(translation.problems());
      if (translation.standing() instanceof ProviderStanding.Usable usable) {
        providers.add(usable.model());
      }
    }
    List<RouteConfig> routes = routes(view, standings, problems);
    return new Translation(FleetModel.of(defaultNamespace, providers, routes), problems);
  }

  private static List<RouteConfig> routes(
      ClusterView view, Map<ObjectName, ProviderStanding> standings, List<Problem> problems) {
    Map<RouteInput.ModelClaim, ObjectName> owners = new HashMap<>();
    List<RouteConfig> routes = new ArrayList<>();
    for (RouteResource resource : view.routes().stream().sorted(BY_AGE).toList()) {
      switch (resource.reading()) {
        case SpecReading.Unbound<LlmRouteSpec>(String message) ->
            problems.add(new Problem(resource.ref(), Problem.Reason.INVALID_SPEC, message));
        case SpecReading.Bound<LlmRouteSpec>(LlmRouteSpec spec) -> {
          var translation =
              RouteTranslation.of(
                  new RouteInput(resource, spec, standings, Collections.unmodifiableMap(owners)));
          problems.addAll(translation.problems());
          translation
              .config()
              .ifPresent(config -> {
                routes.add(config);
                config
                    .models()
                    .forEach(model ->
                        owners.put(
                            new RouteInput.ModelClaim(config.name().namespace(), model),
                            config.name()));
              });
        }
      }
    }
    return routes;
  }
}
