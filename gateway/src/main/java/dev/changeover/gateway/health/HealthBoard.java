package dev.changeover.gateway.health;

import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.HealthPolicy;
import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.KeyRef;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;
import dev.changeover.gateway.classify.Outcome.Failure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The one writer of this gateway's breakers and holds; safe to use from any thread. */
public final class HealthBoard {
  /** Requests in flight at one target although it is held. */
  static final int LAST_RESORT_MAX = 2;

  /** Keys of the fleet's holds; above it, the oldest that the configuration does not know go. */
  static final int HOLD_KEYS_MAX = 20_000;

  /** Failures in a row that make a provider unavailable until a success. */
  private static final int FAILURES_IN_ROW = 2;

  private final InstantSource clock;
  private final RandomGenerator random;
  private final ReentrantLock writing = new ReentrantLock();
  private final ConcurrentMap<HoldKey, Pulse> pulses = new ConcurrentHashMap<>();
  private final ConcurrentMap<HoldKey, AtomicInteger> lastResorts = new ConcurrentHashMap<>();
  private final AtomicLong calls = new AtomicLong();
  private final Announcer fleetNews = new Announcer(() -> ledger().fleet());
  private final Announcer ownNews = new Announcer(() -> ledger().own());
  private final ProbeDiary diary;
  private volatile Ledger ledger = Ledger.EMPTY;
  private volatile KnownFleet known = KnownFleet.NONE;

  public HealthBoard(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
    this.diary = new ProbeDiary(random);
  }

  private Ledger ledger() {
    return ledger;
  }

  /**
   * Tells which providers, keys and models there are now. What is gone leaves behind the fleet's
   * lifts and the holds that last, for it may be gone by mistake and come back as it was. A
   * provider that comes back as another begins afresh only in what this gateway holds alone: the
   * rest is the fleet's, and one gateway that forgets it would merely be told again.
   */
  public void configured(FleetConfig config) {
    Instant now = clock.instant();
    KnownFleet before = known;
    KnownFleet after = before.followedBy(config);
    known = after;
    Predicate<HoldKey> kept = key -> after.keeps(key, before);
    change(it -> {
      Ledger left =
          it.pruned(
              key -> kept.test(key) || it.matters(key, now),
              key -> kept.test(key) && !after.isAnother(key, before));
      diary.keep(key -> left.fleet().last(key).isPresent()); // no new ban may come in between
      return left;
    });
    pulses.keySet().removeIf(key -> !after.has(key));
    lastResorts.keySet().removeIf(key -> !after.has(key));
    if (after.hasReturned(before)) {
      fleetNews.repeat(); // the operator may have forgotten what is held again
    }
  }

  public HealthView view() {
    return new View(ledger);
  }

  private final class View implements HealthView {
    private final Ledger seen;

    View(Ledger seen) {
      this.seen = seen;
    }

    @Override
    public Admission admission(
        ProviderConfig provider, Optional<KeyRef> key, String model, Instant now) {
      return seen.admission(provider, key, model, now);
    }

    @Override
    public double latencyScore(ObjectName provider, String model, Instant now) {
      Pulse pulse = pulses.get(new HoldKey.OfModel(provider, model));
      return pulse == null ? 0 : pulse.latencyScore(now);
    }

    @Override
    public boolean lastResortFree(ObjectName provider, String model) {
      AtomicInteger inFlight = lastResorts.get(new HoldKey.OfModel(provider, model));
      return inFlight == null || inFlight.get() < LAST_RESORT_MAX;
    }
  }

  /** The right to an attempt, unless what the plan saw is no longer so. */
  public Optional<Permit> permit(
      ProviderConfig provider, Optional<KeyRef> key, String model, PermitKind kind) {
    Instant now = clock.instant();
    long id = calls.incrementAndGet();
    Ledger seen = ledger; // read first: what is learned later, this attempt did not know
    Admission admission = seen.admission(provider, key, model, now);
    boolean open = admission instanceof Admission.Admitting;
    boolean granted =
        switch (kind) {
          case NORMAL -> open;
          case PROBE -> open || lease(provider, key, model, now, id);
          case LAST_RESORT -> takeLastResort(provider.name(), model, admission);
        };
    PermitKind granting = kind == PermitKind.PROBE && open ? PermitKind.NORMAL : kind;
    return granted
        ? Optional.of(
            new Permit(
                this, new Permit.Call(id, provider, key, model, granting, now, seen.version())))
        : Optional.empty();
  }

