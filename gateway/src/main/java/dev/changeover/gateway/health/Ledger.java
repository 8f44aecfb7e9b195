package dev.changeover.gateway.health;

import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.KeyRef;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.ProviderConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * All holds and leases at one moment, immutable: each change is another ledger.
 *
 * @param fleet what every gateway holds
 * @param own what this gateway holds alone
 * @param breakers the keys that do not simply admit
 * @param learned the version at which a key's holds became known here: an attempt that began before
 *     says nothing about them
 * @param version counts the changes
 */
record Ledger(
    HoldSet fleet,
    HoldSet own,
    Map<HoldKey, Breaker> breakers,
    Map<HoldKey, Long> learned,
    long version) {
  static final Ledger EMPTY = new Ledger(HoldSet.EMPTY, HoldSet.EMPTY, Map.of(), Map.of(), 0);

  /** A lease that is not given back is over after this time: its attempt counts as lost. */
  static final Duration LEASE = Duration.ofMinutes(1);

  /** The keys that a call falls under, from wide to narrow. */
  static List<HoldKey> keys(ObjectName provider, Optional<KeyRef> key, String model) {
    var whole = new HoldKey.OfProvider(provider);
    var ofModel = new HoldKey.OfModel(provider, model);
    return key.<List<HoldKey>>map(
            ref -> List.of(whole, new HoldKey.OfCredential(provider, ref.keyId()), ofModel))
        .orElseGet(() -> List.of(whole, ofModel));
  }

  Breaker breaker(HoldKey key, Instant now) {
    Breaker breaker = breakers.get(key);
    if (breaker == null) {
      return Breaker.Admitting.ADMITTING;
    }
    return switch (breaker) {
      case Breaker.Admitting admitting -> admitting;
      case Breaker.Held held -> held;
      case Breaker.Probing probing -> probing.at(now);
    };
  }

  /** Whether a call may be made: the strictest of what its keys say. */
  Admission admission(ProviderConfig provider, Optional<KeyRef> key, String model, Instant now) {
    if (breakers.isEmpty()) {
      return new Admission.Admitting();
    }
    Admission strictest = new Admission.Admitting();
    for (HoldKey holdKey : keys(provider.name(), key, model)) {
      Admission one = admission(holdKey, provider.fingerprint(), now);
      if (strictness(one) > strictness(strictest) || endsLater(one, strictest)) {
        strictest = one;
      }
    }
    return strictest;
  }

  private Admission admission(HoldKey key, String fingerprint, Instant now) {
    return switch (breaker(key, now)) {
      case Breaker.Admitting _ -> new Admission.Admitting();
      case Breaker.Held held -> admission(held, key, fingerprint, now);
      case Breaker.Probing probing -> {
        Breaker.Cause cause = probing.held().prevailing();
        yield new Admission.Probing(cause.hold().reason(), key.scope(), cause.soft());
      }
    };
  }

  private static Admission admission(
      Breaker.Held held, HoldKey key, String fingerprint, Instant now) {
    if (held.outdated(fingerprint)) {
      return new Admission.Admitting();
    }
    return held.inForce(fingerprint, now)
        .<Admission>map(cause ->
            new Admission.Held(
                cause.hold().reason(), cause.hold().until(), key.scope(), cause.soft()))
        .orElseGet(() -> new Admission.ProbeDue(key, held.prevailing().hold().reason()));
  }

  private static int strictness(Admission admission) {
    return switch (admission) {
      case Admission.Admitting _ -> 0;
      case Admission.ProbeDue _ -> 1;
      case Admission.Probing probing -> probing.soft() ? 2 : 4;
      case Admission.Held held -> held.soft() ? 3 : 5;
    };
  }

  private static boolean endsLater(Admission one, Admission other) {
    return one instanceof Admission.Held held
        && other instanceof Admission.Held than
        && held.soft() == than.soft()
        && held.until().orElse(Instant.MAX).isAfter(than.until().orElse(Instant.MAX));
  }

  /** This ledger with one more hold. */
  Ledger held(HoldKey key, Hold hold, boolean fleetWide) {
    return fleetWide
        ? with(fleet.held(key, hold), own).learned(List.of(key))
        : with(fleet, own.held(key, hold)).learned(List.of(key));
  }

  /** This ledger with a key's holds lifted, at whatever time they were stamped. */
  Ledger lifted(HoldKey key, Instant now) {
    boolean known = fleet.last(key).isPresent();
    return with(
            known ? fleet.lifted(key, now) : fleet, own.pruned(k -> !k.equals(key), Instant.MIN))
        .refreshed(List.of(key));
  }

  /** This ledger with what another knew of the fleet's holds, of which some may have been lost. */
  Ledger withFleet(HoldSet joined, List<HoldKey> changed, List<HoldKey> lifted) {
    Set<HoldKey> touched = new HashSet<>(fleet.entries().keySet());
    touched.removeAll(joined.entries().keySet());
    touched.addAll(own.entries().keySet());
    return with(
            joined,
            own.pruned(key -> lifted.stream().noneMatch(l -> isOfWhole(l, key)), Instant.MIN))
        .learned(changed)
        .refreshed(touched);
  }

  /** Whether lifting the one key lets the other begin afresh. */
  static boolean covers(HoldKey lifted, HoldKey key) {
    return lifted.equals(key) || isOfWhole(lifted, key);
  }

  /**
   * Whether the provider as a whole was lifted, as a person does: that alone ends what this gateway
   * holds alone, for another's success with one key or model says nothing of this one's network.
   */
  private static boolean isOfWhole(HoldKey lifted, HoldKey key) {
    return lifted instanceof HoldKey.OfProvider(ObjectName provider)
        && key.provider().equals(provider);
  }

  /** Whether what the fleet knows of a key must outlive its absence from a configuration. */
  boolean matters(HoldKey key, Instant now) {
    return fleet.lastLift(key).isPresent() || fleet.inForce(key, now).isPresent();
  }

  /** This ledger with a lease on every key that is due for a probe; empty if one may not. */
  Optional<Ledger> leased(
      List<HoldKey> keys, String fingerprint, Instant now, Breaker.Lease lease) {
    Map<HoldKey, Breaker> changed = new HashMap<>(breakers);
    boolean due = false;
    for (HoldKey key : keys) {
      switch (breaker(key, now)) {
        case Breaker.Admitting _ -> {}
        case Breaker.Probing _ -> {
          return Optional.empty();
        }
        case Breaker.Held held -> {
          if (!held.outdated(fingerprint)) {
            Optional<Breaker.Probing> probing = held.probe(fingerprint, now, lease);
            if (probing.isEmpty()) {
              return Optional.empty();
            }
            changed.put(key, probing.get());
            due = true;
          }
        }
      }
    }
    return due
        ? Optional.of(new Ledger(fleet, own, Map.copyOf(changed), learned, version))
        : Optional.empty();
  }

  /** This ledger without the leases of one holder. */
  Ledger returned(List<HoldKey> keys, long holder) {
    Map<HoldKey, Breaker> changed = new HashMap<>(breakers);
    for (HoldKey key : keys) {
      if (changed.get(key) instanceof Breaker.Probing probing
          && probing.lease().holder() == holder) {
        changed.put(key, probing.returned());
      }
    }
    return new Ledger(fleet, own, Map.copyOf(changed), learned, version);
  }

  /** Whether an attempt that began at a version knew of the key's holds. */
  boolean knew(HoldKey key, long begun) {
    return learned.getOrDefault(key, 0L) <= begun;
  }

  private Ledger with(HoldSet newFleet, HoldSet newOwn) {
    return new Ledger(newFleet, newOwn, breakers, learned, version + 1);
  }

  private Ledger learned(Collection<HoldKey> keys) {
    Map<HoldKey, Long> at = new HashMap<>(learned);
    keys.forEach(key -> at.put(key, version));
    return new Ledger(fleet, own, breakers, Map.copyOf(at), version).refreshed(keys);
  }

  private Ledger refreshed(Collection<HoldKey> keys) {
    Map<HoldKey, Breaker> changed = new HashMap<>(breakers);
    Map<HoldKey, Long> at = new HashMap<>(learned);
    for (HoldKey key : keys) {
      List<Breaker.Cause> causes = causes(key);
      Breaker before = changed.getOrDefault(key, Breaker.Admitting.ADMITTING);
      if (before instanceof Breaker.Probing probing && probing.held().causes().equals(causes)) {
        continue; // nothing new: the probe goes on
      }
      Breaker breaker = before.with(causes);
      if (breaker instanceof Breaker.Admitting) {
        changed.remove(key);
        at.remove(key);
      } else {
        changed.put(key, breaker);
      }
    }
    return new Ledger(fleet, own, Map.copyOf(changed), Map.copyOf(at), version);
  }

  private List<Breaker.Cause> causes(HoldKey key) {
    List<Breaker.Cause> causes = new ArrayList<>();
    Optional.ofNullable(fleet.entries().get(key))
        .ifPresent(
            entry -> entry.holds().forEach(hold -> causes.add(new Breaker.Cause(hold, true))));
    Optional.ofNullable(own.entries().get(key))
        .ifPresent(
            entry -> entry.holds().forEach(hold -> causes.add(new Breaker.Cause(hold, false))));
    return causes;
  }

  /** This ledger with what is still wanted of the fleet's holds and of its own. */
  Ledger pruned(Predicate<HoldKey> ofFleet, Predicate<HoldKey> ofOwn) {
    HoldSet keptFleet = fleet.pruned(ofFleet, Instant.MIN);
    HoldSet keptOwn = own.pruned(ofOwn, Instant.MIN);
    if (keptFleet.equals(fleet) && keptOwn.equals(own)) {
      return this;
    }
    return new Ledger(keptFleet, keptOwn, breakers, learned, version + 1)
        .refreshed(breakers.keySet());
  }
}
