package dev.changeover.operator.status;

import dev.changeover.crds.LlmProviderStatus;
import dev.changeover.crds.LlmRouteStatus;
import dev.changeover.crds.StatusCondition;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a status is worth a write, and how soon. */
public enum StatusChange {
  /** What is written says the same. */
  NONE,
  /** Only figures, ends of holds or sentences differ: write along with a state, or later. */
  FIGURES,
  /** A state, a condition or what was obeyed differs: write at once. */
  STATE;

  /** How long figures wait since the object's last write. */
  public static final Duration FIGURES_EVERY = Duration.ofSeconds(30);

  /**
   * How a provider's status differs from what is written.
   *
   * @param written what this operator wrote last, or read at first; empty if there is none
   */
  public static StatusChange of(Optional<LlmProviderStatus> written, LlmProviderStatus next) {
    if (written.isPresent() && written.get().equals(next)) {
      return NONE;
    }
    return written.isPresent() && core(written.get()).equals(core(next)) ? FIGURES : STATE;
  }

  /** How a route's status differs from what is written. */
  public static StatusChange of(Optional<LlmRouteStatus> written, LlmRouteStatus next) {
    if (written.isPresent() && written.get().equals(next)) {
      return NONE;
    }
    return written.isPresent() && core(written.get()).equals(core(next)) ? FIGURES : STATE;
  }

  private static List<Object> core(LlmProviderStatus status) {
    return List.of(
        text(status.observedGeneration()),
        text(status.state()),
        text(status.reason()),
        text(status.since()),
        text(status.endpoint()),
        text(status.routes()),
        text(status.gateways()),
        text(status.lastHandledClear()),
        status.transitions(),
        conditions(status.conditions()));
  }

  private static List<Object> core(LlmRouteStatus status) {
    return List.of(
        text(status.observedGeneration()),
        text(status.state()),
        text(status.reason()),
        text(status.since()),
        text(status.models()),
        text(status.serving()),
        text(status.preferred()),
        text(status.chain()),
        text(status.gateways()),
        status.transitions(),
        conditions(status.conditions()));
  }

  private static List<String> conditions(List<StatusCondition> conditions) {
    return conditions.stream()
        .map(condition ->
            String.join(
                " ",
                condition.type(),
                condition.status(),
                condition.reason(),
                condition.lastTransitionTime(),
                text(condition.observedGeneration())))
        .toList();
  }

  private static String text(@Nullable Object value) {
    return Objects.toString(value, "");
  }
}
