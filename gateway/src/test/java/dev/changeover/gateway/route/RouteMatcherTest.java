package dev.changeover.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.Attempts;
import dev.changeover.contract.ContractVersion;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Revision;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.Strategy;
import dev.changeover.gateway.config.RoutingTable;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RouteMatcherTest {
  private static final RouteConfig EXACT = route("team/exact", Mode.ACTIVE, "gpt-4o", "gpt-4o-x");
  private static final RouteConfig SHORT = route("team/short", Mode.ACTIVE, "gpt-*");
  private static final RouteConfig LONG = route("team/long", Mode.ACTIVE, "gpt-4*");
  private static final RouteConfig DRAINED = route("team/drained", Mode.DRAINED, "old");
  private static final RouteConfig ELSEWHERE = route("other/all", Mode.ACTIVE, "*", "mine");
  private static final RoutingTable TABLE =
      RoutingTable.of(
          new Revision(1, 1),
          new FleetConfig(
              ContractVersion.CURRENT,
              "team",
              List.of(),
              List.of(EXACT, SHORT, LONG, DRAINED, ELSEWHERE)),
          Credentials.NONE);

  record Case(String sentence, String namespace, String model, RouteMatch expected) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("an exact name is found", "team", "gpt-4o", new RouteMatch.Matched(EXACT)),
        new Case("an exact name beats a prefix", "team", "gpt-4o-x", new RouteMatch.Matched(EXACT)),
        new Case(
            "a longer prefix beats a shorter", "team", "gpt-4.1", new RouteMatch.Matched(LONG)),
        new Case("a prefix is found", "team", "gpt-5", new RouteMatch.Matched(SHORT)),
        new Case("a prefix matches itself", "team", "gpt-", new RouteMatch.Matched(SHORT)),
        new Case(
            "a star alone matches everything of its namespace",
            "other",
            "anything",
            new RouteMatch.Matched(ELSEWHERE)),
        new Case(
            "another namespace's names are unknown",
            "team",
            "mine",
            new RouteMatch.UnknownModel("mine")),
        new Case(
            "an unknown namespace knows nothing",
            "nobody",
            "gpt-4o",
            new RouteMatch.UnknownModel("gpt-4o")),
        new Case("a star is no name to ask for", "team", "gp*", new RouteMatch.UnknownModel("gp*")),
        new Case("a drained route says so", "team", "old", new RouteMatch.Drained(DRAINED)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void matches(Case each) {
    assertThat(RouteMatcher.match(TABLE, each.namespace(), each.model()))
        .isEqualTo(each.expected());
  }

  @Test
  void modelsAreTheNamesThatCanBeAskedFor() {
    assertThat(RouteMatcher.models(TABLE, "team")).containsExactly("gpt-4o", "gpt-4o-x");
  }

  private static RouteConfig route(String name, Mode mode, String... models) {
    return new RouteConfig(
        ObjectName.parse(name),
        List.of(models),
        Strategy.PRIORITY,
        List.of(),
        Attempts.DEFAULT,
        mode);
  }
}