  private boolean lease(
      ProviderConfig provider, Optional<KeyRef> key, String model, Instant now, long id) {
    var lease = new Breaker.Lease(id, now.plus(Ledger.LEASE));
    writing.lock();
    try {
      Optional<Ledger> leased =
          ledger.leased(
              Ledger.keys(provider.name(), key, model), provider.fingerprint(), now, lease);
      leased.ifPresent(next -> ledger = next);
      return leased.isPresent();
    } finally {
      writing.unlock();
    }
  }

  private boolean takeLastResort(ObjectName provider, String model, Admission admission) {
    boolean mayBeTried =
        switch (admission) {
          case Admission.Held held -> held.soft();
          case Admission.Probing probing -> probing.soft();
          case Admission.Admitting _, Admission.ProbeDue _ -> true; // better than it was planned
        };
    if (!mayBeTried) {
      return false;
    }
    AtomicInteger inFlight =
        lastResorts.computeIfAbsent(new HoldKey.OfModel(provider, model), _ -> new AtomicInteger());
    if (inFlight.incrementAndGet() <= LAST_RESORT_MAX) {
      return true;
    }
    inFlight.decrementAndGet();
    return false;
  }

  void answering(Permit.Call call) {
    clear(call);
  }

  void succeeded(Permit.Call call, Duration firstToken) {
    Instant now = clock.instant();
    HealthPolicy policy = call.provider().health();
    Pulse ofModel = pulse(new HoldKey.OfModel(call.provider().name(), call.model()));
    ofModel.succeeded(policy, now);
    ofModel.firstToken(firstToken, now);
    pulse(new HoldKey.OfProvider(call.provider().name())).succeeded(policy, now);
    clear(call);
    release(call);
  }

  void failed(Permit.Call call, Failure failure) {
    if (!failure.countsAgainstHealth()) {
      ignored(call);
      return;
    }
    Instant now = clock.instant();
    HealthPolicy policy = call.provider().health();
    HoldKey key = keyOf(call, failure.scope());
    Pulse ofModel = pulse(new HoldKey.OfModel(call.provider().name(), call.model()));
    Pulse ofProvider = pulse(new HoldKey.OfProvider(call.provider().name()));
    ofModel.failed(policy, now);
    ofModel.failedAfter(Duration.between(call.since(), now), now);
    ofProvider.failed(policy, now);
    Pulse pulse = pulse(key);
    boolean due =
        switch (failure.reason().certainty()) {
          case DEFINITE -> true;
          case SOFT -> call.kind() == PermitKind.PROBE || pulse.holdIsDue(policy, now);
          case NONE -> false;
        };
    if (due) {
      hold(call, failure, key, pulse, now);
    }
    release(call); // after the new hold, so that no second probe slips in between
  }

  private void hold(Permit.Call call, Failure failure, HoldKey key, Pulse pulse, Instant now) {
    boolean fleetWide =
        failure.reason().certainty() == Reason.Certainty.DEFINITE && !failure.doubtful();
    change(before -> {
      HoldSet set = fleetWide ? before.fleet() : before.own();
      Optional<Hold> last =
          set.last(key).filter(hold -> !isOutdated(hold, call.provider().fingerprint()));
      boolean sameIncident =
          last.isPresent()
              && last.get().lasts(now)
              && (last.get().reason() == failure.reason() || !fleetWide);
      int step =
          sameIncident
              ? last.get().step()
              : pulse.nextStep(failure.reason(), now, last.isPresent());
      if (sameIncident && (failure.statedWait().isEmpty() || last.get().until().isEmpty())) {
        return before; // one incident, seen by many requests in flight
      }
      Optional<Instant> until =
          HoldLength.of(failure, call.provider().health(), step, random).map(now::plus);
      if (sameIncident && !until.orElse(Instant.MAX).isAfter(last.get().until().orElseThrow())) {
        return before; // a second reply may ask for less; never end a hold early
      }
      pulse.held(step);
      Hold hold =
          new Hold(
              failure.reason(),
              now,
              until,
              step,
              failure.evidence(),
              call.provider().fingerprint());
      if (until.isEmpty()) {
        diary.begin(key, now);
      }
      return before.held(key, hold, fleetWide);
    });
  }

