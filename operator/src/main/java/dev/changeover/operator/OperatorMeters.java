package dev.changeover.operator;

import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Revision;
import dev.changeover.crds.LlmProviderStatus;
import dev.changeover.operator.health.FleetHealth;
import dev.changeover.operator.health.GatewayHealth;
import dev.changeover.operator.model.Problem;
import dev.changeover.operator.model.ResourceRef;
import dev.changeover.operator.publish.WriteListener;
import dev.changeover.operator.status.Statuses;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The operator's metrics, each held from the start where its labels are known. */
final class OperatorMeters {
  private static final Duration[] DELAYS =
      LongStream.of(
              50,
              100,
              250,
              500,
              1_000,
              2_500,
              5_000,
              10_000,
              50_000,
              100_000,
              1_000_000,
              10_000_000)
          .mapToObj(micros -> Duration.of(micros, ChronoUnit.MICROS))
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final AtomicInteger leader = new AtomicInteger();
  private final Map<Standing, AtomicInteger> gateways = new EnumMap<>(Standing.class);
  private final Map<WriteListener.Result, Counter> writes =
      new EnumMap<>(WriteListener.Result.class);
  private final MultiGauge states;
  private final MultiGauge problems;
  private final Counter passes;
  private final Counter passesFailed;
  private final Timer configDelay;
  private final Timer holdDelay;

  /** How a gateway stands to what was published last. */
  private enum Standing {
    Current,
    Behind,
    Rejected
  }

  OperatorMeters(MeterRegistry registry, String version) {
    this.registry = registry;
    Gauge.builder("changeover.build.info", () -> 1)
        .description("Always 1")
        .tags("component", "operator", "version", version)
        .register(registry);
    Gauge.builder("changeover.operator.leader", leader, AtomicInteger::get)
        .description("1 on the leader")
        .register(registry);
    for (Standing standing : Standing.values()) {
      var count = new AtomicInteger();
      gateways.put(standing, count);
      Gauge.builder("changeover.gateways", count, AtomicInteger::get)
          .description("Gateways that are Current, Behind or Rejected")
          .tag("state", standing.name())
          .register(registry);
    }
    for (WriteListener.Result result : WriteListener.Result.values()) {
      writes.put(
          result,
          Counter.builder("changeover.writes")
              .description("API server writes")
              .tag("result", result.word())
              .register(registry));
    }
    states =
        MultiGauge.builder("changeover.resource.state")
            .description("1, for the current state only; on the leader")
            .register(registry);
    problems =
        MultiGauge.builder("changeover.resource.problem")
            .description("1 while the problem stands")
            .register(registry);
    passes = passes("done");
    passesFailed = passes("failed");
    configDelay = delay("changeover.config.delay", "Time from a change to the last gateway");
    holdDelay = delay("changeover.hold.delay", "Time from a hold to the last gateway");
  }

  private Counter passes(String result) {
    return Counter.builder("changeover.passes")
        .description("Control-loop passes")
        .tag("result", result)
        .register(registry);
  }

  private Timer delay(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(DELAYS)
        .register(registry);
  }

  void leads(boolean isLeader) {
    leader.set(isLeader ? 1 : 0);
  }

  void passed() {
    passes.increment();
  }

  void passFailed() {
    passesFailed.increment();
  }

  void wrote(WriteListener.Result result) {
    Objects.requireNonNull(writes.get(result)).increment();
  }

  void configDelayed(Duration delay) {
    configDelay.record(delay);
  }

  void holdDelayed(Duration delay) {
    holdDelay.record(delay);
  }

  void gateways(FleetHealth health, Revision published) {
    Map<Standing, Integer> counts = new EnumMap<>(Standing.class);
    health
        .gateways()
        .values()
        .forEach(gateway -> counts.merge(standing(gateway, published), 1, Integer::sum));
    gateways.forEach((standing, gauge) -> gauge.set(counts.getOrDefault(standing, 0)));
  }

  private static Standing standing(GatewayHealth gateway, Revision published) {
    if (!published.isNewerThan(gateway.revision())) {
      return Standing.Current;
    }
    return gateway.rejection().isPresent() ? Standing.Rejected : Standing.Behind;
  }

  void problems(List<Problem> found) {
    problems.register(
        found.stream()
            .map(problem ->
                MultiGauge.Row.of(
                    resource(problem.object()).and("reason", problem.reason().word()), 1))
            .toList(),
        true);
  }

  /** The states that stand, and the providers' changes since the last pass. */
  void states(Statuses before, Statuses now) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    now.providers()
        .forEach((name, status) -> rows.add(state(ResourceRef.provider(name), status.state())));
    now.routes()
        .forEach((name, status) -> rows.add(state(ResourceRef.route(name), status.state())));
    states.register(rows, true);
    now.providers()
        .forEach((name, status) -> {
          LlmProviderStatus last = before.providers().get(name);
          if (last != null && !Objects.equals(last.state(), status.state())) {
            transition(name, last, status);
          }
        });
  }

  private void transition(ObjectName provider, LlmProviderStatus from, LlmProviderStatus to) {
    Counter.builder("llm.provider.transitions")
        .description("State changes, by the leader")
        .tags("provider_namespace", provider.namespace(), "provider", provider.name())
        .tags("from", word(from.state()), "to", word(to.state()), "reason", word(to.reason()))
        .register(registry)
        .increment();
  }

  private static MultiGauge.Row<?> state(ResourceRef object, @Nullable String state) {
    return MultiGauge.Row.of(resource(object).and("state", word(state)), 1);
  }

  private static Tags resource(ResourceRef object) {
    return Tags.of(
        "kind", object.kind().name(),
        "resource_namespace", object.name().namespace(),
        "name", object.name().name());
  }

  private static String word(@Nullable String value) {
    return Objects.toString(value, "");
  }
}
