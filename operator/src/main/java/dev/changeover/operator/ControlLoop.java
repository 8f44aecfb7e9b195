package dev.changeover.operator;

import dev.changeover.contract.Bundle;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Revision;
import dev.changeover.operator.alerts.AlertPolicy;
import dev.changeover.operator.alerts.AlertRules;
import dev.changeover.operator.alerts.FleetModelToAlertRules;
import dev.changeover.operator.channel.ChannelServer;
import dev.changeover.operator.channel.FleetBoard;
import dev.changeover.operator.compile.Compiled;
import dev.changeover.operator.compile.FleetModelToFleetConfig;
import dev.changeover.operator.health.FleetHealth;
import dev.changeover.operator.health.GatewayHealth;
import dev.changeover.operator.health.ProbeOrder;
import dev.changeover.operator.model.ClusterView;
import dev.changeover.operator.model.EventRecord;
import dev.changeover.operator.model.ProviderResource;
import dev.changeover.operator.publish.ClusterWriter;
import dev.changeover.operator.publish.ConfigPublisher;
import dev.changeover.operator.publish.DurableCopy;
import dev.changeover.operator.publish.Monitoring;
import dev.changeover.operator.status.Clears;
import dev.changeover.operator.status.StatusInput;
import dev.changeover.operator.status.Statuses;
import dev.changeover.operator.translate.Translation;
import dev.changeover.operator.translate.Translator;
import dev.changeover.operator.watch.ClusterWatch;
import dev.changeover.operator.watch.Sight;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader's work, one pass after the other: view, translate, compile, publish, status. Many
 * events are one pass; without any there is one a second, for what is so by time alone.
 */
final class ControlLoop implements AutoCloseable {
  static final Duration TICK = Duration.ofSeconds(1);

  /** A pass that failed is not tried again at once. */
  static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private static final Duration STOP_MAX = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(ControlLoop.class);

  private final Wakeups wakeups;
  private final Ends ends;
  private final Translator translator;
  private final AlertPolicy alertPolicy;
  private final Supplier<Set<String>> gateways;
  private final OperatorMeters meters;
  private final BooleanSupplier mayAct;
  private final LongConsumer deposed;
  private final InstantSource clock;
  private final Thread thread = Thread.ofPlatform().name("control-loop").unstarted(this::run);

  private volatile boolean stopping;
  private volatile boolean current;
  private Optional<Meaning> meaning = Optional.empty();
  private Statuses statuses = Statuses.NONE;
  private Clears.Asked obeyed = Clears.Asked.NOTHING;
  private Optional<Instant> unconfirmedSince = Optional.empty();

  /** The edges that a pass goes through, in its order. */
  record Ends(
      ClusterWatch watch,
      Monitoring monitoring,
      ConfigPublisher publisher,
      DurableCopy copy,
      FleetBoard board,
      ChannelServer channel,
      ClusterWriter writer) {}

  /**
   * What one view means; kept, since most passes see the same one, and our statuses mean nothing.
   */
  private record Meaning(
      ClusterView asWritten, Translation translation, Compiled compiled, List<AlertRules> rules) {}

  /**
   * A loop that has not begun.
   *
   * @param gateways the names of those that should have each change
   * @param mayAct whether this operator may publish and write at this moment
   * @param deposed told the epoch of another leader that has taken over; the loop ends then
   */
  ControlLoop(
      Wakeups wakeups,
      Ends ends,
      Translator translator,
      AlertPolicy alertPolicy,
      Supplier<Set<String>> gateways,
      OperatorMeters meters,
      BooleanSupplier mayAct,
      LongConsumer deposed,
      InstantSource clock) {
    this.wakeups = wakeups;
    this.ends = ends;
    this.translator = translator;
    this.alertPolicy = alertPolicy;
    this.gateways = gateways;
    this.meters = meters;
    this.mayAct = mayAct;
    this.deposed = deposed;
    this.clock = clock;
  }

  void start() {
    thread.start();
  }

  /** Whether a pass has gone through since the last failure. */
  boolean current() {
    return current;
  }