  private static boolean isOutdated(Hold hold, String fingerprint) {
    return new Breaker.Cause(hold, true).outdated(fingerprint);
  }

  void ignored(Permit.Call call) {
    release(call);
  }

  /** The only way back for what a permit took. */
  private void release(Permit.Call call) {
    switch (call.kind()) {
      case NORMAL -> {}
      case PROBE -> {
        writing.lock();
        try {
          ledger = ledger.returned(keysOf(call), call.id());
        } finally {
          writing.unlock();
        }
      }
      case LAST_RESORT -> {
        AtomicInteger inFlight =
            lastResorts.get(new HoldKey.OfModel(call.provider().name(), call.model()));
        if (inFlight != null) { // a target that is no longer configured has no count
          inFlight.updateAndGet(count -> Math.max(0, count - 1));
        }
      }
    }
  }

  /** Lifts what an answer disproves: the holds that were known when the request was sent. */
  private void clear(Permit.Call call) {
    if (ledger.breakers().isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    change(before -> {
      Ledger after = before;
      for (HoldKey key : keysOf(call)) {
        if (before.breakers().containsKey(key) && before.knew(key, call.begun())) {
          after = after.lifted(key, now);
          pulse(key).lifted(now);
          diary.end(key);
        }
      }
      return after;
    });
  }

  public HoldSet fleetHolds() {
    return ledger.fleet();
  }

  public HoldSet ownHolds() {
    return ledger.own();
  }

  /** Joins what somebody else knows of the fleet's definite holds. */
  public void joinFleet(HoldSet others) {
    Instant now = clock.instant();
    change(before -> {
      HoldSet joined = bounded(before.fleet().join(others));
      if (joined.equals(before.fleet())) {
        return before;
      }
      List<HoldKey> changed = new ArrayList<>();
      List<HoldKey> lifted = new ArrayList<>();
      for (HoldKey key : others.entries().keySet()) {
        if (!Objects.equals(joined.entries().get(key), before.fleet().entries().get(key))) {
          changed.add(key);
        }
        if (!joined.lastLift(key).equals(before.fleet().lastLift(key))) {
          lifted.add(key);
        }
      }
      lifted.forEach(this::forget);
      changed.stream()
          .filter(key -> joined.last(key).filter(hold -> hold.until().isEmpty()).isPresent())
          .forEach(key -> diary.begin(key, now));
      return before.withFleet(joined, changed, lifted);
    });
  }

  private HoldSet bounded(HoldSet holds) {
    int tooMany = holds.entries().size() - HOLD_KEYS_MAX;
    if (tooMany <= 0) {
      return holds;
    }
    Set<HoldKey> oldest =
        holds.entries().entrySet().stream()
            .filter(entry -> !known.has(entry.getKey()))
            .sorted(Comparator.comparing(entry -> lastNews(entry.getValue())))
            .limit(tooMany)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    return holds.pruned(key -> !oldest.contains(key), Instant.MIN);
  }

  private static Instant lastNews(HoldSet.Entry entry) {
    return Stream.concat(entry.lifted().stream(), entry.holds().stream().map(Hold::since))
        .max(Comparator.naturalOrder())
        .orElse(Instant.MIN);
  }

  private void forget(HoldKey lifted) {
    pulses.forEach((key, pulse) -> {
      if (Ledger.covers(lifted, key)) {
        pulse.forget();
      }
    });
    diary.end(lifted);
  }

  /** Calls the listener with the fleet's holds after each change of them; the newest come last. */
  public void onFleetHoldsChanged(Consumer<HoldSet> listener) {
    fleetNews.add(listener);
  }

  /** The same for the holds of this gateway alone. */
  public void onOwnHoldsChanged(Consumer<HoldSet> listener) {
    ownNews.add(listener);
  }

  /** Whether a provider takes requests here. */
  public boolean available(ObjectName provider) {
    Pulse pulse = pulses.get(new HoldKey.OfProvider(provider));
    if (pulse != null && pulse.failuresInRow() >= FAILURES_IN_ROW) {
      return false;
    }
    Instant now = clock.instant();
    Ledger seen = ledger;
    return known
        .provider(provider)
        .map(entry -> entry.takesRequests(key -> keepsAway(seen, key, entry.fingerprint(), now)))
        .orElse(false);
  }

  /** Held now, or held for certain and not yet proven to be over. */
  private static boolean keepsAway(Ledger seen, HoldKey key, String fingerprint, Instant now) {
    return held(seen, key).filter(held -> keepsAway(held, fingerprint, now)).isPresent();
  }

  /** What a key is held for, a probe in flight or not. */
  private static Optional<Breaker.Held> held(Ledger seen, HoldKey key) {
    Breaker breaker = seen.breakers().get(key);
    if (breaker == null) {
      return Optional.empty();
    }
    return switch (breaker) {
      case Breaker.Admitting _ -> Optional.empty();
      case Breaker.Held held -> Optional.of(held);
      case Breaker.Probing probing -> Optional.of(probing.held());
    };
  }

  private static boolean keepsAway(Breaker.Held held, String fingerprint, Instant now) {
    return held.inForce(fingerprint, now).isPresent()
        || held.causes().stream()
            .anyMatch(cause -> cause.fleetWide() && !cause.outdated(fingerprint));
  }

  /** The holds that keep requests away from what is configured, in the order of their keys. */
  public List<HoldInForce> inForce(Instant now) {
    Ledger seen = ledger;
    KnownFleet fleet = known;
    List<HoldInForce> found = new ArrayList<>();
    seen.breakers().keySet().stream()
        .filter(fleet::has)
        .sorted()
        .forEach(key -> {
          String fingerprint =
              fleet.provider(key.provider()).map(KnownFleet.Entry::fingerprint).orElse("");
          held(seen, key)
              .flatMap(held -> held.inForce(fingerprint, now))
              .ifPresent(cause -> found.add(new HoldInForce(key, cause.hold(), cause.fleetWide())));
        });
    return found;
  }

  /**
   * The holds without end that are due for a probe, for a gateway that is alone; each is due again
   * later, whether or not a result comes.
   */
  public List<HoldKey> probesDue(Instant now) {
    Ledger seen = ledger;
    KnownFleet fleet = known;
    return diary.takeDue(
        now,
        key ->
            fleet
                .provider(key.provider())
                .filter(_ -> fleet.has(key)) // nor a key or a model that nobody uses
                .map(entry ->
                    seen.breaker(key, now) instanceof Breaker.Held held
                        && held.inForce(entry.fingerprint(), now)
                            .filter(cause -> entry.mayProbe(cause.hold().reason()))
                            .isPresent())
                .orElse(false));
  }

  /** How much is known of holds now: to be named when a probe that begins now has succeeded. */
  public long knowledge() {
    return ledger.version();
  }

  /**
   * A probe was answered: the holds of the key that were known when it began are over, for the
   * whole fleet.
   */
  public void probeSucceeded(HoldKey key, long knowledge) {
    Instant now = clock.instant();
    change(before -> {
      if (!before.knew(key, knowledge)) {
        return before; // held anew while the probe was under way
      }
      pulse(key).lifted(now);
      pulse(new HoldKey.OfProvider(key.provider())).forget();
      diary.end(key);
      return before.lifted(key, now);
    });
  }

  /** A probe failed: the hold stays, and the next probe comes later, at a stated date if any. */
  public void probeFailed(HoldKey key, Failure failure) {
    diary.failed(key, clock.instant(), failure.statedWait().orElse(Duration.ZERO));
  }

  private HoldKey keyOf(Permit.Call call, Scope scope) {
    ObjectName provider = call.provider().name();
    return switch (scope) {
      case PROVIDER -> new HoldKey.OfProvider(provider);
      case CREDENTIAL ->
          call.key()
              .<HoldKey>map(key -> new HoldKey.OfCredential(provider, key.keyId()))
              .orElseGet(() -> new HoldKey.OfProvider(provider)); // an open server has no other
      case MODEL, REQUEST -> new HoldKey.OfModel(provider, call.model());
    };
  }

  private static List<HoldKey> keysOf(Permit.Call call) {
    return Ledger.keys(call.provider().name(), call.key(), call.model());
  }

  private Pulse pulse(HoldKey key) {
    return pulses.computeIfAbsent(key, _ -> new Pulse());
  }

  private void change(UnaryOperator<Ledger> step) {
    writing.lock();
    try {
      ledger = step.apply(ledger);
    } finally {
      writing.unlock();
    }
    fleetNews.announce();
    ownNews.announce();
  }
}
