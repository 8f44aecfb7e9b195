package dev.changeover.local.process;

import static dev.changeover.local.process.ProcessFleet.MODEL;
import static dev.changeover.local.process.ProcessFleet.SETTLED_MAX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.contract.Bundle;
import dev.changeover.testkit.process.GatewayProcess;
import dev.changeover.testkit.process.SteadyTraffic;
import dev.changeover.testkit.provider.VendorReplies;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator as a process that dies and comes back while callers are served. */
final class OperatorRestartIT {
  private static final int CALLERS = 8;
  private static final int A_WHILE = 200;

  @TempDir private Path folder;

  @Test
  void anOperatorKilledAndStartedUnderTrafficLosesNothingAndFlipsNothing() throws Exception {
    try (var fleet = new ProcessFleet(folder, ProcessFleet.Keys.SOME, Map.of());
        var states = new RecordedStates(fleet.client())) {
      GatewayProcess first = fleet.startGateway("gateway-1");
      GatewayProcess second = fleet.startGateway("gateway-2");
      fleet.awaitProgrammed(2);
      try (var traffic =
          SteadyTraffic.start(
              MODEL, CALLERS, List.of(first.origin(), second.origin()), System::nanoTime)) {
        traffic.awaitMore(A_WHILE);
        await().atMost(SETTLED_MAX).until(() -> isState(fleet, "anthropic", "Available"));
        await().atMost(SETTLED_MAX).until(() -> "Available".equals(fleet.routeState()));

        fleet.anthropic().ban(VendorReplies.anthropicOrganizationDisabled());
        await().atMost(SETTLED_MAX).until(() -> isState(fleet, "anthropic", "Banned"));
        await().atMost(SETTLED_MAX).until(() -> "FailedOver".equals(fleet.routeState()));
        await().atMost(SETTLED_MAX).until(() -> isHeldForTheBan(first) && isHeldForTheBan(second));
        traffic.awaitMore(CALLERS); // whatever was under way when the hold arrived is over
        int asked = fleet.anthropic().ledger().received();
        long epoch = epoch(fleet);

        fleet.operator().kill();
        traffic.awaitMore(A_WHILE);
        fleet.startOperatorAgain();
        await().atMost(SETTLED_MAX).until(() -> epoch(fleet) > epoch);
        fleet.awaitProgrammed(2);
        traffic.awaitMore(A_WHILE);

        assertThat(isState(fleet, "anthropic", "Banned")).isTrue();
        assertThat(fleet.routeState()).isEqualTo("FailedOver");
        Answers.assertNoneLost(fleet, traffic.stop());
        Answers.assertNotAskedAgain(fleet.anthropic().ledger(), asked);
        assertThat(isHeldForTheBan(first) && isHeldForTheBan(second)).isTrue();
      }
      assertThat(states.of("LlmProvider/anthropic")).endsWith("Available", "Banned");
      assertThat(afterFirst("Available", states.of("LlmProvider/anthropic")))
          .containsExactly("Banned");
      assertThat(afterFirst("Available", states.of("LlmProvider/openai"))).isEmpty();
      assertThat(afterFirst("Available", states.of("LlmRoute/assistant")))
          .containsExactly("FailedOver");
    }
  }

  private static List<String> afterFirst(String state, List<String> states) {
    assertThat(states).contains(state);
    return states.subList(states.indexOf(state) + 1, states.size());
  }

  private static boolean isState(ProcessFleet fleet, String provider, String state) {
    return state.equals(fleet.status(provider).state());
  }

  private static boolean isHeldForTheBan(GatewayProcess gateway) {
    return gateway.holds("anthropic", "AccountDisabled");
  }

  private static long epoch(ProcessFleet fleet) {
    return fleet.mount().shown().map(Bundle::revision).map(last -> last.epoch()).orElse(0L);
  }
}
