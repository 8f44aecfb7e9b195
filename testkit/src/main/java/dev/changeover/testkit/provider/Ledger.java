package dev.changeover.testkit.provider;

import dev.changeover.testkit.provider.LedgerEntry.Played;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What a provider was asked and what it answered, in order; the eldest entries make room. */
public final class Ledger {
  /** The most entries kept. */
  public static final int ENTRIES_MAX = 100_000;

  /** The most bytes of a body that are kept; of a longer one the ledger keeps none. */
  static final int BODY_BYTES_KEPT_MAX = 1 << 20;

  private final AtomicInteger numbers = new AtomicInteger();
  private final ConcurrentSkipListMap<Integer, LedgerEntry> entries = new ConcurrentSkipListMap<>();

  Ledger() {}

  /** All entries, by number. */
  public List<LedgerEntry> entries() {
    return List.copyOf(entries.values());
  }

  public Optional<LedgerEntry> entry(int number) {
    return Optional.ofNullable(entries.get(number));
  }

  /** The entries whose last user message carried this tag. */
  public List<LedgerEntry> tagged(String tag) {
    return entries.values().stream().filter(entry -> entry.call().tag().equals(tag)).toList();
  }

  /** How many requests there have been, entries that made room included. */
  public int received() {
    return numbers.get();
  }

  int nextNumber() {
    return numbers.incrementAndGet();
  }

  void add(LedgerEntry entry) {
    entries.put(entry.call().number(), entry);
    entries.headMap(entry.call().number() - ENTRIES_MAX, true).clear();
  }

  void played(int number, Played played) {
    entries.computeIfPresent(number, (_, entry) -> entry.with(played));
  }
}
