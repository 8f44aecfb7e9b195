package dev.changeover.gateway.plan;

import dev.changeover.contract.KeyRef;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.TargetConfig;
import dev.changeover.gateway.health.Admission;
import dev.changeover.gateway.health.HealthView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The order in which a run prefers its route's targets, by the route's strategy. */
public final class TargetOrder {
  private final RandomGenerator random;
  private final ConcurrentMap<ObjectName, AtomicInteger> turns = new ConcurrentHashMap<>();

  /** The generator must be safe to use from any thread. */
  public TargetOrder(RandomGenerator random) {
    this.random = random;
  }

  /** The order for one run, decided once. */
  public List<Candidate> order(
      RouteConfig route,
      Function<ObjectName, Optional<ProviderConfig>> providers,
      HealthView health,
      Instant now) {
    List<Candidate> asListed =
        route.targets().stream()
            .map(target -> new Candidate(target, providers.apply(target.provider())))
            .toList();
    return switch (route.strategy()) {
      case PRIORITY -> asListed;
      case ROUND_ROBIN -> roundRobin(route, asListed, health, now);
      case LEAST_LATENCY -> leastLatency(asListed, health, now);
    };
  }

  /** Forgets the turns of routes that are gone. */
  public void keep(Set<ObjectName> routes) {
    turns.keySet().retainAll(routes);
  }

  /** Turns go round those that may be called: a held target's share goes to all the others. */
  private List<Candidate> roundRobin(
      RouteConfig route, List<Candidate> asListed, HealthView health, Instant now) {
    List<Candidate> open = open(asListed, health, now);
    if (open.isEmpty()) {
      return asListed;
    }
    int turn = turns.computeIfAbsent(route.name(), _ -> new AtomicInteger()).getAndIncrement();
    List<Candidate> turned = new ArrayList<>(open);
    Collections.rotate(turned, -Math.floorMod(turn, open.size()));
    return withRest(turned, asListed);
  }

  /** Of two taken at random the faster one first: one slow answer does not move all traffic. */
  private List<Candidate> leastLatency(List<Candidate> asListed, HealthView health, Instant now) {
    Comparator<Candidate> faster =
        Comparator.comparingDouble(candidate ->
            health.latencyScore(candidate.target().provider(), candidate.target().model(), now));
    List<Candidate> rest = new ArrayList<>(open(asListed, health, now));
    List<Candidate> ordered = new ArrayList<>();
    // One leased request finds out whether a hold's cause is over; it has to be some request.
    rest.stream()
        .filter(candidate -> probeIsDue(candidate, health, now))
        .findFirst()
        .ifPresent(ordered::add);
    rest.removeAll(ordered);
    List<Candidate> drawn = new ArrayList<>();
    for (int i = 0; i < 2 && !rest.isEmpty(); i++) {
      drawn.add(rest.remove(random.nextInt(rest.size())));
    }
    drawn.sort(faster);
    rest.sort(faster);
    ordered.addAll(drawn);
    ordered.addAll(rest);
    return withRest(ordered, asListed);
  }

  private static List<Candidate> withRest(List<Candidate> first, List<Candidate> all) {
    return Stream.concat(
            first.stream(), all.stream().filter(candidate -> !first.contains(candidate)))
        .toList();
  }

  private static List<Candidate> open(List<Candidate> all, HealthView health, Instant now) {
    return all.stream()
        .filter(candidate ->
            admissions(candidate, health, now)
                .anyMatch(admission ->
                    switch (admission) {
                      case Admission.Admitting _, Admission.ProbeDue _ -> true;
                      case Admission.Held _, Admission.Probing _ -> false;
                    }))
        .toList();
  }

  private static boolean probeIsDue(Candidate candidate, HealthView health, Instant now) {
    return admissions(candidate, health, now)
        .allMatch(admission ->
            switch (admission) {
              case Admission.ProbeDue _ -> true;
              case Admission.Admitting _, Admission.Held _, Admission.Probing _ -> false;
            });
  }

  private static Stream<Admission> admissions(Candidate candidate, HealthView health, Instant now) {
    return switch (candidate.target()) {
      case TargetConfig.Unusable _ -> Stream.empty();
      case TargetConfig.Usable target ->
          candidate.provider().stream()
              .flatMap(provider ->
                  keys(provider).map(key -> health.admission(provider, key, target.model(), now)));
    };
  }

  /** The ways to call a provider: with each of its keys, or with none. */
  static Stream<Optional<KeyRef>> keys(ProviderConfig provider) {
    return provider.keys().isEmpty()
        ? Stream.of(Optional.empty())
        : provider.keys().stream().map(Optional::of);
  }
}
