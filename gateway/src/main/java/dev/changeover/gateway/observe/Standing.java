package dev.changeover.gateway.observe;

import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
import dev.changeover.contract.RouteConfig;
import java.util.List;

/** How providers and routes stand at this moment, for whoever asks for the metrics. */
public interface Standing {
  /** Whether the provider takes requests here. */
  boolean available(ObjectName provider);

  /** The holds in force here, each key and reason once. */
  List<HeldFor> holds();

  /** How a route's targets stand. */
  RouteStanding route(RouteConfig route);

  /**
   * One hold in force.
   *
   * @param credential the name of the key that is held; empty when it is not about one key
   */
  record HeldFor(ObjectName provider, String credential, Reason reason) {}

  /**
   * How a route's targets stand.
   *
   * @param failedOver whether the preferred target is not first in line
   * @param targetsAvailable targets that admit, last resort included
   */
  record RouteStanding(boolean failedOver, int targetsAvailable) {}
}
