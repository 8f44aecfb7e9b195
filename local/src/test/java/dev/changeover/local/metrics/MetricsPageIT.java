package dev.changeover.local.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.local.demo.DemoResources;
import dev.changeover.local.fleet.GatewayObserver;
import dev.changeover.local.fleet.LocalFleet;
import dev.changeover.local.fleet.Ports;
import dev.changeover.local.resources.ResourceFiles;
import dev.changeover.local.resources.ResourceReading;
import dev.changeover.local.simulate.SimulatedVendors;
import dev.changeover.testkit.Goldens;
import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatClient;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.Fault;
import dev.changeover.testkit.provider.Pacing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page {@code docs/reference/metrics.md}, written from what operator and gateways show. */
final class MetricsPageIT {
  private static final Duration MAX = Duration.ofSeconds(20);
  private static final Path ROOT = Path.of(System.getProperty("changeover.basedir", ".."));
  private static final Pattern COMMENT = Pattern.compile("(?m)^# (HELP|TYPE) (\\w+) (.*)$");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? ");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern METER_IN_CODE =
      Pattern.compile("\"((?:llm|changeover)[._][a-z._]+)\"");
  private static final String MISSING_PROVIDER =
      """
      ---
      apiVersion: changeover.dev/v1alpha1
      kind: LlmRoute
      metadata: {name: broken}
      spec:
        models: [broken]
        targets: [{providerRef: {name: nobody}, model: m}]
      """;

  private final SimulatedVendors vendors =
      SimulatedVendors.start(0, 0, Pacing.NONE, System::nanoTime);

  /** One family as a page shows it. */
  private static final class Family {
    private String help = "";
    private String type = "";
    private final Set<String> labels = new TreeSet<>();
    private boolean ofGateway;
    private boolean ofOperator;
  }

  @Test
  void theReferenceIsWhatIsShown() throws Exception {
    try (vendors;
        LocalFleet fleet = fleet()) {
      everythingHappens(fleet);
      Map<String, Family> families = families(fleet.metrics());
      assertThat(missing(families.keySet())).isEmpty();
      Goldens.compare(ROOT.resolve("docs/reference/metrics.md"), page(families));
    }
  }

  private LocalFleet fleet() throws Exception {
    ResourceReading reading =
        new ResourceFiles(_ -> Optional.empty(), _ -> List.of())
            .parse("test", DemoResources.yaml(vendors) + MISSING_PROVIDER);
    assertThat(reading).isInstanceOf(ResourceReading.Accepted.class);
    return LocalFleet.start(
        ((ResourceReading.Accepted) reading).resources(),
        Ports.anyFree(2),
        new LocalFleet.Clocks(InstantSource.system(), System::nanoTime),
        GatewayObserver.NOBODY);
  }

  /** Each kind of thing that a meter counts, once. */
  private void everythingHappens(LocalFleet fleet) {
    ask(fleet, true);
    vendors.anthropic().always(mistake());
    ask(fleet, false);
    vendors.anthropic().always(new Fault.Reply(418, Map.of(), "{}"));
    ask(fleet, false);
    vendors.anthropic().always(new Fault.CutAfterHalf());
    ask(fleet, true);
    vendors.ban();
    await()
        .atMost(MAX)
        .untilAsserted(() -> {
          ask(fleet, false);
          assertThat(fleet.metrics())
              .contains("llm_provider_transitions_total{", "llm_failovers_total{")
              .containsPattern("llm_provider_holds\\{.*AccountDisabled")
              .contains("changeover_resource_problem{")
              .contains("llm_failover_delay_seconds_count{", "llm_streams_broken_total{");
        });
  }

  private static Fault.Reply mistake() {
    return new Fault.Reply(
        400,
        Map.of("content-type", "application/json"),
        """
        {"type":"error","error":{"type":"invalid_request_error","message":"messages: too odd"}}\
        """);
  }

