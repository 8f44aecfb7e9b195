package dev.changeover.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.local.demo.DemoResources;
import dev.changeover.local.fleet.LocalFleet;
import dev.changeover.local.fleet.Ports;
import dev.changeover.local.metrics.ExpositionCheck;
import dev.changeover.local.rehearse.Figures;
import dev.changeover.local.rehearse.GatewayWatch;
import dev.changeover.local.rehearse.Rehearsal;
import dev.changeover.local.rehearse.Traffic;
import dev.changeover.local.rehearse.TrafficPlan;
import dev.changeover.local.simulate.SimulatedVendors;
import dev.changeover.testkit.provider.Pacing;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the issue asks to be shown first: 2,000 requests and a ban in their middle. */
class BanRehearsalIT {
  private static final Duration MAX = Duration.ofSeconds(60);
  private static final Pacing PACING =
      new Pacing(Duration.ofMillis(30), Duration.ofMillis(10), Duration.ofMillis(4));

  private final Terminal terminal =
      new Terminal(
          InputStream.nullInputStream(),
          System.out,
          System.err,
          _ -> Optional.empty(),
          InstantSource.system(),
          System::nanoTime);

  @Test
  void twoThousandRequestsSurviveABanInTheirMiddle() throws Exception {
    var clocks = new LocalFleet.Clocks(terminal.clock(), terminal.nanoClock());
    List<GatewayWatch> watches = List.of(new GatewayWatch(), new GatewayWatch());
    try (var vendors = SimulatedVendors.start(0, 0, PACING, terminal.nanoClock());
        var fleet =
            LocalFleet.start(
                Resources.accepted(
                    Resources.files(terminal).parse("test", DemoResources.yaml(vendors))),
                Ports.anyFree(2),
                clocks,
                new BanObserver(watches, terminal))) {
      var rehearsal =
          new Rehearsal(vendors.anthropic(), vendors.openAi(), watches, terminal.nanoClock());
      var plan = new TrafficPlan(DemoResources.MODEL, 2_000, 20, true, MAX);
      try (Traffic traffic = Traffic.start(plan, fleet.urls(), terminal.nanoClock())) {
        assertThat(traffic.awaitSent(1_000, MAX)).isTrue();
        rehearsal.ban(SimulatedVendors.banReply());
        assertThat(traffic.awaitEnd(MAX)).isTrue();
        Figures figures = rehearsal.figures(traffic);
        figures.lines().forEach(terminal.out()::println);
        assertThat(figures.tally().sent()).isEqualTo(2_000);
        assertThat(figures.tally().answered()).isEqualTo(2_000);
        assertThat(figures.findings()).isEmpty();
        assertThat(figures.lateAttempts()).isZero();
        assertThat(figures.inFlightAtBan()).isPositive();
        assertThat(figures.tally().failedOver()).isGreaterThan(900);
        assertThat(figures.untilAllHeld().orElseThrow()).isLessThan(Duration.ofSeconds(1));
        assertThat(figures.nothingLost()).isTrue();
      }
      assertThat(ExpositionCheck.findings(fleet.metrics())).isEmpty();
      assertThat(fleet.metrics())
          .contains("llm_requests_total{gateway=\"gateway-1\"")
          .contains("component=\"operator\"");
    }
  }
}
