package dev.changeover.local.rehearse;

import dev.changeover.testkit.client.AnswerAudit;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.provider.Fault.Reply;
import dev.changeover.testkit.provider.LedgerEntry;
import dev.changeover.testkit.provider.SimulatedProvider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** One ban, from its first reply to its end, and what it cost. */
public final class Rehearsal {
  private final SimulatedProvider banned;
  private final SimulatedProvider standby;
  private final List<GatewayWatch> gateways;
  private final LongSupplier nanoClock;
  private long banNanos;
  private long clearedNanos;

  /** A rehearsal; the clock is the one of the providers' ledgers and of the watches. */
  public Rehearsal(
      SimulatedProvider banned,
      SimulatedProvider standby,
      List<GatewayWatch> gateways,
      LongSupplier nanoClock) {
    this.banned = banned;
    this.standby = standby;
    this.gateways = List.copyOf(gateways);
    this.nanoClock = nanoClock;
    this.banNanos = nanoClock.getAsLong();
    this.clearedNanos = banNanos + Long.MAX_VALUE / 2;
  }

  /** The provider bans everybody from now on. */
  public void ban(Reply reply) {
    banNanos = nanoClock.getAsLong();
    banned.ban(reply);
  }

  /** The provider answers again; from now on attempts at it are no fault. */
  public void lift() {
    banned.unban();
    clearedNanos = nanoClock.getAsLong();
  }

  /** Waits until every gateway holds the provider; false if that takes too long. */
  public boolean allHeld() {
    return gateways.stream().allMatch(gateway -> gateway.heldSince().isPresent());
  }

  public Figures figures(Traffic traffic) {
    List<Complete> answers =
        traffic.results().stream()
            .flatMap(result -> result instanceof Complete whole ? Stream.of(whole) : Stream.empty())
            .toList();
    return new Figures(
        traffic.tally(),
        inFlightAtBan(),
        untilAllHeld(),
        gateways.stream().mapToInt(gateway -> gateway.lateAttempts(clearedNanos)).sum(),
        AnswerAudit.of(banned, standby).findings(answers));
  }

  private int inFlightAtBan() {
    return (int)
        banned.ledger().entries().stream()
            .filter(entry -> entry.arrivalNanos() - banNanos < 0)
            .filter(entry -> isOpen(entry) || entry.played().endNanos() - banNanos > 0)
            .count();
  }

  private static boolean isOpen(LedgerEntry entry) {
    return entry.played().end() == LedgerEntry.End.OPEN;
  }

  private Optional<Duration> untilAllHeld() {
    OptionalLong firstReply =
        banned.ledger().entries().stream()
            .filter(entry -> entry.played().behaviour() instanceof Reply)
            .filter(entry -> !isOpen(entry))
            .mapToLong(entry -> entry.played().endNanos())
            .min();
    if (firstReply.isEmpty() || !allHeld()) {
      return Optional.empty();
    }
    long last =
        gateways.stream()
            .mapToLong(gateway -> gateway.heldSince().orElseThrow() - firstReply.getAsLong())
            .max()
            .orElse(0);
    return Optional.of(Duration.ofNanos(Math.max(0, last))); // read before the ledger was written
  }
}
