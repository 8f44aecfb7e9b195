package dev.changeover.operator.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.Attempts;
import dev.changeover.contract.HealthPolicy;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Overrides;
import dev.changeover.contract.ProviderType;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.Strategy;
import dev.changeover.contract.TargetConfig;
import dev.changeover.contract.Timeouts;
import dev.changeover.operator.alerts.AlertPolicy;
import dev.changeover.operator.alerts.AlertRules;
import dev.changeover.operator.alerts.FleetModelToAlertRules;
import dev.changeover.operator.model.AlertSettings;
import dev.changeover.operator.model.FleetModel;
import dev.changeover.operator.model.ProviderModel;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The rules of a whole fleet, judged by Prometheus' own tool. */
@Tag("promtool")
final class GeneratedRulesTest {
  private static final Path TESTS =
      Path.of(System.getProperty("changeover.basedir", ".."), "operator/src/test");

  /** Over the golden rules of a healthy pair, which they name. */
  private static final Path PLAIN = TESTS.resolve("promtool");

  /** Over the rules of {@link #fleet}. */
  private static final Path AWKWARD = PLAIN.resolve("awkward-names");

  private static final Duration PROMTOOL_MAX = Duration.ofSeconds(60);
  private static final AlertSettings USUAL =
      new AlertSettings(95, Duration.ofMinutes(5), new TreeMap<>());

  @TempDir private Path folder;

  @BeforeEach
  void writeTheRules() throws IOException {
    Path rules = Files.createDirectory(folder.resolve("rules"));
    for (AlertRules each : FleetModelToAlertRules.rules(fleet(), AlertPolicy.DEFAULT)) {
      String spec = Serialization.asYaml(AlertRulesToPrometheusRule.rule(each).getSpec());
      Files.writeString(
          rules.resolve(each.name().namespace() + "." + each.name().name() + ".yaml"), spec);
    }
  }

  @Test
  void everyRuleIsOneThatPrometheusTakes() throws Exception {
    List<Path> rules = new ArrayList<>(files(folder.resolve("rules"), ".yaml"));
    assertThat(rules).hasSize(6);
    List<Path> golden = files(TESTS.resolve("resources/worlds"), "alerts.yaml");
    assertThat(golden).hasSizeGreaterThan(10);
    rules.addAll(golden);
    List<String> command = new ArrayList<>(List.of("check", "rules"));
    rules.forEach(file -> command.add(file.toString()));
    assertThat(promtool(command)).isEqualTo(Verdict.GOOD);
  }

  @TestFactory
  Stream<DynamicTest> theRulesFireAndRestWhereTheyAreMeantTo() throws IOException {
    List<Path> cases = files(PLAIN, ".test.yaml");
    assertThat(cases).hasSizeGreaterThanOrEqualTo(19);
    return cases.stream()
        .map(file ->
            DynamicTest.dynamicTest(
                PLAIN.relativize(file).toString(),
                () -> assertThat(judged(file)).isEqualTo(Verdict.GOOD)));
  }

  @Test
  void aRuleThatFiresTooLateIsFoundOut() throws Exception {
    Path rule = folder.resolve("rules/default.changeover-provider-anthropic.yaml");
    String late = Files.readString(rule).replace("- alert: \"LLMProviderBanned\"", BANNED_LATE);
    assertThat(late).contains("1h");
    Files.writeString(rule, late);
    Verdict verdict = judged(AWKWARD.resolve("banned.test.yaml"));
    assertThat(verdict.exit()).isEqualTo(1);
    assertThat(verdict.complaint()).contains("LLMProviderBanned", "got:[]");
  }

  private static final String BANNED_LATE = "- for: \"1h\"\n    alert: \"LLMProviderBanned\"";

  /** What promtool says; a complaint only where it found fault. */
  private record Verdict(int exit, String complaint) {
    static final Verdict GOOD = new Verdict(0, "");
  }

  private Verdict judged(Path test) throws IOException, InterruptedException {
    if (!test.startsWith(AWKWARD)) {
      return promtool(List.of("test", "rules", test.toString()));
    }
    Path besideTheRules = folder.resolve(test.getFileName());
    Files.copy(test, besideTheRules);
    return promtool(List.of("test", "rules", besideTheRules.toString()));
  }

  private static List<Path> files(Path under, String end) throws IOException {
    try (Stream<Path> all = Files.walk(under)) {
      return all.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }

  private Verdict promtool(List<String> arguments) throws IOException, InterruptedException {
    String program = System.getProperty("promtool", "");
    assertThat(program)
        .as("promtool's path: run ./changeover test --all, or Maven with -Dpromtool=PATH")
        .isNotEmpty();
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(PROMTOOL_MAX.toSeconds(), TimeUnit.SECONDS)).isTrue();
      String said = Files.readString(output, UTF_8);
      return new Verdict(process.exitValue(), process.exitValue() == 0 ? "" : said);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Two providers of one route, one that a route has alone, a drained one; names with dots. */
  private static FleetModel fleet() {
    Map<String, String> labels = Map.of("team", "ml", "note", "say \"{{ hello\" \\ twice");
    var anthropic =
        provider("default/anthropic", Mode.ACTIVE, new AlertSettings(95, FIVE, tree(labels)));
    var openai = provider("default/openai", Mode.ACTIVE, USUAL);
    var vllm = provider("platform/vllm.eu-1", Mode.ACTIVE, USUAL);
    var strict =
        provider("platform/a--b.c", Mode.ACTIVE, new AlertSettings(100, Duration.ZERO, tree()));
    var drained = provider("default/old-azure", Mode.DRAINED, USUAL);
    return FleetModel.of(
        "default",
        List.of(anthropic, openai, vllm, strict, drained),
        List.of(
            route("default/assistant", Mode.ACTIVE, anthropic, openai, drained),
            route("default/gpt-4.1", Mode.ACTIVE, openai, anthropic),
            route("team-b/chat.v2", Mode.ACTIVE, vllm),
            route("team-b/retired.v1", Mode.DRAINED, vllm, strict),
            route("team-c/all.gone", Mode.DRAINED, vllm)));
  }

  private static final Duration FIVE = Duration.ofMinutes(5);

  private static SortedMap<String, String> tree() {
    return new TreeMap<>();
  }

  private static SortedMap<String, String> tree(Map<String, String> map) {
    return new TreeMap<>(map);
  }

  private static ProviderModel provider(String name, Mode mode, AlertSettings alerts) {
    return new ProviderModel(
        ObjectName.parse(name),
        "uid-of-" + name,
        ProviderType.OPENAI_COMPATIBLE,
        URI.create("https://llm.example.com/v1"),
        List.of(),
        new TreeMap<>(),
        Optional.empty(),
        List.of(),
        Timeouts.DEFAULT,
        HealthPolicy.DEFAULT,
        mode,
        alerts);
  }

  private static RouteConfig route(String name, Mode mode, ProviderModel... providers) {
    List<TargetConfig> targets =
        Stream.of(providers)
            .<TargetConfig>map(provider ->
                new TargetConfig.Usable(
                    provider.name().name() + "/m", provider.name(), "m", Overrides.NONE))
            .toList();
    return new RouteConfig(
        ObjectName.parse(name),
        List.of(name.substring(name.indexOf('/') + 1)),
        Strategy.PRIORITY,
        targets,
        Attempts.DEFAULT,
        mode);
  }
}
