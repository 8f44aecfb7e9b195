package dev.changeover.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;

/**
 * Which of two configurations is newer: the epoch of the operator that published it, then its
 * count; written {@code epoch.counter}. A gateway takes only a higher one.
 */
public record Revision(long epoch, long counter) implements Comparable<Revision> {
  /** Older than everything that was ever published. */
  public static final Revision NONE = new Revision(0, 0);

  private static final Comparator<Revision> ORDER =
      Comparator.comparingLong(Revision::epoch).thenComparingLong(Revision::counter);

  public Revision {
    if (epoch < 0 || counter < 0) {
      throw new IllegalArgumentException("a revision cannot be negative");
    }
  }

  @JsonCreator
  public static Revision parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 0) {
      throw new IllegalArgumentException("a revision is epoch.counter, not '" + text + "'");
    }
    return new Revision(
        Long.parseLong(text.substring(0, dot)), Long.parseLong(text.substring(dot + 1)));
  }

  public boolean isNewerThan(Revision other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(Revision other) {
    return ORDER.compare(this, other);
  }

  @JsonValue
  @Override
  public String toString() {
    return epoch + "." + counter;
  }
}
