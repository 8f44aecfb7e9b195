package dev.changeover.operator.health;

import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.HealthPolicy.BanProbe;
import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Revision;
import dev.changeover.contract.RouteFigures;
import dev.changeover.contract.TargetFigures;
import dev.changeover.contract.UnusableObject;
import dev.changeover.operator.model.FleetModel;
import dev.changeover.operator.model.ProviderModel;
import dev.changeover.operator.model.ResourceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The fleet as its gateways see it: an immutable value that grows message by message.
 *
 * @param gateways the connected gateways by name
 * @param holds all definite holds that anybody told of
 * @param publications each object's last change
 * @param probes when held keys are asked next
 * @param limited since when a rate-limited key has had no success
 * @param startedAt when this operator began to listen
 */
public record FleetHealth(
    SortedMap<String, GatewayHealth> gateways,
    HoldSet holds,
    SortedMap<ResourceRef, Publication> publications,
    SortedMap<HoldKey, ProbePlan> probes,
    SortedMap<HoldKey, Instant> limited,
    Instant startedAt) {
  /** A rate limit is news only after this long without a success. */
  public static final Duration LIMIT_IS_NEWS_AFTER = Duration.ofSeconds(60);

  /** How long a new operator waits for gateways that should be there. */
  public static final Duration SETTLING_MAX = Duration.ofSeconds(5);

  /** A hold that is over is forgotten after this long; until then its step counts for the next. */
  private static final Duration REMEMBERED = Duration.ofHours(12);

  public FleetHealth {
    gateways = Collections.unmodifiableSortedMap(new TreeMap<>(gateways));
    publications = Collections.unmodifiableSortedMap(new TreeMap<>(publications));
    probes = Collections.unmodifiableSortedMap(new TreeMap<>(probes));
    limited = Collections.unmodifiableSortedMap(new TreeMap<>(limited));
  }

  /** What an operator knows that has just started. */
  public static FleetHealth startedAt(Instant now) {
    return new FleetHealth(
        new TreeMap<>(), HoldSet.EMPTY, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), now);
  }

  /** This picture and what one gateway has just said, its times by our clock. */
  public FleetHealth with(String gateway, ChannelMessage.Up message, Instant now) {
    GatewayHealth before = gateways.getOrDefault(gateway, GatewayHealth.said(Revision.NONE, now));
    FleetHealth after =
        switch (message) {
          case ChannelMessage.Hello(_, _, Revision revision) ->
              gateway(gateway, before.again(revision, now));
          case ChannelMessage.Applied(Revision revision, List<UnusableObject> unusable) ->
              gateway(gateway, before.applied(revision, unusable, now));
          case ChannelMessage.Rejected(Revision revision, String reason) ->
              gateway(gateway, before.rejected(new GatewayHealth.Rejection(revision, reason), now));
          case ChannelMessage.Holds(_, HoldSet told) ->
              gateway(gateway, before.heard(now)).joined(told);
          case ChannelMessage.OwnHolds(_, HoldSet own) ->
              gateway(gateway, before.holding(own, now));
          case ChannelMessage.Figures(List<TargetFigures> targets, List<RouteFigures> routes) ->
              gateway(gateway, before.counting(targets, routes, now));
          case ChannelMessage.Ping _ -> gateway(gateway, before.heard(now));
        };
    return message instanceof ChannelMessage.Ping ? after : after.observed(now);
  }

  /** This picture without a gateway that has gone; the definite holds it told of stay. */
  public FleetHealth without(String gateway) {
    TreeMap<String, GatewayHealth> left = new TreeMap<>(gateways);
    left.remove(gateway);
    return new FleetHealth(left, holds, publications, probes, limited, startedAt);
  }

  private FleetHealth gateway(String name, GatewayHealth said) {
    TreeMap<String, GatewayHealth> more = new TreeMap<>(gateways);
    more.put(name, said);
    return new FleetHealth(more, holds, publications, probes, limited, startedAt);
  }

  /** This picture and definite holds told by somebody else: the durable copy, another replica. */
  public FleetHealth joined(HoldSet told) {
    return new FleetHealth(gateways, holds.join(told), publications, probes, limited, startedAt);
  }

  /** This picture with every hold of a provider lifted, own holds of single gateways included. */
  public FleetHealth lifted(ObjectName provider, Instant now) {
    HoldSet lifted = holds.liftedAll(provider, now);
    for (GatewayHealth gateway : gateways.values()) {
      for (HoldKey key : gateway.ownHolds().orElse(HoldSet.EMPTY).entries().keySet()) {
        if (key.provider().equals(provider)) {
          lifted = lifted.lifted(key, now);
        }
      }
    }
    return new FleetHealth(gateways, lifted, publications, probes, limited, startedAt)
        .observed(now);
  }

  /** This picture without holds of providers that do not exist, and without those long over. */
  public FleetHealth pruned(Set<ObjectName> providers, Instant now) {
    HoldSet left = holds.pruned(key -> providers.contains(key.provider()), now.minus(REMEMBERED));
    return left.equals(holds)
        ? this
        : new FleetHealth(gateways, left, publications, probes, limited, startedAt);
  }

  /**
   * This picture after a configuration was published.
   *
   * @param digests what it says of each object, hashed: an unchanged digest keeps its revision
   */
  public FleetHealth published(
      Revision revision, SortedMap<ResourceRef, String> digests, Instant now) {
    TreeMap<ResourceRef, Publication> told = new TreeMap<>();
    digests.forEach((object, digest) -> {
      Publication last = publications.get(object);
      told.put(
          object,
          last != null && last.digest().equals(digest)
              ? last
              : new Publication(digest, revision, now, publications.isEmpty()));
    });
    return new FleetHealth(gateways, holds, told, probes, limited, startedAt);
  }

  /** Whether all that should be there have told what they hold, or have had time enough. */
  public boolean settled(Set<String> expected, Instant now) {
    boolean waitedEnough = !now.isBefore(startedAt.plus(SETTLING_MAX));
    boolean allToldIt =
        !expected.isEmpty()
            && expected.stream()
                .allMatch(name ->
                    Optional.ofNullable(gateways.get(name))
                        .flatMap(GatewayHealth::ownHolds)
                        .isPresent());
    return waitedEnough || allToldIt;
  }

  /** How far an object's last change has come among the gateways that should have it. */
  public Acknowledgement acknowledgement(ResourceRef object, Set<String> expected) {
    Publication publication = publications.get(object);
    if (publication == null) {
      return new Acknowledgement.NotPublished();
    }
    if (expected.isEmpty()) {
      return new Acknowledgement.NoGateways();
    }
    int confirmed = 0;
    Optional<Acknowledgement.Unusable> unusable = Optional.empty();
    for (String name : new TreeSet<>(expected)) {
      Optional<String> complaint = complaint(name, object, publication);
      if (complaint.isPresent()) {
        unusable =
            unusable.or(() ->
                complaint.map(
                    text -> new Acknowledgement.Unusable(name, text, 0, expected.size())));
      } else if (serves(name, publication)) {
        confirmed++;
      }
    }
    if (unusable.isPresent()) {
      Acknowledgement.Unusable first = unusable.get();
      return new Acknowledgement.Unusable(
          first.gateway(), first.message(), confirmed, expected.size());
    }
    if (confirmed == expected.size()) {
      return new Acknowledgement.Confirmed(confirmed);
    }
    return new Acknowledgement.Waiting(
        confirmed, expected.size(), publication.at(), publication.firstOfProcess());
  }

  private Optional<String> complaint(String name, ResourceRef object, Publication publication) {
    GatewayHealth gateway = gateways.get(name);
    if (gateway == null) {
      return Optional.empty();
    }
    Optional<String> refused =
        gateway
            .rejection()
            .filter(no -> !publication.revision().isNewerThan(no.revision()))
            .filter(no -> publication.revision().isNewerThan(gateway.revision()))
            .map(GatewayHealth.Rejection::reason);
    return refused.or(
        () -> serves(name, publication) ? gateway.complaint(object) : Optional.empty());
  }

  private boolean serves(String name, Publication publication) {
    GatewayHealth gateway = gateways.get(name);
    return gateway != null && !publication.revision().isNewerThan(gateway.revision());
  }

  /** All holds as each connected gateway knows them; the fleet's own with no gateway connected. */
  public List<HoldSet> views() {
    if (gateways.isEmpty()) {
      return List.of(holds);
    }
    return gateways.values().stream()
        .map(gateway -> gateway.ownHolds().map(own -> own.join(holds)).orElse(holds))
        .toList();
  }

  /** Figures of one provider over all gateways and models. */
  public WindowSum window(ObjectName provider) {
    return WindowSum.of(
        figures().stream().filter(figures -> figures.provider().equals(provider)).toList());
  }

  /** Figures of one model of a provider over all gateways. */
  public WindowSum window(ObjectName provider, String model) {
    return WindowSum.of(
        figures().stream()
            .filter(figures -> figures.provider().equals(provider) && figures.model().equals(model))
            .toList());
  }

  private List<TargetFigures> figures() {
    List<TargetFigures> all = new ArrayList<>();
    gateways.values().forEach(gateway -> all.addAll(gateway.targets()));
    return all;
  }

  /** What all gateways say of each route. */
  public Map<ObjectName, List<RouteFigures>> routes() {
    return gateways.values().stream()
        .flatMap(gateway -> gateway.routes().stream())
        .collect(Collectors.groupingBy(RouteFigures::route));
  }

  /** When the last word of any gateway came. */
  public Optional<Instant> lastHeard() {
    return gateways.values().stream().map(GatewayHealth::lastHeard).max(Instant::compareTo);
  }

  /** Whether a hold changes a state: a rate limit does so only after a while. */
  public boolean isNews(HoldKey key, Hold hold, Instant now) {
    if (hold.reason() != Reason.RATE_LIMITED) {
      return true;
    }
    Instant since = limited.getOrDefault(key, hold.since());
    return !now.isBefore(since.plus(LIMIT_IS_NEWS_AFTER));
  }

  /** This picture with what depends on time and holds worked out anew. */
  private FleetHealth observed(Instant now) {
    TreeMap<HoldKey, Instant> nowLimited = new TreeMap<>();
    for (HoldSet view : views()) {
      view.entries()
          .forEach((key, entry) ->
              entry
                  .prevailing()
                  .filter(hold -> hold.reason() == Reason.RATE_LIMITED)
                  .flatMap(hold -> limitedSince(key, hold, now))
                  .ifPresent(
                      since -> nowLimited.merge(key, since, (a, b) -> a.isBefore(b) ? a : b)));
    }
    TreeMap<HoldKey, ProbePlan> plans = new TreeMap<>();
    holds
        .entries()
        .forEach((key, entry) -> {
          Optional<Hold> held =
              entry.holds().stream().filter(hold -> needsProbe(hold, now)).findFirst();
          held.ifPresent(hold -> {
            ProbePlan plan = probes.get(key);
            plans.put(key, plan == null ? ProbePlan.of(hold.since(), now) : plan);
          });
        });
    if (nowLimited.equals(limited) && plans.equals(probes)) {
      return this;
    }
    return new FleetHealth(gateways, holds, publications, plans, nowLimited, startedAt);
  }

  /** One outage for as long as limit follows limit with no success and no long pause between. */
  private Optional<Instant> limitedSince(HoldKey key, Hold hold, Instant now) {
    boolean over = !hold.lasts(now.minus(LIMIT_IS_NEWS_AFTER));
    if (over) {
      return Optional.empty();
    }
    Instant since = limited.getOrDefault(key, hold.since());
    Optional<Instant> success =
        switch (key) {
          case HoldKey.OfModel(ObjectName provider, String model) ->
              window(provider, model).lastSuccess();
          case HoldKey.OfProvider(ObjectName provider) -> window(provider).lastSuccess();
          case HoldKey.OfCredential(ObjectName provider, _) -> window(provider).lastSuccess();
        };
    boolean served = success.isPresent() && success.get().isAfter(since);
    return Optional.of(served ? hold.since() : since);
  }

  private static boolean needsProbe(Hold hold, Instant now) {
    return hold.reason().probedApart() && hold.lasts(now);
  }

  /** Probes that are due, each with the gateway whose turn it is. */
  public List<ProbeOrder> probesDue(FleetModel model, Instant now) {
    List<String> names = List.copyOf(gateways.keySet());
    if (names.isEmpty()) {
      return List.of();
    }
    List<ProbeOrder> due = new ArrayList<>();
    probes.forEach((key, plan) -> {
      Optional<ProviderModel> provider = model.provider(key.provider());
      if (plan.isDue(now) && provider.isPresent() && wantsProbe(provider.get(), key)) {
        due.add(new ProbeOrder(key, names.get(plan.asked() % names.size())));
      }
    });
    return due;
  }

  /** No probe for a drained provider, a key that is gone, or a refusal that the spec has ended. */
  private boolean wantsProbe(ProviderModel provider, HoldKey key) {
    boolean keyIsThere =
        !(key instanceof HoldKey.OfCredential(_, String keyId))
            || provider.keys().stream().anyMatch(own -> own.ref().keyId().equals(keyId));
    Optional<Hold> held = holds.last(key);
    boolean banned = held.filter(hold -> hold.reason() == Reason.ACCOUNT_DISABLED).isPresent();
    boolean stillMeant = banned || held.filter(hold -> isOf(hold, provider)).isPresent();
    return provider.mode() == Mode.ACTIVE
        && keyIsThere
        && stillMeant
        && (!banned || provider.health().banProbe() == BanProbe.AUTO);
  }

  private static boolean isOf(Hold hold, ProviderModel provider) {
    return hold.fingerprint().isEmpty() || hold.fingerprint().equals(provider.fingerprint());
  }

  /** This picture after these probes were sent. */
  public FleetHealth probed(List<ProbeOrder> sent, Instant now) {
    TreeMap<HoldKey, ProbePlan> plans = new TreeMap<>(probes);
    sent.forEach(order -> plans.computeIfPresent(order.key(), (key, plan) -> plan.asked(now)));
    return new FleetHealth(gateways, holds, publications, plans, limited, startedAt);
  }
}
