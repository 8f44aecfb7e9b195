package dev.changeover.gateway.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.noop.NoopCounter;
import io.micrometer.core.instrument.noop.NoopTimer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The meters of one gateway, by name and labels, and how many series they are. The fuller it is,
 * the less a new meter is told apart: first its route is {@code other}, then its provider and
 * model, so that the figures of a provider stay true as long as possible. A gauge has no other.
 */
final class SeriesBook {
  /** What stands for everything that has no series of its own. */
  static final String OTHER = "other";

  /** Series that a gateway shows at most. */
  static final int SERIES_MAX = 20_000;

  /** With more, no histogram is told apart. */
  static final int HISTOGRAMS_MAX = 12_000;

  /** With more, routes are not told apart. */
  static final int ROUTES_MAX = 16_000;

  /** With more, providers and models are not told apart. */
  static final int PROVIDERS_MAX = 18_500;

  /** Names whose meters are remembered to be those of others. */
  private static final int FOLDED_MAX = 50_000;

  private static final Set<String> OF_ROUTES = Set.of("route_namespace", "route");
  private static final Set<String> OF_ALL =
      Set.of("route_namespace", "route", "provider_namespace", "provider", "model", "from", "to");

  private record Key(String name, Tags tags) {}

  private record Kept(Meter meter, int series) {}

  /** How a meter of some kind is made. */
  private record Kind<M extends Meter>(
      Class<M> type,
      int series,
      int routesMax,
      int providersMax,
      Making<M> making,
      Making<M> nothing) {}

  private interface Making<M extends Meter> {
    M with(Tags tags);
  }

  private final MeterRegistry registry;
  private final Map<Key, Kept> meters = new ConcurrentHashMap<>();
  private final Map<Key, Meter> folded = new ConcurrentHashMap<>();
  private int series;
  private boolean grown;

  /**
   * @param series how many series there are or may be beside those of this book
   */
  SeriesBook(MeterRegistry registry, int series) {
    this.registry = registry;
    this.series = series;
  }

  Counter counter(String name, String help, Tags tags) {
    return find(
        name,
        tags,
        new Kind<>(
            Counter.class,
            1,
            ROUTES_MAX,
            PROVIDERS_MAX,
            those -> Counter.builder(name).description(help).tags(those).register(registry),
            those -> new NoopCounter(id(name, those, Meter.Type.COUNTER))));
  }

  Timer timer(String name, String help, Duration[] buckets, Tags tags) {
    int series = buckets.length + 3; // and the last bucket, the count and the sum
    return find(
        name,
        tags,
        new Kind<>(
            Timer.class,
            series,
            HISTOGRAMS_MAX,
            HISTOGRAMS_MAX,
            those ->
                Timer.builder(name)
                    .description(help)
                    .tags(those)
                    .serviceLevelObjectives(buckets)
                    .register(registry),
            those -> new NoopTimer(id(name, those, Meter.Type.TIMER))));
  }

  /** Shows a value, where there is room; that of a provider has the last that there is. */
  synchronized void gauge(String name, String help, Tags tags, Supplier<Number> value) {
    var key = new Key(name, tags);
    boolean ofRoute = tags.stream().anyMatch(tag -> OF_ROUTES.contains(tag.getKey()));
    if (!meters.containsKey(key) && series < (ofRoute ? ROUTES_MAX : SERIES_MAX)) {
      Gauge gauge = Gauge.builder(name, value).description(help).tags(tags).register(registry);
      put(key, gauge, 1);
    }
  }

  /** Removes the meters whose name and labels are not wanted. */
  synchronized void keep(BiPredicate<String, Map<String, String>> wanted) {
    grown = false;
    folded.clear();
    Iterator<Map.Entry<Key, Kept>> each = meters.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<Key, Kept> entry = each.next();
      if (!wanted.test(entry.getKey().name(), labels(entry.getKey()))) {
        registry.remove(entry.getValue().meter());
        series -= entry.getValue().series();
        each.remove();
      }
    }
  }

  /** The same, where there are new ones since; what was wanted before must be so still. */
  synchronized void keepOfNew(BiPredicate<String, Map<String, String>> wanted) {
    if (grown) {
      keep(wanted);
    }
  }

  private void put(Key key, Meter meter, int more) {
    meters.put(key, new Kept(meter, more));
    series += more;
    grown = true;
  }

  private static Map<String, String> labels(Key key) {
    return key.tags().stream().collect(Collectors.toMap(Tag::getKey, Tag::getValue));
  }

  private <M extends Meter> M find(String name, Tags tags, Kind<M> kind) {
    var key = new Key(name, tags);
    Kept known = meters.get(key);
    Meter meter = known != null ? known.meter() : folded.get(key);
    return meter != null ? kind.type().cast(meter) : made(key, kind);
  }

  private synchronized <M extends Meter> M made(Key key, Kind<M> kind) {
    M meter = among(key, kind);
    if (!meters.containsKey(key) && folded.size() < FOLDED_MAX) {
      folded.put(key, meter);
    }
    return meter;
  }

  /** The most telling meter that there is or that there is room for. */
  private <M extends Meter> M among(Key key, Kind<M> kind) {
    record Choice(Tags tags, int max) {}
    var choices =
        List.of(
            new Choice(key.tags(), kind.routesMax()),
            new Choice(without(OF_ROUTES, key.tags()), kind.providersMax()),
            new Choice(without(OF_ALL, key.tags()), SERIES_MAX));
    for (Choice choice : choices) {
      var candidate = new Key(key.name(), choice.tags());
      Kept known = meters.get(candidate);
      if (known != null) {
        return kind.type().cast(known.meter());
      }
      if (series + kind.series() <= choice.max()) {
        M meter = kind.making().with(choice.tags());
        put(candidate, meter, kind.series());
        return meter;
      }
    }
    return kind.nothing().with(key.tags());
  }

  private static Tags without(Set<String> names, Tags tags) {
    return Tags.of(
        tags.stream()
            .map(tag -> names.contains(tag.getKey()) ? Tag.of(tag.getKey(), OTHER) : tag)
            .toList());
  }

  private static Meter.Id id(String name, Tags tags, Meter.Type type) {
    return new Meter.Id(name, tags, null, null, type);
  }
}
