package dev.changeover.operator.channel;

import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.HoldSet;
import dev.changeover.operator.health.FleetHealth;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * The fleet's health as it is now, changed by one hand at a time. News about holds is told in the
 * order in which it came, before anybody else can add to it.
 */
public final class FleetBoard implements ChannelListener {
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final Runnable wake;
  private final Consumer<Duration> holdDelays;
  private final List<Consumer<HoldSet>> holdListeners = new ArrayList<>();
  private final HoldDelay delay = new HoldDelay();
  private FleetHealth current;

  /**
   * An empty board.
   *
   * @param wake called when something has changed that a status could show; it must not block
   * @param holdDelays told how long a hold took to the last gateway
   */
  public FleetBoard(
      InstantSource clock, LongSupplier nanoClock, Runnable wake, Consumer<Duration> holdDelays) {
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.wake = wake;
    this.holdDelays = holdDelays;
    this.current = FleetHealth.startedAt(clock.instant());
  }

  /** Tells the listener the fleet's holds whenever they change; it must not block. */
  public synchronized void onHolds(Consumer<HoldSet> listener) {
    holdListeners.add(listener);
    listener.accept(current.holds());
  }

  public synchronized FleetHealth current() {
    return current;
  }

  /** Changes the picture, and tells the holds if they are others then. */
  public synchronized FleetHealth update(UnaryOperator<FleetHealth> change) {
    HoldSet before = current.holds();
    current = change.apply(current);
    if (!current.holds().equals(before)) {
      holdListeners.forEach(listener -> listener.accept(current.holds()));
    }
    return current;
  }

  @Override
  public void heard(String gateway, ChannelMessage.Up message) {
    synchronized (this) {
      HoldSet before = current.holds();
      update(health -> health.with(gateway, message, clock.instant()));
      if (!current.holds().equals(before)) {
        delay.begin(current.holds(), current.gateways().keySet(), nanoClock.getAsLong());
      }
      if (message instanceof ChannelMessage.Holds(_, HoldSet told)) {
        delay.heard(gateway, told, nanoClock.getAsLong()).ifPresent(holdDelays);
      }
    }
    wake.run();
  }

  @Override
  public void gone(String gateway) {
    synchronized (this) {
      delay.gone(gateway);
      update(health -> health.without(gateway));
    }
    wake.run();
  }
}
