package dev.changeover.local;

import dev.changeover.local.demo.Demo;
import dev.changeover.local.demo.DemoResources;
import dev.changeover.local.fleet.LocalFleet;
import dev.changeover.local.fleet.Ports;
import dev.changeover.local.rehearse.GatewayWatch;
import dev.changeover.local.rehearse.Rehearsal;
import dev.changeover.local.rehearse.TrafficPlan;
import dev.changeover.local.resources.Resource;
import dev.changeover.local.simulate.SimulatedVendors;
import dev.changeover.local.start.CannotStartException;
import dev.changeover.testkit.provider.Pacing;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** {@code demo}: a ban while requests are in flight, on free ports, with simulated providers. */
record DemoCommand(int requests, boolean failover) {
  private static final int GATEWAYS = 2;
  private static final int AT_ONCE = 20;
  private static final int REQUESTS_MIN = 200;
  private static final int REQUESTS_MAX = 20_000;
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

  /** An eighth of a second an answer: many requests are in flight when the ban comes. */
  private static final Pacing PACING =
      new Pacing(Duration.ofMillis(60), Duration.ofMillis(20), Duration.ofMillis(8));

  int run(Terminal terminal) throws CannotStartException, InterruptedException {
    if (requests < REQUESTS_MIN || requests > REQUESTS_MAX) {
      throw new CannotStartException(
          "a demo has %d to %d requests: give --requests between them"
              .formatted(REQUESTS_MIN, REQUESTS_MAX));
    }
    var clocks = new LocalFleet.Clocks(terminal.clock(), terminal.nanoClock());
    List<GatewayWatch> watches = Stream.generate(GatewayWatch::new).limit(GATEWAYS).toList();
    try (SimulatedVendors vendors = SimulatedVendors.start(0, 0, PACING, terminal.nanoClock())) {
      List<Resource> resources =
          Resources.accepted(
              Resources.files(terminal).parse("the demo", DemoResources.yaml(vendors)));
      try (LocalFleet fleet =
          LocalFleet.start(
              resources, Ports.anyFree(GATEWAYS), clocks, new BanObserver(watches, terminal))) {
        var rehearsal =
            new Rehearsal(vendors.anthropic(), vendors.openAi(), watches, terminal.nanoClock());
        var plan = new TrafficPlan(DemoResources.MODEL, requests, AT_ONCE, failover, ANSWER_MAX);
        var demo = new Demo(new Demo.Cast(fleet, rehearsal, plan, clocks), terminal.out());
        return demo.play() ? 0 : 1;
      }
    }
  }
}
