package dev.changeover.operator.status;

import dev.changeover.contract.HoldSet;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.RouteFigures;
import dev.changeover.contract.TargetConfig;
import dev.changeover.operator.health.FleetHealth;
import dev.changeover.operator.model.FleetModel;
import dev.changeover.operator.model.Problem;
import dev.changeover.operator.model.ResourceRef;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One pass's input, with what every resource would otherwise look for anew.
 *
 * @param views the holds as each connected gateway knows them
 * @param modelsInUse the models that routes ask of each provider
 * @param routesOf how many routes have a target of each provider
 * @param figuresOf what the gateways say of each route
 */
record Pass(
    StatusInput input,
    List<HoldSet> views,
    Map<ResourceRef, List<Problem>> problems,
    Map<ObjectName, SortedSet<String>> modelsInUse,
    Map<ObjectName, Integer> routesOf,
    Map<ObjectName, List<RouteFigures>> figuresOf) {

  static Pass of(StatusInput input) {
    Map<ObjectName, SortedSet<String>> models = new HashMap<>();
    Map<ObjectName, Integer> routes = new HashMap<>();
    for (RouteConfig route : input.translation().model().routes().values()) {
      Set<ObjectName> providers = new HashSet<>();
      for (TargetConfig target : route.targets()) {
        providers.add(target.provider());
        if (target instanceof TargetConfig.Usable) {
          models.computeIfAbsent(target.provider(), _ -> new TreeSet<>()).add(target.model());
        }
      }
      providers.forEach(provider -> routes.merge(provider, 1, Integer::sum));
    }
    Map<ResourceRef, List<Problem>> problems =
        input.translation().problems().stream().collect(Collectors.groupingBy(Problem::object));
    FleetHealth health = input.health();
    return new Pass(input, health.views(), problems, models, routes, health.routes());
  }

  FleetModel model() {
    return input.translation().model();
  }

  FleetHealth health() {
    return input.health();
  }

  Instant now() {
    return input.now();
  }

  List<Problem> problems(ResourceRef object) {
    return problems.getOrDefault(object, List.of());
  }

  List<RouteFigures> figures(ObjectName route) {
    return figuresOf.getOrDefault(route, List.of());
  }

  SortedSet<String> models(ObjectName provider) {
    return modelsInUse.getOrDefault(provider, new TreeSet<>());
  }
}
