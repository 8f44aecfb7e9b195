package dev.changeover.operator.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.operator.World;
import dev.changeover.operator.model.FleetModel;
import dev.changeover.operator.translate.Origins;
import dev.changeover.operator.translate.Translator;
import dev.changeover.testkit.Goldens;
import dev.changeover.testkit.Markdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page {@code docs/reference/alerts.md}, and a runbook for each alert. */
final class AlertPagesTest {
  private static final Path ROOT = Path.of(System.getProperty("changeover.basedir", ".."));
  private static final Path RUNBOOKS = ROOT.resolve("docs/runbooks");
  private static final Pattern ALERTS =
      Pattern.compile("(?s)define \"changeover[.]alerts\" -}}.*?}}\n(.*?)\\{\\{- end -}}");
  private static final Pattern OURS = Pattern.compile(" ?\\{\\{-? [$]ours -?}} ?");
  private static final String PROVIDER =
      """
      kind: LlmProvider
      metadata: {name: %s, namespace: team-a}
      spec: {type: OpenAICompatible, baseUrl: "https://llm.example.com/v1"}
      ---
      """;

  @Test
  void theReferenceIsWhatOperatorAndChartWrite() throws IOException {
    List<AlertRules.Rule> usual =
        rules("{providerRef: {name: acme}, model: m}, {providerRef: {name: spare}, model: m}");
    List<AlertRules.Rule> sole = rules("{providerRef: {name: acme}, model: m}");
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Alerts

        <!-- Written from the rules by AlertPagesTest of module operator: run it with -Dgoldens.update=true. -->

        The operator writes one PrometheusRule a provider, `changeover-provider-<name>`, and one for all routes of a
        namespace, `changeover-routes`, beside the resources. Here they are as written for the provider `acme` and the
        routes of the namespace `team-a`, with the defaults of `spec.alerts`. A drained provider or route has none.
        The [chart](../../helm/changeover/README.md) adds those about gateways and operator themselves, here for a release
        in the namespace `changeover`.
        """);
    for (int i = 0; i < usual.size(); i++) {
      page.append(section(usual.get(i), sole.get(i)));
    }
    for (JsonNode alert : alertsOfTheChart()) {
      AlertRules.Rule rule = ruleOfTheChart(alert);
      page.append(section(rule, rule));
    }
    Goldens.compare(ROOT.resolve("docs/reference/alerts.md"), page.toString());
  }

  private static String section(AlertRules.Rule rule, AlertRules.Rule sole) {
    String severity = severity(rule);
    if (!severity(sole).equals(severity)) {
      severity += "; " + severity(sole) + " where a route has no other provider";
    }
    String keeps =
        rule.keepFiringFor().isZero()
            ? ""
            : ", and ends as long after (`keep_firing_for: %s`)"
                .formatted(text(rule.keepFiringFor()));
    return """

    ## %s
    %s. %s

    Severity: %s. Fires %s%s. [Runbook](../runbooks/%1$s.md).
    ```text
    %s
    ```
    """
        .formatted(
            rule.alert(),
            quoted(rule, "summary"),
            quoted(rule, "description"),
            severity,
            rule.duration().isZero() ? "at once" : "after `for: " + text(rule.duration()) + "`",
            keeps,
            rule.expression());
  }

  private static String severity(AlertRules.Rule rule) {
    return rule.labels().getOrDefault("severity", "");
  }

  /** An annotation, its templates in words. */
  private static String quoted(AlertRules.Rule rule, String annotation) {
    return rule.annotations()
        .getOrDefault(annotation, "")
        .replaceAll("\\{\\{ \\$labels[.](\\w+) }}", "`<$1>`")
        .replaceAll("\\{\\{ \\$value[^}]*}}", "`<value>`");
  }

  private static String text(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  @Test
  void everyAlertHasARunbookAndEveryRunbookAnAlert() throws IOException {
    // Given
    Set<String> alerts = new TreeSet<>();
    rules("{providerRef: {name: acme}, model: m}").forEach(rule -> alerts.add(rule.alert()));
    alertsOfTheChart().forEach(alert -> alerts.add(alert.path("alert").asText()));
    // When
    List<Markdown> runbooks = Markdown.under(RUNBOOKS);
    // Then
    assertThat(runbooks)
        .extracting(page -> String.valueOf(page.path().getFileName()).replace(".md", ""))
        .containsExactlyInAnyOrderElementsOf(alerts);
    assertThat(runbooks)
        .allSatisfy(page ->
            assertThat(page.headings())
                .containsExactly(
                    String.valueOf(page.path().getFileName()).replace(".md", ""),
                    "Meaning",
                    "Impact",
                    "Diagnosis",
                    "Mitigation"));
  }

  /** The alerts of the chart's template, for a release in the namespace {@code changeover}. */
  private static List<JsonNode> alertsOfTheChart() throws IOException {
    String template =
        Files.readString(ROOT.resolve("helm/changeover/templates/monitoring/prometheusrule.yaml"));
    Matcher defined = ALERTS.matcher(template);
    assertThat(defined.find()).isTrue();
    String yaml =
        OURS.matcher(defined.group(1))
            .replaceAll("namespace=\"changeover\"")
            .replaceAll("(?m)\\{\\{ (\".*\") \\| quote }}", "$1");
    List<JsonNode> alerts = new ArrayList<>();
    World.YAML.readTree(yaml).forEach(alerts::add);
    assertThat(alerts).hasSizeGreaterThan(5);
    return alerts;
  }

  private static AlertRules.Rule ruleOfTheChart(JsonNode alert) {
    return new AlertRules.Rule(
        alert.path("alert").asText(),
        alert.path("expr").asText(),
        Duration.parse("PT" + alert.path("for").asText().toUpperCase(Locale.ROOT)),
        Duration.ZERO,
        new TreeMap<>(Map.of("severity", alert.path("severity").asText())),
        new TreeMap<>(
            Map.of(
                "summary", alert.path("summary").asText(),
                "description", alert.path("description").asText())));
  }

  private static List<AlertRules.Rule> rules(String targets) {
    String world =
        PROVIDER.formatted("acme")
            + PROVIDER.formatted("spare")
            + """
            kind: LlmRoute
            metadata: {name: assistant, namespace: team-a}
            spec: {models: [assistant], targets: [%s]}
            """
                .formatted(targets);
    FleetModel model =
        new Translator(Origins.PUBLIC, "changeover")
            .translate(World.view(world, List.of()))
            .model();
    var policy = new AlertPolicy(Optional.empty(), new TreeMap<>(), Set.of());
    return FleetModelToAlertRules.rules(model, policy).stream()
        .filter(rules -> !rules.name().name().endsWith("-spare"))
        .flatMap(rules -> rules.groups().stream())
        .flatMap(group -> group.rules().stream())
        .toList();
  }
}
