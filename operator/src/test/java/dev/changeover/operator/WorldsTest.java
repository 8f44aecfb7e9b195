package dev.changeover.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.changeover.contract.ContractJson;
import dev.changeover.contract.RouteConfig;
import dev.changeover.crds.DurationText;
import dev.changeover.operator.alerts.AlertPolicy;
import dev.changeover.operator.alerts.AlertRules;
import dev.changeover.operator.alerts.FleetModelToAlertRules;
import dev.changeover.operator.compile.Compiled;
import dev.changeover.operator.compile.FleetModelToFleetConfig;
import dev.changeover.operator.health.FleetHealth;
import dev.changeover.operator.model.ClusterView;
import dev.changeover.operator.model.EventRecord;
import dev.changeover.operator.model.Problem;
import dev.changeover.operator.model.ProviderResource;
import dev.changeover.operator.model.RouteResource;
import dev.changeover.operator.model.RuleReport;
import dev.changeover.operator.status.StatusChange;
import dev.changeover.operator.status.StatusInput;
import dev.changeover.operator.status.Statuses;
import dev.changeover.operator.translate.Origins;
import dev.changeover.operator.translate.Translation;
import dev.changeover.operator.translate.Translator;
import dev.changeover.testkit.GoldenInput;
import dev.changeover.testkit.Goldens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whole clusters through every pure stage: what is meant, told, said and watched. */
final class WorldsTest {
  private static final ObjectMapper YAML =
      new ObjectMapper(
              new YAMLFactory()
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .disable(YAMLGenerator.Feature.SPLIT_LINES)
                  .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                  .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE))
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_EMPTY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private static final Translator TRANSLATOR = new Translator(Origins.PUBLIC, "default");

  /** What one world came to after the last moment of its story. */
  private record Outcome(
      ClusterView view,
      Translation translation,
      Compiled compiled,
      StatusInput input,
      Statuses statuses) {}

  @TestFactory
  Stream<DynamicTest> worlds() {
    return Goldens.under("worlds", WorldsTest::produce);
  }

  private static Map<String, String> produce(GoldenInput input) throws JsonProcessingException {
    Outcome outcome = live(input);
    secondPassWritesNothing(outcome);
    return Map.of(
        "translate.yaml", YAML.writeValueAsString(translate(outcome.translation())),
        "compile.json", ContractJson.writePretty(outcome.compiled().config()),
        "status.yaml", YAML.writeValueAsString(statuses(outcome.statuses())),
        "events.yaml", YAML.writeValueAsString(events(outcome.statuses().events())),
        "alerts.yaml", YAML.writeValueAsString(alerts(outcome.translation())));
  }

  private static Outcome live(GoldenInput input) {
    String resources = input.read("resources.yaml");
    List<FleetStory.Moment> story = FleetStory.read(input.read("fleet.yaml"));
    Optional<Outcome> outcome = Optional.empty();
    for (FleetStory.Moment moment : story) {
      Statuses previous = outcome.map(Outcome::statuses).orElse(Statuses.NONE);
      outcome = Optional.of(live(World.view(resources, moment.gateways()), moment, previous));
    }
    return outcome.orElseThrow();
  }

  private static Outcome live(ClusterView view, FleetStory.Moment moment, Statuses previous) {
    Translation translation = TRANSLATOR.translate(view);
    Compiled compiled = FleetModelToFleetConfig.compile(translation.model());
    FleetHealth health = FleetStory.health(moment, compiled);
    StatusInput input =
        new StatusInput(view, translation, health, installed(translation), moment.at());
    return new Outcome(view, translation, compiled, input, Statuses.of(input, previous));
  }

  private static RuleReport installed(Translation translation) {
    return new RuleReport.Looked(
        FleetModelToAlertRules.rules(translation.model(), AlertPolicy.DEFAULT).stream()
            .map(AlertRules::name)
            .collect(Collectors.toSet()),
        Map.of());
  }

  /**
   * Neither by this operator, which remembers, nor by another one, which has read what it wrote.
   */
  private static void secondPassWritesNothing(Outcome outcome) {
    Statuses first = outcome.statuses();
    Statuses again = Statuses.of(outcome.input(), first);
    StatusInput read =
        new StatusInput(
            readBack(outcome.view(), first),
            outcome.translation(),
            outcome.input().health(),
            outcome.input().rules(),
            outcome.input().now());
    Statuses elsewhere = Statuses.of(read, Statuses.NONE);
    for (Statuses second : List.of(again, elsewhere)) {
      assertThat(second.events()).isEmpty();
      second
          .providers()
          .forEach((name, status) ->
              assertThat(StatusChange.of(Optional.ofNullable(first.providers().get(name)), status))
                  .as("provider %s", name)
                  .isEqualTo(StatusChange.NONE));
      second
          .routes()
          .forEach((name, status) ->
              assertThat(StatusChange.of(Optional.ofNullable(first.routes().get(name)), status))
                  .as("route %s", name)
                  .isEqualTo(StatusChange.NONE));
    }
  }

  private static ClusterView readBack(ClusterView view, Statuses statuses) {
    List<ProviderResource> providers = new ArrayList<>();
    for (ProviderResource provider : view.providers()) {
      providers.add(
          new ProviderResource(
              provider.name(),
              provider.uid(),
              provider.generation(),
              provider.created(),
              provider.annotations(),
              provider.reading(),
              Optional.ofNullable(statuses.providers().get(provider.name()))));
    }
    List<RouteResource> routes = new ArrayList<>();
    for (RouteResource route : view.routes()) {
      routes.add(
          new RouteResource(
              route.name(),
              route.uid(),
              route.generation(),
              route.created(),
              route.annotations(),
              route.reading(),
              Optional.ofNullable(statuses.routes().get(route.name()))));
    }
    return new ClusterView(
        providers, routes, view.secrets(), view.gateways(), view.monitoringApi());
  }

  private static Map<String, Object> translate(Translation translation) {
    Map<String, Object> text = new LinkedHashMap<>();
    Map<String, List<String>> routes = new TreeMap<>();
    for (RouteConfig route : translation.model().routes().values()) {
      routes.put(
          route.name().toString(),
          route.targets().stream()
              .map(target -> target.getClass().getSimpleName() + " " + target.name())
              .toList());
    }
    text.put("providers", translation.model().providers().keySet());
    text.put("routes", routes);
    text.put("problems", translation.problems().stream().map(WorldsTest::problem).toList());
    return text;
  }

  private static Map<String, String> problem(Problem problem) {
    Map<String, String> text = new LinkedHashMap<>();
    text.put("object", problem.object().toString());
    text.put("condition", problem.condition().word());
    text.put("reason", problem.reason().word());
    text.put("message", problem.message());
    return text;
  }

  private static Map<String, Object> statuses(Statuses statuses) {
    Map<String, Object> text = new LinkedHashMap<>();
    text.put("providers", statuses.providers());
    text.put("routes", statuses.routes());
    return text;
  }

  private static List<Map<String, String>> events(List<EventRecord> events) {
    return events.stream()
        .map(event -> {
          Map<String, String> text = new LinkedHashMap<>();
          text.put("object", event.object().toString());
          text.put("type", event.type().word());
          text.put("reason", event.reason());
          text.put("note", event.note());
          event.related().ifPresent(related -> text.put("related", related.toString()));
          return text;
        })
        .toList();
  }

  /** The rules as a file that promtool takes. */
  private static Map<String, Object> alerts(Translation translation) {
    List<Map<String, Object>> groups = new ArrayList<>();
    for (AlertRules rules :
        FleetModelToAlertRules.rules(translation.model(), AlertPolicy.DEFAULT)) {
      for (AlertRules.Group group : rules.groups()) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("name", rules.name().namespace() + "/" + group.name());
        text.put("rules", group.rules().stream().map(WorldsTest::rule).toList());
        groups.add(text);
      }
    }
    return Map.of("groups", groups);
  }

  private static Map<String, Object> rule(AlertRules.Rule rule) {
    Map<String, Object> text = new LinkedHashMap<>();
    text.put("alert", rule.alert());
    text.put("expr", rule.expression());
    put(text, "for", rule.duration());
    put(text, "keep_firing_for", rule.keepFiringFor());
    text.put("labels", rule.labels());
    text.put("annotations", rule.annotations());
    return text;
  }

  private static void put(Map<String, Object> text, String name, Duration duration) {
    if (!duration.isZero()) {
      text.put(name, DurationText.format(duration));
    }
  }
}
