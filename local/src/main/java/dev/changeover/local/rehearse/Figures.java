package dev.changeover.local.rehearse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a rehearsal came to.
 *
 * @param inFlightAtBan requests that the provider was answering when it was banned
 * @param untilAllHeld from the first ban reply until the last gateway held the provider; empty
 *     where one never did
 * @param lateAttempts attempts at the banned provider that a gateway began after it knew
 * @param findings what is wrong with answers, a sentence each
 */
public record Figures(
    Tally tally,
    int inFlightAtBan,
    Optional<Duration> untilAllHeld,
    int lateAttempts,
    List<String> findings) {
  private static final int FINDINGS_SHOWN_MAX = 10;

  public Figures {
    findings = List.copyOf(findings);
  }

  /** Whether every request got the whole answer of one provider, and no gateway knew and asked. */
  public boolean nothingLost() {
    return tally.sent() == tally.answered()
        && findings.isEmpty()
        && lateAttempts == 0
        && untilAllHeld.isPresent();
  }

  /** The figures, a line each. */
  public List<String> lines() {
    List<String> lines =
        new ArrayList<>(
            List.of(
                line("requests sent", tally.sent()),
                line("answered whole", tally.answered()),
                line("failed over", tally.failedOver())
                    + "   (%d of them after an attempt that failed)"
                        .formatted(tally.movedInFlight()),
                line("lost", tally.lost()),
                line("in flight at the provider when the ban came", inFlightAtBan),
                "%-52s %8s"
                    .formatted(
                        "from the first ban reply until the last gateway held it",
                        untilAllHeld.map(Figures::millis).orElse("never")),
                line("attempts begun by a gateway that knew of the ban", lateAttempts),
                line("answers that differ from the provider's ledger", findings.size())));
    findings.stream().limit(FINDINGS_SHOWN_MAX).map(finding -> "  " + finding).forEach(lines::add);
    return lines;
  }

  private static String line(String what, int count) {
    return "%-52s %8d".formatted(what, count);
  }

  private static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
  }
}
