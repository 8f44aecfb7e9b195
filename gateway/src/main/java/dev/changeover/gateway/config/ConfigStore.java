package dev.changeover.gateway.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.contract.Bundle;
import dev.changeover.contract.ContractJson;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.FleetReading;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Revision;
import dev.changeover.contract.UnusableObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table that serves now. A newer revision replaces it whole; everything else leaves it. */
public final class ConfigStore {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigStore.class);

  /** A table and what was said of it: one value, so that no reader sees halves of two. */
  private record Serving(RoutingTable table, Optional<Taken.Applied> applied) {}

  private final ReentrantLock writing = new ReentrantLock();
  private final List<Consumer<RoutingTable>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<Bundle>> keepers = new CopyOnWriteArrayList<>();
  private volatile Serving serving = new Serving(RoutingTable.empty(), Optional.empty());

  /** The table that serves; an empty one before the first configuration. */
  public RoutingTable current() {
    return serving.table();
  }

  public boolean hasConfig() {
    return serving.applied().isPresent();
  }

  /** What was said of the table that serves, to be said again after a reconnect. */
  public Optional<Taken.Applied> applied() {
    return serving.applied();
  }

  /** Calls the listener after each change, in the order of the changes; others follow as well. */
  public void onChange(Consumer<RoutingTable> listener) {
    listeners.add(listener);
  }

  /** Tells the keeper each configuration that was applied, as it came; it knows no holds. */
  void onApplied(Consumer<Bundle> keeper) {
    keepers.add(keeper);
  }

  /** Takes a configuration if it is newer and can be read. */
  public Taken offer(Revision revision, JsonNode fleet, Credentials credentials) {
    writing.lock();
    try {
      Revision current = serving.table().revision();
      if (!revision.isNewerThan(current)) {
        return new Taken.Older(current);
      }
      return switch (ContractJson.readFleet(fleet)) {
        case FleetReading.Refused(String reason) -> new Taken.Rejected(reason);
        case FleetReading.Understood understood -> {
          Taken.Applied applied = apply(revision, understood, credentials);
          var bundle = new Bundle(revision, fleet, credentials, HoldSet.EMPTY);
          keepers.forEach(keeper -> keeper.accept(bundle));
          yield applied;
        }
      };
    } finally {
      writing.unlock();
    }
  }

  private Taken.Applied apply(
      Revision revision, FleetReading.Understood understood, Credentials credentials) {
    RoutingTable table = RoutingTable.of(revision, understood.config(), credentials);
    List<UnusableObject> unusable = new ArrayList<>(understood.unusable());
    unusable.addAll(table.keyless());
    Taken.Applied applied = new Taken.Applied(revision, unusable);
    serving = new Serving(table, Optional.of(applied));
    listeners.forEach(listener -> tell(listener, table));
    return applied;
  }

  /** A listener's mistake is logged and keeps no other from following the table that serves. */
  private static void tell(Consumer<RoutingTable> listener, RoutingTable table) {
    try {
      listener.accept(table);
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("revision", table.revision())
          .setCause(withoutMessage(e))
          .log("configuration applied in part: one that follows it has failed");
    }
  }

  /** What went wrong and where; a message might quote a route's own prompt. */
  private static Throwable withoutMessage(RuntimeException mistake) {
    var place = new IllegalStateException(mistake.getClass().getName());
    place.setStackTrace(mistake.getStackTrace());
    return place;
  }
}
