package dev.changeover.gateway;

import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Revision;
import dev.changeover.gateway.attempt.ProbeRunner;
import dev.changeover.gateway.channel.GatewaySide;
import dev.changeover.gateway.config.ConfigStore;
import dev.changeover.gateway.config.Taken;
import dev.changeover.gateway.health.HealthBoard;
import dev.changeover.gateway.meter.FigureBook;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A gateway as its control channel sees it. */
final class ChannelSide implements GatewaySide {
  private final String name;
  private final ConfigStore config;
  private final HealthBoard health;
  private final FigureBook figures;
  private final ProbeRunner probes;
  private final InstantSource clock;
  private final AtomicReference<Optional<Instant>> confirmed =
      new AtomicReference<>(Optional.empty());

  ChannelSide(
      String name,
      ConfigStore config,
      HealthBoard health,
      FigureBook figures,
      ProbeRunner probes,
      InstantSource clock) {
    this.name = name;
    this.config = config;
    this.health = health;
    this.figures = figures;
    this.probes = probes;
    this.clock = clock;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Revision revision() {
    return config.current().revision();
  }

  @Override
  public ChannelMessage.Up take(ChannelMessage.Config message) {
    Taken taken = config.offer(message.revision(), message.fleet(), message.credentials());
    calledCurrent(message.revision());
    return switch (taken) {
      case Taken.Applied applied ->
          new ChannelMessage.Applied(applied.revision(), applied.unusable());
      case Taken.Older(Revision current) ->
          config
              .applied()
              .map(said -> new ChannelMessage.Applied(said.revision(), said.unusable()))
              .orElseGet(() -> new ChannelMessage.Applied(current, List.of()));
      case Taken.Rejected(String reason) -> new ChannelMessage.Rejected(message.revision(), reason);
    };
  }

  @Override
  public void calledCurrent(Revision current) {
    if (current.equals(revision())) {
      Instant now = clock.instant();
      confirmed.updateAndGet(
          before -> before.filter(last -> last.isAfter(now)).or(() -> Optional.of(now)));
    }
  }

  @Override
  public void join(HoldSet fleetHolds) {
    health.joinFleet(fleetHolds);
  }

  @Override
  public HoldSet fleetHolds() {
    return health.fleetHolds();
  }

  @Override
  public HoldSet ownHolds() {
    return health.ownHolds();
  }

  @Override
  public ChannelMessage.Figures figures() {
    return figures.figures(clock.instant());
  }

  @Override
  public void probe(HoldKey key) {
    probes.probe(key);
  }

  /** When the leader last called what serves here current; it never goes back. */
  Optional<Instant> confirmed() {
    return confirmed.get();
  }
}
