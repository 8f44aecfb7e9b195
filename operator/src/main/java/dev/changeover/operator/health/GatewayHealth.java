package dev.changeover.operator.health;

import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Revision;
import dev.changeover.contract.RouteFigures;
import dev.changeover.contract.TargetFigures;
import dev.changeover.contract.UnusableObject;
import dev.changeover.operator.model.ResourceRef;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What one connected gateway has said last.
 *
 * @param revision what it serves
 * @param unusable the objects of it that this gateway cannot read, and why
 * @param rejection why it refused a later configuration as a whole
 * @param ownHolds holds that concern this gateway alone; empty until it has told them
 */
public record GatewayHealth(
    Revision revision,
    Map<ResourceRef, String> unusable,
    Optional<Rejection> rejection,
    Optional<HoldSet> ownHolds,
    List<TargetFigures> targets,
    List<RouteFigures> routes,
    Instant lastHeard) {
  /** A configuration refused as a whole. */
  public record Rejection(Revision revision, String reason) {}

  public GatewayHealth {
    unusable = Map.copyOf(unusable);
    targets = List.copyOf(targets);
    routes = List.copyOf(routes);
  }

  static GatewayHealth said(Revision revision, Instant now) {
    return new GatewayHealth(
        revision, Map.of(), Optional.empty(), Optional.empty(), List.of(), List.of(), now);
  }

  /** The same gateway after a reconnect: what it said stands until it says it anew. */
  GatewayHealth again(Revision serving, Instant now) {
    return new GatewayHealth(serving, unusable, rejection, ownHolds, targets, routes, now);
  }

  GatewayHealth applied(Revision serving, List<UnusableObject> unread, Instant now) {
    Optional<Rejection> later = rejection.filter(no -> no.revision().isNewerThan(serving));
    Map<ResourceRef, String> complaints =
        unread.stream()
            .collect(
                Collectors.toMap(
                    object -> new ResourceRef(object.kind(), object.name()),
                    UnusableObject::message,
                    (first, _) -> first));
    return new GatewayHealth(serving, complaints, later, ownHolds, targets, routes, now);
  }

  GatewayHealth rejected(Rejection refused, Instant now) {
    return new GatewayHealth(
        revision, unusable, Optional.of(refused), ownHolds, targets, routes, now);
  }

  GatewayHealth holding(HoldSet own, Instant now) {
    return new GatewayHealth(revision, unusable, rejection, Optional.of(own), targets, routes, now);
  }

  GatewayHealth counting(List<TargetFigures> ofTargets, List<RouteFigures> ofRoutes, Instant now) {
    return new GatewayHealth(revision, unusable, rejection, ownHolds, ofTargets, ofRoutes, now);
  }

  GatewayHealth heard(Instant now) {
    return new GatewayHealth(revision, unusable, rejection, ownHolds, targets, routes, now);
  }

  Optional<String> complaint(ResourceRef object) {
    return Optional.ofNullable(unusable.get(object));
  }
}
