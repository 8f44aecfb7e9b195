package dev.changeover.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.Attempts;
import dev.changeover.contract.ContractVersion;
import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Revision;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.Strategy;
import dev.changeover.contract.TargetConfig;
import dev.changeover.gateway.attempt.AttemptRecord;
import dev.changeover.gateway.attempt.Ending;
import dev.changeover.gateway.attempt.RunRecord;
import dev.changeover.gateway.dialect.Usage;
import dev.changeover.gateway.health.Failures;
import dev.changeover.gateway.health.Fleets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GatewayMetricsTest {
  private static final int MANY_ROUTES = 5_000;
  private static final ProviderConfig ONE = Fleets.provider("one");
  private static final ProviderConfig TWO = Fleets.provider("two");

  private List<Standing.HeldFor> held = List.of();
  private final GatewayMetrics metrics = new GatewayMetrics("test", new Still(), Optional::empty);

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void whatIsNoLongerConfiguredHasNoSeries() {
    RouteConfig route = route("gone");
    metrics.configured(fleet(List.of(ONE, TWO), List.of(route)));
    serve(route);
    metrics.probed(ONE.name(), "m", new Usage(1, 0, 0, 1, 0));
    assertThat(series())
        .anyMatch(line -> line.contains("one"))
        .anyMatch(line -> line.contains("gone"));

    RouteConfig stays =
        Fleets.route(Attempts.DEFAULT, Strategy.PRIORITY, Fleets.target("two", "m"));
    metrics.configured(fleet(List.of(TWO), List.of(stays)));
    assertThat(about("one")).isEmpty();
    assertThat(about("gone")).isEmpty();
    assertThat(about("two")).isNotEmpty();

    serve(route); // it began before
    assertThat(about("one")).isEmpty();
    assertThat(about("gone")).isEmpty();
  }

  @Test
  void whatGoesOnKeepsItsCounts() {
    RouteConfig route = route("assistant");
    metrics.configured(fleet(List.of(ONE, TWO), List.of(route)));
    serve(route);
    metrics.configured(fleet(List.of(ONE, TWO), List.of(route, route("more"))));
    serve(route);

    assertThat(series())
        .anyMatch(line ->
            line.startsWith(
                "llm_requests_total{model=\"m\",provider=\"one\",provider_namespace=\"default\","
                    + "route=\"assistant\",route_namespace=\"default\"} 2"));
  }

  @Test
  void atMostTwentyThousandSeriesAreShownAndNothingGoesUncounted() {
    List<RouteConfig> routes =
        IntStream.range(0, MANY_ROUTES).mapToObj(i -> route("route-" + i)).toList();
    metrics.configured(fleet(List.of(ONE, TWO), routes));
    routes.forEach(this::serve);
    held =
        IntStream.range(0, 2 * GatewayMetrics.HOLDS_MAX)
            .mapToObj(i -> new Standing.HeldFor(ONE.name(), "key-" + i, Reason.CREDENTIAL_REJECTED))
            .toList();

    List<String> series = series();
    assertThat(series).hasSizeBetween(15_000, SeriesBook.SERIES_MAX);
    assertThat(series)
        .anyMatch(line ->
            line.startsWith(
                "llm_requests_total{model=\"m\",provider=\"one\",provider_namespace=\"default\","
                    + "route=\"other\""));
    assertThat(sum(series, "llm_requests_total{")).isEqualTo(2 * MANY_ROUTES);
    assertThat(sum(series, "llm_requests_failed_total{")).isEqualTo(MANY_ROUTES);
    assertThat(sum(series, "llm_gateway_requests_total{")).isEqualTo(MANY_ROUTES);
    assertThat(sum(series, "llm_gateway_request_duration_seconds_count{")).isEqualTo(MANY_ROUTES);
    assertThat(sum(series, "llm_provider_holds{")).isEqualTo(GatewayMetrics.HOLDS_MAX + 1);
  }

  @Test
  void aProviderThatComesToAFullGatewayIsShownToStand() {
    List<RouteConfig> routes =
        IntStream.range(0, MANY_ROUTES).mapToObj(i -> route("route-" + i)).toList();
    metrics.configured(fleet(List.of(ONE, TWO), routes));
    routes.forEach(this::serve);
    metrics.configured(fleet(List.of(ONE, TWO, Fleets.provider("three")), routes));

    assertThat(about("three")).singleElement().asString().startsWith("llm_provider_available{");
  }

  @Test
  void manyHoldsHideNoBan() {
    Stream<Standing.HeldFor> soft =
        IntStream.range(0, GatewayMetrics.HOLDS_MAX)
            .mapToObj(i -> new Standing.HeldFor(ONE.name(), "key-" + i, Reason.TIMEOUT));
    held =
        Stream.concat(
                soft,
                Stream.of(
                    new Standing.HeldFor(ONE.name(), "refused", Reason.CREDENTIAL_REJECTED),
                    new Standing.HeldFor(TWO.name(), "", Reason.ACCOUNT_DISABLED)))
            .toList();

    assertThat(about("two")).singleElement().asString().contains("AccountDisabled");
    assertThat(about("refused")).hasSize(1);
  }

  @Test
  void roomThatIsFreeAgainIsUsed() {
    List<RouteConfig> routes =
        IntStream.range(0, MANY_ROUTES).mapToObj(i -> route("route-" + i)).toList();
    metrics.configured(fleet(List.of(ONE, TWO), routes));
    RouteConfig last = routes.getLast();
    serve(last);
    assertThat(about(last.name().name())).isEmpty();

    metrics.configured(fleet(List.of(ONE, TWO), List.of(last)));
    serve(last);
    assertThat(about(last.name().name())).isNotEmpty();
  }

  @Test
  void aTimersMaximumIsNotShown() {
    RouteConfig route = route("assistant");
    metrics.configured(fleet(List.of(ONE, TWO), List.of(route)));
    serve(route);

    assertThat(metrics.text()).doesNotContain("_max");
    assertThat(metrics.text()).contains("llm_request_duration_seconds_count{");
  }

  @Test
  void aRequestIsMovedFromTheTargetThatItsOwnOrderHadFirst() {
    RouteConfig route = route("assistant");
    metrics.configured(fleet(List.of(ONE, TWO), List.of(route)));
    finish(route, route.targets().getLast(), List.of(attempt(route.targets().getFirst(), true)));

    assertThat(series())
        .anyMatch(line ->
            line.startsWith("llm_failovers_total{from=\"default/two\"")
                && line.contains("to=\"default/one\""));
  }

  /** A request that the first target fails and the second answers. */
  private void serve(RouteConfig route) {
    AttemptRecord failed = attempt(route.targets().getFirst(), false);
    AttemptRecord answered = attempt(route.targets().getLast(), true);
    metrics.began();
    metrics.attemptEnded(route, failed);
    metrics.attemptEnded(route, answered);
    finish(route, route.targets().getFirst(), List.of(failed, answered));
  }

  private void finish(RouteConfig route, TargetConfig preferred, List<AttemptRecord> attempts) {
    metrics.finished(
        new RequestRecord(
            "req_1",
            Optional.of(route.name()),
            "openai",
            false,
            "assistant",
            Optional.of(
                new RunRecord(
                    route,
                    attempts,
                    List.of(),
                    Optional.of(preferred),
                    Reason.SERVER_ERROR.word(),
                    Optional.of(Duration.ofMillis(9)),
                    Optional.of(Duration.ofMillis(5)),
                    0,
                    new Ending.Complete())),
            200,
            Fault.NONE,
            "",
            Duration.ofMillis(10),
            Revision.NONE));
  }

  private static AttemptRecord attempt(TargetConfig target, boolean answered) {
    return new AttemptRecord(
        (TargetConfig.Usable) target,
        Optional.empty(),
        answered,
        answered ? Optional.empty() : Optional.of(Failures.of(Reason.SERVER_ERROR)),
        answered ? 200 : 500,
        "",
        Duration.ofMillis(5),
        Optional.of(Duration.ofMillis(4)),
        Optional.of(new Usage(1, 0, 0, 1, 0)));
  }

  private static RouteConfig route(String name) {
    return new RouteConfig(
        Fleets.name(name),
        List.of(name),
        Strategy.PRIORITY,
        List.of(Fleets.target("one", "m"), Fleets.target("two", "m")),
        Attempts.DEFAULT,
        Mode.ACTIVE);
  }

  private static FleetConfig fleet(List<ProviderConfig> providers, List<RouteConfig> routes) {
    return new FleetConfig(ContractVersion.CURRENT, "default", providers, routes);
  }

  private List<String> series() {
    return metrics.text().lines().filter(line -> !line.startsWith("#")).toList();
  }

  private Stream<String> about(String name) {
    return series().stream()
        .filter(line -> line.contains("\"" + name + "\"") || line.contains("/" + name + "\""));
  }

  private static double sum(List<String> series, String start) {
    return series.stream()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Every provider stands, whatever was counted. */
  private final class Still implements Standing {
    @Override
    public boolean available(ObjectName provider) {
      return true;
    }

    @Override
    public List<HeldFor> holds() {
      return held;
    }

    @Override
    public RouteStanding route(RouteConfig route) {
      return new RouteStanding(false, route.targets().size());
    }
  }
}