  private static void ask(LocalFleet fleet, boolean streaming) {
    for (String url : fleet.urls()) {
      try (var client = new ChatClient(url, "", MAX, System::nanoTime)) {
        client.send(ChatCall.of(Dialect.ANTHROPIC, DemoResources.MODEL, "#once", streaming));
      }
    }
  }

  private static Map<String, Family> families(String text) {
    Map<String, Family> families = new TreeMap<>();
    COMMENT
        .matcher(text)
        .results()
        .forEach(comment -> {
          Family family = families.computeIfAbsent(comment.group(2), _ -> new Family());
          if (comment.group(1).equals("HELP")) {
            family.help = comment.group(3);
          } else {
            family.type = comment.group(3);
          }
        });
    SAMPLE
        .matcher(text)
        .results()
        .forEach(sample -> {
          String name = sample.group(1);
          Family family =
              families.getOrDefault(
                  name, families.get(name.replaceFirst("_(bucket|sum|count|max)$", "")));
          if (family == null) {
            return; // a part of a family that has no comments of its own
          }
          List<String> labels = labels(sample.group(2) == null ? "" : sample.group(2));
          boolean ofGateway = labels.remove("gateway"); // added by `local` alone
          family.ofGateway |= ofGateway;
          family.ofOperator |= !ofGateway;
          family.labels.addAll(labels);
        });
    List<String> histograms =
        families.keySet().stream().filter(name -> families.containsKey(name + "_max")).toList();
    histograms.forEach(name -> families.remove(name + "_max"));
    return families;
  }

  private static List<String> labels(String text) {
    List<String> labels = new ArrayList<>();
    LABEL.matcher(text).results().map(label -> label.group(1)).forEach(labels::add);
    labels.remove("le");
    return labels;
  }

  /** Meters in the code that were not shown. */
  private static List<String> missing(Set<String> shown) throws IOException {
    Set<String> meters = new TreeSet<>();
    for (String folder : List.of("gateway/observe", "operator")) {
      String module = folder.replaceFirst("/.*", "");
      Path code = ROOT.resolve(module + "/src/main/java/dev/changeover/" + folder);
      try (Stream<Path> files = Files.list(code)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          METER_IN_CODE
              .matcher(Files.readString(file))
              .results()
              .map(found -> found.group(1).replace('.', '_'))
              .forEach(meters::add);
        }
      }
    }
    meters.remove("changeover_access"); // the access log
    assertThat(meters).hasSizeGreaterThan(25);
    return meters.stream()
        .filter(
            meter -> shown.stream().noneMatch(name -> name.matches(meter + "(_total|_seconds)?")))
        .toList();
  }

  private static String page(Map<String, Family> families) {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Metrics

        <!-- Written from what a fleet shows by MetricsPageIT of module local: run it with -Dgoldens.update=true. -->

        Operator and gateways show their metrics on port 9090 at `/metrics`. `llm_gateway_*` is what callers see, other `llm_*`
        are attempts at providers, `changeover_*` is the machine itself. A histogram has the series `_bucket`, `_sum` and
        `_count`; the operator shows a gauge `_max` beside each, its greatest value of the last minutes. Label values come from
        the configuration, never from a request; beyond 20,000 series in one gateway they become `other`. With
        `./changeover local` all are on one page, those of gateways with one more label, `gateway`.
        """);
    section(page, "Gateway", families, family -> family.ofGateway);
    section(page, "Operator", families, family -> family.ofOperator);
    return page.toString();
  }

  private static void section(
      StringBuilder page,
      String title,
      Map<String, Family> families,
      java.util.function.Predicate<Family> ofIt) {
    page.append("\n## ").append(title).append("\n| metric | type | labels | meaning |\n");
    page.append("|---|---|---|---|\n");
    families.forEach((name, family) -> {
      if (ofIt.test(family)) {
        page.append(
            "| `%s` | %s | %s | %s |\n"
                .formatted(name, family.type, String.join(", ", family.labels), family.help));
      }
    });
  }
}
