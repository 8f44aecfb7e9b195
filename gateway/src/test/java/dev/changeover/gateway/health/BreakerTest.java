package dev.changeover.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeover.contract.Evidence;
import dev.changeover.contract.Hold;
import dev.changeover.contract.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BreakerTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Breaker.Lease LEASE = new Breaker.Lease(1, START.plusSeconds(90));

  private static Breaker.Cause cause(Reason reason, long seconds, boolean fleetWide) {
    return new Breaker.Cause(
        new Hold(reason, START, Optional.of(START.plusSeconds(seconds)), 0, Evidence.NONE, "f1"),
        fleetWide);
  }

  private static Breaker.Cause endless(Reason reason) {
    return new Breaker.Cause(
        new Hold(reason, START, Optional.empty(), 0, Evidence.NONE, "f1"), true);
  }

  private static Breaker.Held held(Breaker.Cause... causes) {
    return Breaker.Admitting.ADMITTING.held(List.of(causes));
  }

  @Test
  void aHeldBreakerLetsNoProbeThroughBeforeItsEnd() {
    Breaker.Held held = held(cause(Reason.TIMEOUT, 30, false));

    assertThat(held.probe("f1", START.plusSeconds(29), LEASE)).isEmpty();
    assertThat(held.probe("f1", START.plusSeconds(30), LEASE)).isPresent();
  }

  @Test
  void aBanIsNeverProbedByARequest() {
    assertThat(held(endless(Reason.ACCOUNT_DISABLED)).probe("f2", Instant.MAX, LEASE)).isEmpty();
  }

  @Test
  void theStrictestCausePrevailsThoughItEndsSooner() {
    Breaker.Cause quota = cause(Reason.QUOTA_EXHAUSTED, 30, true);
    Breaker.Held held = held(cause(Reason.TIMEOUT, 60, false), quota);

    assertThat(held.inForce("f1", START.plusSeconds(10))).contains(quota);
  }

  @Test
  void aLeaseIsOverAtItsEnd() {
    Breaker.Held held = held(cause(Reason.TIMEOUT, 30, false));
    Breaker.Probing probing = held.probe("f1", START.plusSeconds(30), LEASE).orElseThrow();

    assertThat(probing.at(START.plusSeconds(89))).isEqualTo(probing);
    assertThat(probing.at(START.plusSeconds(90))).isEqualTo(held);
  }

  @Test
  void nothingIsHeldForNoCause() {
    assertThatThrownBy(() -> new Breaker.Held(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
