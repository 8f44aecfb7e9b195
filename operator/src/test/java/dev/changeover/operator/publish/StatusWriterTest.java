package dev.changeover.operator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.operator.World;
import dev.changeover.operator.health.FleetHealth;
import dev.changeover.operator.model.ClusterView;
import dev.changeover.operator.model.RuleReport;
import dev.changeover.operator.status.StatusInput;
import dev.changeover.operator.status.Statuses;
import dev.changeover.operator.translate.Origins;
import dev.changeover.operator.translate.Translator;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How fast statuses are written. */
final class StatusWriterTest {
  private static final int ROUTES = 250;

  private final PatchedApi api = new PatchedApi();
  private final KubernetesClient client = api.client();
  private Instant now = Instant.parse("2026-01-01T12:00:00Z");
  private final StatusWriter writer = new StatusWriter(client, () -> now, _ -> {});

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void ofRoutesNoMoreThanAHundredASecondAreWrittenAndNoneIsLeftOut() {
    ClusterView view = World.view(oneProviderAndRoutes(), List.of());
    var translation = new Translator(Origins.PUBLIC, "default").translate(view);
    var input =
        new StatusInput(
            view, translation, FleetHealth.startedAt(now), new RuleReport.NotYet(), now);
    Statuses statuses = Statuses.of(input, Statuses.NONE);
    assertThat(patchesAfter(Duration.ZERO, view, statuses)).isEqualTo(101);
    assertThat(patchesAfter(Duration.ofMillis(999), view, statuses)).isZero();
    assertThat(patchesAfter(Duration.ofMillis(1), view, statuses)).isEqualTo(100);
    assertThat(patchesAfter(Duration.ofSeconds(1), view, statuses)).isEqualTo(50);
    assertThat(patchesAfter(Duration.ofSeconds(1), view, statuses)).isZero();
  }

  private int patchesAfter(Duration time, ClusterView view, Statuses statuses) {
    now = now.plus(time);
    writer.write(view, statuses);
    return api.patches();
  }

  private static String oneProviderAndRoutes() {
    return IntStream.range(0, ROUTES)
        .mapToObj(index ->
            """
            ---
            kind: LlmRoute
            metadata: {name: route-%d}
            spec: {models: [m-%d], targets: [{providerRef: {name: one}, model: m}]}
            """
                .formatted(index, index))
        .collect(
            Collectors.joining(
                "",
                """
                kind: LlmProvider
                metadata: {name: one}
                spec: {type: OpenAICompatible, baseUrl: "https://one.example/v1"}
                """,
                ""));
  }
}