  @Override
  public void close() {
    stopping = true;
    wakeups.wake();
    try {
      if (thread.isAlive() && !thread.join(STOP_MAX)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!stopping) {
        wakeups.await(current ? TICK : AFTER_FAILURE);
        if (stopping) {
          return;
        }
        runOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void runOnce() throws InterruptedException {
    try {
      if (pass()) {
        current = true;
        meters.passed();
      }
    } catch (RuntimeException e) {
      current = false;
      meters.passFailed();
      log.atError().setCause(e).log("pass failed; the last configuration stays");
      wakeups.await(AFTER_FAILURE);
    }
  }

  /** One pass; false if not everything has been read yet, or another leads. */
  private boolean pass() {
    Set<String> expected = gateways.get();
    return switch (ends.watch().view(expected, ends.monitoring().api())) {
      case Sight.Whole(ClusterView view) -> pass(view, expected);
      case Sight.Partial _ -> false;
      case Sight.Blind _ -> {
        current = false;
        meters.passFailed();
        yield false;
      }
    };
  }

  private boolean pass(ClusterView view, Set<String> expected) {
    Meaning now = meaning(view);
    if (!mayAct.getAsBoolean() || !keepLeading()) {
      return false;
    }
    publish(now.compiled());
    obeyClears(view);
    probe(now.translation());
    tell(view, now, expected);
    return true;
  }

  private Meaning meaning(ClusterView view) {
    ClusterView asWritten = view.withoutStatuses();
    Optional<Meaning> same = meaning.filter(last -> last.asWritten().equals(asWritten));
    if (same.isPresent()) {
      return same.get();
    }
    Translation translation = translator.translate(asWritten);
    Compiled compiled = FleetModelToFleetConfig.compile(translation.model());
    List<AlertRules> rules = FleetModelToAlertRules.rules(translation.model(), alertPolicy);
    var fresh = new Meaning(asWritten, translation, compiled, rules);
    meaning = Optional.of(fresh);
    meters.problems(translation.problems());
    return fresh;
  }

  /**
   * Leads on, where need be in a higher epoch; false if another has taken over. A gateway that
   * serves what an unknown leader told it would take nothing from this one: it raises its epoch,
   * unless that leader has written since.
   */
  private boolean keepLeading() {
    Revision heard =
        ends.board().current().gateways().values().stream()
            .map(GatewayHealth::revision)
            .max(Revision::compareTo)
            .orElse(Revision.NONE);
    Revision ours =
        ends.publisher().current().map(config -> config.revision()).orElse(Revision.NONE);
    boolean outbid =
        heard.epoch() > ends.publisher().epoch()
            || (heard.epoch() == ends.publisher().epoch() && heard.isNewerThan(ours));
    if (!outbid) {
      return true;
    }
    return switch (ends.copy().raise(heard)) {
      case DurableCopy.Raise.Raised(DurableCopy.Memory memory) -> {
        ends.board().update(health -> health.joined(memory.holds()));
        ends.publisher().lead(ends.copy().epoch());
        log.atInfo().addKeyValue("epoch", ends.copy().epoch()).log("epoch raised");
        yield true;
      }
      case DurableCopy.Raise.Deposed(long byEpoch) -> {
        stopping = true;
        current = false;
        deposed.accept(byEpoch);
        yield false;
      }
    };
  }

  private void publish(Compiled compiled) {
    Instant now = clock.instant();
    Optional<Revision> published = ends.publisher().publish(compiled);
    published.ifPresent(revision -> {
      ends.board().update(health -> health.published(revision, compiled.digests(), now));
      unconfirmedSince = Optional.of(now);
      log.atInfo().addKeyValue("revision", revision).log("configuration published");
    });
  }

  private void obeyClears(ClusterView view) {
    Instant now = clock.instant();
    Set<ObjectName> providers =
        view.providers().stream().map(ProviderResource::name).collect(Collectors.toSet());
    ends.board().update(health -> health.pruned(providers, now));
    Clears.Asked asked = Clears.of(view, statuses);
    for (ObjectName provider : asked.since(obeyed)) {
      ends.board().update(health -> health.lifted(provider, now));
      log.atInfo().addKeyValue("provider", provider).log("holds lifted by a person");
    }
    obeyed = asked;
  }

  private void probe(Translation translation) {
    Instant now = clock.instant();
    List<ProbeOrder> due = ends.board().current().probesDue(translation.model(), now);
    List<ProbeOrder> sent =
        due.stream().filter(order -> ends.channel().probe(order.gateway(), order.key())).toList();
    if (!sent.isEmpty()) {
      ends.board().update(health -> health.probed(sent, now));
    }
  }

  private void tell(ClusterView view, Meaning meant, Set<String> expected) {
    Instant now = clock.instant();
    FleetHealth health = ends.board().current();
    Optional<Statuses> told = Optional.empty();
    List<EventRecord> events = List.of();
    if (health.settled(expected, now)) {
      var input =
          new StatusInput(view, meant.translation(), health, ends.writer().ruleReport(), now);
      Statuses next = Statuses.of(input, statuses);
      meters.states(statuses, next);
      statuses = next;
      events = next.events();
      told = Optional.of(next);
    }
    Optional<Bundle> bundle =
        ends.publisher()
            .current()
            .map(config ->
                new Bundle(
                    config.revision(), config.fleet(), config.credentials(), health.holds()));
    ends.writer().offer(new ClusterWriter.Desired(view, told, meant.rules(), bundle), events);
    measure(health, expected, now);
  }

  private void measure(FleetHealth health, Set<String> expected, Instant now) {
    Revision published =
        ends.publisher().current().map(config -> config.revision()).orElse(Revision.NONE);
    meters.gateways(health, published);
    boolean confirmed =
        !expected.isEmpty()
            && expected.stream()
                .allMatch(name ->
                    Optional.ofNullable(health.gateways().get(name))
                        .filter(gateway -> !published.isNewerThan(gateway.revision()))
                        .isPresent());
    if (confirmed) {
      unconfirmedSince.ifPresent(since -> meters.configDelayed(Duration.between(since, now)));
      unconfirmedSince = Optional.empty();
    }
  }
}
