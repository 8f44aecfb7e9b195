package dev.changeover.local.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatewayWatchTest {
  @Test
  void anAttemptBegunAfterTheGatewayKnewIsLateUntilTheBanIsOver() {
    var watch = new GatewayWatch();
    watch.attempted(10);
    watch.held(20);
    watch.held(25); // later words of the same hold
    watch.attempted(20);
    watch.attempted(21);
    watch.attempted(40);
    assertThat(watch.lateAttempts(30)).isEqualTo(1);
    assertThat(watch.heldSince()).hasValue(20);
  }

  @Test
  void aGatewayThatNeverKnewHasNoLateAttempts() {
    var watch = new GatewayWatch();
    watch.attempted(10);
    assertThat(watch.lateAttempts(Long.MAX_VALUE)).isZero();
  }
}
