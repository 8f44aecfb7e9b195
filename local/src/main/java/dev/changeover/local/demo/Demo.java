package dev.changeover.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.local.fleet.LocalFleet;
import dev.changeover.local.rehearse.Figures;
import dev.changeover.local.rehearse.Rehearsal;
import dev.changeover.local.rehearse.Tally;
import dev.changeover.local.rehearse.Traffic;
import dev.changeover.local.rehearse.TrafficPlan;
import dev.changeover.local.show.ClusterView;
import dev.changeover.local.show.Format;
import dev.changeover.local.show.Kind;
import dev.changeover.local.show.Showing;
import dev.changeover.local.simulate.SimulatedVendors;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One ban from beginning to end, shown as it happens. */
public final class Demo {
  private static final String BANNED = "anthropic";
  private static final String STANDBY = "openai";
  private static final String BAN_ALERT = "LLMProviderBanned";

  /** At which share of the requests something happens, in percent. */
  private static final int SHOW_BEFORE_AT = 15;

  private static final int BAN_AT = 30;
  private static final int SHOW_DURING_AT = 50;
  private static final int LIFT_AT = 65;

  private static final Duration TRAFFIC_MAX = Duration.ofSeconds(45);
  private static final Duration STATE_MAX = Duration.ofSeconds(10);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final LocalFleet fleet;
  private final Rehearsal rehearsal;
  private final TrafficPlan plan;
  private final ClusterView<RuntimeException> view;
  private final LocalFleet.Clocks clocks;
  private final Screen screen;

  /** What the demonstration works with. */
  public record Cast(
      LocalFleet fleet, Rehearsal rehearsal, TrafficPlan plan, LocalFleet.Clocks clocks) {}

  public Demo(Cast cast, PrintStream out) {
    fleet = cast.fleet();
    rehearsal = cast.rehearsal();
    plan = cast.plan();
    clocks = cast.clocks();
    screen = new Screen(out);
    view = new ClusterView<>(fleet.client()::raw, clocks.clock());
  }

  /** Plays it; whether nothing was lost and traffic returned. */
  public boolean play() throws InterruptedException {
    screen.line(
        "%d requests, %d at a time, in both dialects, half of them streamed, over %d gateways."
            .formatted(plan.requests(), plan.atOnce(), fleet.urls().size()));
    screen.line(
        plan.failover()
            ? "Route `assistant` prefers anthropic; openai stands by."
            : "Every request carries x-changeover-failover: off, so that openai may not help.");
    boolean returned;
    Figures figures;
    try (Traffic traffic = Traffic.start(plan, fleet.urls(), clocks.nanoClock())) {
      try (Ticker _ = Ticker.start(screen, traffic, List.of(BANNED, STANDBY))) {
        returned = scenes(traffic);
      }
      figures = rehearsal.figures(traffic);
    }
    screen.block("The figures", String.join("\n", figures.lines()));
    boolean good = figures.nothingLost() && returned;
    screen.line(verdict(figures, returned));
    return good;
  }

  private static String verdict(Figures figures, boolean returned) {
    if (!figures.nothingLost()) {
      return "Something was lost, or was not as it has to be: see the figures above.";
    }
    return returned
        ? "Nothing was lost: every request got the whole answer of one provider."
        : "Nothing was lost, but traffic did not return to anthropic.";
  }

  /** The ban and its end, at their places in the traffic; whether traffic returned. */
  private boolean scenes(Traffic traffic) throws InterruptedException {
    at(SHOW_BEFORE_AT, traffic);
    shows(Kind.PROVIDERS, BANNED, "Available");
    tables("Before the ban");

    at(BAN_AT, traffic);
    screen.line("");
    screen.line(
        "!!  anthropic bans the account: from now on status %d, organization disabled"
            .formatted(SimulatedVendors.banReply().status()));
    rehearsal.ban(SimulatedVendors.banReply());
    if (within(rehearsal::allHeld)) {
      screen.line("!!  every gateway holds anthropic: nobody asks it any more");
    }
    shows(Kind.PROVIDERS, BANNED, "Banned");
    at(SHOW_DURING_AT, traffic);
    tables("During the ban");
    screen.block("$ kubectl get events", shown(Kind.EVENTS));
    screen.block("The alert that fires (of PrometheusRule changeover-provider-anthropic)", rule());

    at(LIFT_AT, traffic);
    screen.line("");
    screen.line("!!  the ban is lifted at the provider, and a person clears it here:");
    screen.line("!!  kubectl annotate llmp/anthropic changeover.dev/clear=<any new value>");
    Tally beforeReturn = traffic.tally();
    rehearsal.lift();
    clear();
    boolean ended = traffic.awaitEnd(TRAFFIC_MAX);
    if (!ended) {
      screen.line("!!  not all requests have ended within " + TRAFFIC_MAX.toSeconds() + " s");
    }
    int returned = traffic.tally().since(beforeReturn).byProvider().getOrDefault(BANNED, 0);
    shows(Kind.PROVIDERS, BANNED, "Available");
    tables("After the ban");
    screen.block("$ kubectl get events", shown(Kind.EVENTS));
    return ended && returned > plan.atOnce();
  }

  private void at(int percent, Traffic traffic) throws InterruptedException {
    traffic.awaitSent(plan.requests() * percent / 100, TRAFFIC_MAX);
  }

  private void tables(String title) {
    screen.block(title, shown(Kind.PROVIDERS) + "\n" + shown(Kind.ROUTES));
  }

  private String shown(Kind kind) {
    return switch (view.show(kind, LocalFleet.NAMESPACE, "", Format.TABLE)) {
      case Showing.Shown(String text) -> text;
      case Showing.Nothing(String sentence) -> sentence + "\n";
    };
  }

  /** Waits until status says so; the tables then show what it says. */
  private void shows(Kind kind, String name, String state) throws InterruptedException {
    boolean _ =
        within(() ->
            view.list(kind, LocalFleet.NAMESPACE).stream()
                .filter(resource -> resource.at("/metadata/name").asText().equals(name))
                .anyMatch(resource -> resource.at("/status/state").asText().equals(state)));
  }

  private String rule() {
    for (JsonNode resource : view.list(Kind.RULES, LocalFleet.NAMESPACE)) {
      for (JsonNode group : resource.at("/spec/groups")) {
        for (JsonNode rule : group.path("rules")) {
          if (rule.path("alert").asText().equals(BAN_ALERT)
              && resource.at("/metadata/name").asText().endsWith(BANNED)) {
            return ClusterView.yaml(rule);
          }
        }
      }
    }
    return "none is written yet";
  }

  private void clear() {
    KubernetesClient client = fleet.client();
    String patch =
        "{\"metadata\":{\"annotations\":{\"changeover.dev/clear\":\"%s\"}}}"
            .formatted(clocks.clock().instant());
    client
        .genericKubernetesResources(
            new ResourceDefinitionContext.Builder()
                .withGroup("changeover.dev")
                .withVersion("v1alpha1")
                .withKind("LlmProvider")
                .withPlural("llmproviders")
                .withNamespaced(true)
                .build())
        .inNamespace(LocalFleet.NAMESPACE)
        .withName(BANNED)
        .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  private boolean within(BooleanSupplier condition) throws InterruptedException {
    long began = clocks.nanoClock().getAsLong();
    while (!condition.getAsBoolean()) {
      if (clocks.nanoClock().getAsLong() - began > STATE_MAX.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    return true;
  }
}
