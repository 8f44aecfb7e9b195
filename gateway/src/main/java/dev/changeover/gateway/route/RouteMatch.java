package dev.changeover.gateway.route;

import dev.changeover.contract.RouteConfig;

/** Which route answers a model's name. */
public sealed interface RouteMatch {
  record Matched(RouteConfig route) implements RouteMatch {}

  /** No route of the namespace claims the name. */
  record UnknownModel(String model) implements RouteMatch {}

  /** A person took the route out of service. */
  record Drained(RouteConfig route) implements RouteMatch {}
}
