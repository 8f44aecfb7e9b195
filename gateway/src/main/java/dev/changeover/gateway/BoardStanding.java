package dev.changeover.gateway;

import dev.changeover.contract.HoldKey;
import dev.changeover.contract.KeyRef;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.TargetConfig;
import dev.changeover.gateway.config.ConfigStore;
import dev.changeover.gateway.health.Admission;
import dev.changeover.gateway.health.HealthBoard;
import dev.changeover.gateway.health.HealthView;
import dev.changeover.gateway.health.HoldInForce;
import dev.changeover.gateway.observe.Standing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the health board holds, told in the words of the metrics. */
final class BoardStanding implements Standing {
  private final ConfigStore config;
  private final HealthBoard health;
  private final InstantSource clock;

  BoardStanding(ConfigStore config, HealthBoard health, InstantSource clock) {
    this.config = config;
    this.health = health;
    this.clock = clock;
  }

  @Override
  public boolean available(ObjectName provider) {
    return health.available(provider);
  }

  @Override
  public List<HeldFor> holds() {
    return health.inForce(clock.instant()).stream().map(this::heldFor).toList();
  }

  @Override
  public RouteStanding route(RouteConfig route) {
    HealthView view = health.view();
    Instant now = clock.instant();
    List<Boolean> inLine =
        route.targets().stream().map(target -> isInLine(target, view, now)).toList();
    long available =
        route.targets().stream().filter(target -> mayBeTried(target, view, now)).count();
    boolean preferredIsOut = !inLine.isEmpty() && !inLine.getFirst();
    boolean failedOver =
        switch (route.strategy()) {
          case PRIORITY -> preferredIsOut && inLine.contains(true);
          case ROUND_ROBIN, LEAST_LATENCY -> false; // no target is preferred
        };
    return new RouteStanding(failedOver, (int) available);
  }

  private HeldFor heldFor(HoldInForce held) {
    String credential =
        switch (held.key()) {
          case HoldKey.OfCredential(ObjectName provider, String keyId) ->
              config.current().provider(provider).stream()
                  .flatMap(known -> known.keys().stream())
                  .filter(key -> key.keyId().equals(keyId))
                  .map(KeyRef::name)
                  .findFirst()
                  .orElse("other");
          case HoldKey.OfProvider _, HoldKey.OfModel _ -> "";
        };
    return new HeldFor(held.key().provider(), credential, held.hold().reason());
  }

  private boolean isInLine(TargetConfig target, HealthView view, Instant now) {
    return admissions(target, view, now)
        .anyMatch(admission ->
            switch (admission) {
              case Admission.Admitting _, Admission.ProbeDue _ -> true;
              case Admission.Held _, Admission.Probing _ -> false;
            });
  }

  private boolean mayBeTried(TargetConfig target, HealthView view, Instant now) {
    return admissions(target, view, now)
        .anyMatch(admission ->
            switch (admission) {
              case Admission.Admitting _, Admission.ProbeDue _ -> true;
              case Admission.Held held -> held.soft();
              case Admission.Probing probing -> probing.soft();
            });
  }

  private Stream<Admission> admissions(TargetConfig target, HealthView view, Instant now) {
    return switch (target) {
      case TargetConfig.Unusable _ -> Stream.empty();
      case TargetConfig.Usable usable ->
          config.current().provider(usable.provider()).stream()
              .flatMap(provider ->
                  keys(provider).map(key -> view.admission(provider, key, usable.model(), now)));
    };
  }

  private static Stream<Optional<KeyRef>> keys(ProviderConfig provider) {
    return switch (provider.mode()) {
      case DRAINED -> Stream.empty();
      case ACTIVE ->
          provider.keys().isEmpty()
              ? Stream.of(Optional.empty())
              : provider.keys().stream().map(Optional::of);
    };
  }
}
