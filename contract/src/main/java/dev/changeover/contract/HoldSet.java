package dev.changeover.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * All holds that somebody knows of: the same type in gateway, operator and durable copy.
 *
 * <p>{@link #join} is commutative, associative and idempotent: a lift beats the holds that began
 * before it, otherwise the later end prevails. A lift is stamped after the beginning of what it
 * lifts and a hold after the last lift, so clocks need not agree.
 */
public record HoldSet(SortedMap<HoldKey, Entry> entries) {
  public static final HoldSet EMPTY = new HoldSet(new TreeMap<>());

  @JsonCreator
  static HoldSet of(Map<HoldKey, Entry> entries) {
    return new HoldSet(new TreeMap<>(entries));
  }

  public HoldSet {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  @JsonValue
  @Override
  public SortedMap<HoldKey, Entry> entries() {
    return entries;
  }

  /**
   * What is known of one key: when it was last lifted, and the holds that began after that. Of two
   * holds only one stays, unless the one that ends later began earlier: then a lift between the two
   * beginnings would end one and not the other, so both stay.
   */
  public record Entry(Optional<Instant> lifted, List<Hold> holds) {
    static final Entry EMPTY = new Entry(Optional.empty(), List.of());

    public Entry {
      holds = prevailing(lifted, holds);
    }

    private static List<Hold> prevailing(Optional<Instant> lifted, List<Hold> holds) {
      List<Hold> sorted = new ArrayList<>(holds);
      sorted.sort(Hold.RANK.reversed());
      List<Hold> kept = new ArrayList<>();
      Instant latestBeginning = lifted.orElse(Instant.MIN);
      for (Hold hold : sorted) {
        if (hold.since().isAfter(latestBeginning)) {
          kept.add(hold);
          latestBeginning = hold.since();
        }
      }
      return List.copyOf(kept);
    }

    Entry join(Entry other) {
      Optional<Instant> later =
          lifted.isEmpty() || (other.lifted.isPresent() && other.lifted.get().isAfter(lifted.get()))
              ? other.lifted
              : lifted;
      List<Hold> both = new ArrayList<>(holds);
      both.addAll(other.holds);
      return new Entry(later, both);
    }

    /** The hold that ends last, over or not. */
    @JsonIgnore
    public Optional<Hold> prevailing() {
      return holds.stream().findFirst();
    }
  }

  public HoldSet join(HoldSet other) {
    if (other.entries.isEmpty()) {
      return this;
    }
    TreeMap<HoldKey, Entry> joined = new TreeMap<>(entries);
    other.entries.forEach((key, entry) -> joined.merge(key, entry, Entry::join));
    return new HoldSet(joined);
  }

  /**
   * This set and one more hold, whose beginning is moved after the key's last lift if a clock ran
   * behind.
   */
  public HoldSet held(HoldKey key, Hold hold) {
    Entry entry = entries.getOrDefault(key, Entry.EMPTY);
    Instant since =
        entry
            .lifted()
            .filter(lift -> !hold.since().isAfter(lift))
            .map(lift -> lift.plusMillis(1))
            .orElse(hold.since());
    Optional<Instant> until = hold.until().map(end -> end.isBefore(since) ? since : end);
    Hold stamped =
        new Hold(hold.reason(), since, until, hold.step(), hold.evidence(), hold.fingerprint());
    return join(single(key, new Entry(Optional.empty(), List.of(stamped))));
  }

  /** This set with all holds of one key lifted, those stamped later than {@code now} included. */
  public HoldSet lifted(HoldKey key, Instant now) {
    Instant latest =
        entries.getOrDefault(key, Entry.EMPTY).holds().stream()
            .map(Hold::since)
            .filter(since -> since.isAfter(now))
            .max(Instant::compareTo)
            .orElse(now);
    return join(single(key, new Entry(Optional.of(latest), List.of())));
  }

  /** This set with every hold of one provider lifted: of the whole, of its keys, of its models. */
  public HoldSet liftedAll(ObjectName provider, Instant now) {
    HoldSet result = lifted(new HoldKey.OfProvider(provider), now);
    for (HoldKey key : entries.keySet()) {
      if (key.provider().equals(provider)) {
        result = result.lifted(key, now);
      }
    }
    return result;
  }

  /** The hold of one key that lasts at {@code now} and prevails. */
  public Optional<Hold> inForce(HoldKey key, Instant now) {
    Entry entry = entries.get(key);
    return entry == null ? Optional.empty() : entry.prevailing().filter(hold -> hold.lasts(now));
  }

  /** The hold of one key that prevails, even if its time is over: its step counts for the next. */
  public Optional<Hold> last(HoldKey key) {
    Entry entry = entries.get(key);
    return entry == null ? Optional.empty() : entry.prevailing();
  }

  public Optional<Instant> lastLift(HoldKey key) {
    Entry entry = entries.get(key);
    return entry == null ? Optional.empty() : entry.lifted();
  }

  /**
   * This set without what no longer matters: keys that are not wanted, holds over before a time.
   */
  public HoldSet pruned(Predicate<HoldKey> wanted, Instant overBefore) {
    TreeMap<HoldKey, Entry> kept = new TreeMap<>();
    entries.forEach((key, entry) -> {
      if (!wanted.test(key)) {
        return;
      }
      List<Hold> lasting = entry.holds().stream().filter(hold -> hold.lasts(overBefore)).toList();
      if (!lasting.isEmpty() || entry.lifted().isPresent()) {
        kept.put(key, new Entry(entry.lifted(), lasting));
      }
    });
    return kept.equals(entries) ? this : new HoldSet(kept);
  }

  /** This set with every end moved: for a sender whose clock is not ours. */
  public HoldSet shifted(Duration difference) {
    if (difference.isZero()) {
      return this;
    }
    TreeMap<HoldKey, Entry> moved = new TreeMap<>();
    entries.forEach((key, entry) ->
        moved.put(
            key,
            new Entry(
                entry.lifted(),
                entry.holds().stream().map(hold -> shifted(hold, difference)).toList())));
    return new HoldSet(moved);
  }

  private static Hold shifted(Hold hold, Duration difference) {
    Optional<Instant> until =
        hold.until()
            .map(end -> end.plus(difference))
            .map(end -> end.isBefore(hold.since()) ? hold.since() : end);
    return new Hold(
        hold.reason(), hold.since(), until, hold.step(), hold.evidence(), hold.fingerprint());
  }

  private static HoldSet single(HoldKey key, Entry entry) {
    TreeMap<HoldKey, Entry> one = new TreeMap<>();
    one.put(key, entry);
    return new HoldSet(one);
  }
}
