package dev.changeover.local.cluster;

import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Revision;
import dev.changeover.gateway.channel.ChannelKeys;
import dev.changeover.gateway.channel.FleetLink;
import dev.changeover.gateway.channel.GatewaySide;
import dev.changeover.gateway.config.ConfigStore;
import dev.changeover.gateway.config.RoutingTable;
import dev.changeover.gateway.config.Taken;
import dev.changeover.gateway.health.HealthBoard;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A gateway's inner half: everything that the operator can see of one, and no HTTP. */
final class TestGateway implements GatewaySide, AutoCloseable {
  private final String name;
  private final ConfigStore store = new ConfigStore();
  private final HealthBoard board = new HealthBoard(InstantSource.system(), new Random(1));
  private final FleetLink link;

  TestGateway(String name, Integer... operatorPorts) {
    this(
        name,
        Stream.of(operatorPorts).map(port -> URI.create("http://127.0.0.1:" + port)).toList(),
        ChannelKeys.NONE);
  }

  TestGateway(String name, List<URI> operators, ChannelKeys keys) {
    this.name = name;
    store.onChange(table -> board.configured(table.config()));
    link =
        new FleetLink(
            operators,
            keys,
            this,
            InstantSource.system(),
            System::nanoTime,
            new Random(name.hashCode()));
    board.onFleetHoldsChanged(_ -> link.fleetHoldsChanged());
    board.onOwnHoldsChanged(_ -> link.ownHoldsChanged());
    link.start();
  }

  RoutingTable table() {
    return store.current();
  }

  boolean holds(HoldKey key) {
    return board.fleetHolds().inForce(key, Instant.now()).isPresent();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Revision revision() {
    return store.current().revision();
  }

  @Override
  public ChannelMessage.Up take(ChannelMessage.Config config) {
    return switch (store.offer(config.revision(), config.fleet(), config.credentials())) {
      case Taken.Applied applied ->
          new ChannelMessage.Applied(applied.revision(), applied.unusable());
      case Taken.Older(Revision current) -> new ChannelMessage.Applied(current, List.of());
      case Taken.Rejected(String reason) -> new ChannelMessage.Rejected(config.revision(), reason);
    };
  }

  @Override
  public void calledCurrent(Revision revision) {}

  @Override
  public void join(HoldSet fleetHolds) {
    board.joinFleet(fleetHolds);
  }

  @Override
  public HoldSet fleetHolds() {
    return board.fleetHolds();
  }

  @Override
  public HoldSet ownHolds() {
    return board.ownHolds();
  }

  @Override
  public ChannelMessage.Figures figures() {
    return new ChannelMessage.Figures(List.of(), List.of());
  }

  @Override
  public void probe(HoldKey key) {
    throw new IllegalStateException("no probe is due within these tests");
  }

  @Override
  public void close() {
    link.close();
  }
}
