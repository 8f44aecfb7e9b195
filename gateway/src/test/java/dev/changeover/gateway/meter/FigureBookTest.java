package dev.changeover.gateway.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
import dev.changeover.contract.RouteFigures;
import dev.changeover.contract.TargetFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FigureBookTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final ObjectName PROVIDER = new ObjectName("default", "anthropic");
  private static final ObjectName ROUTE = new ObjectName("default", "assistant");

  private Instant now = START;
  private final FigureBook book = new FigureBook(() -> now);

  private static AttemptFacts attempt(Optional<Reason> failure, Duration took) {
    return new AttemptFacts(
        PROVIDER, "m", failure, took, Optional.of(Duration.ofMillis(40)), 10, 3);
  }

  private static AttemptFacts delivered() {
    return attempt(Optional.empty(), Duration.ofMillis(400));
  }

  @Test
  void attemptsAreCountedByReasonAndBucket() {
    book.record(delivered());
    book.record(attempt(Optional.of(Reason.OVERLOADED), Duration.ofMinutes(20)));
    book.record(attempt(Optional.of(Reason.BAD_REQUEST), Duration.ofMillis(50)));

    TargetFigures figures = book.figures(now).targets().getFirst();

    assertThat(figures.requests()).isEqualTo(3);
    assertThat(figures.failed()).isEqualTo(Map.of(Reason.OVERLOADED, 1L));
    assertThat(figures.declined()).isEqualTo(Map.of(Reason.BAD_REQUEST, 1L));
    assertThat(figures.durations().getFirst()).isEqualTo(1);
    assertThat(figures.durations().getLast()).isEqualTo(1);
    assertThat(figures.durations().get(4)).isEqualTo(1);
    assertThat(figures.firstTokens().getFirst()).isEqualTo(3);
    assertThat(figures.inputTokens()).isEqualTo(30);
    assertThat(figures.outputTokens()).isEqualTo(9);
    assertThat(figures.lastSuccess()).contains(START);
  }

  @Test
  void whatIsOlderThanFiveMinutesIsNotCounted() {
    book.record(delivered());
    now = now.plus(Duration.ofMinutes(4));
    book.record(delivered());

    assertThat(book.figures(START.plus(Duration.ofMinutes(4))).targets().getFirst().requests())
        .isEqualTo(2);
    assertThat(book.figures(START.plus(Duration.ofMinutes(6))).targets().getFirst().requests())
        .isEqualTo(1);
    assertThat(book.figures(START.plus(Duration.ofMinutes(10))).targets().getFirst())
        .satisfies(figures -> {
          assertThat(figures.requests()).isZero();
          assertThat(figures.lastSuccess()).contains(now);
        });
  }

  @Test
  void aRouteTellsWhoServesAndWhenItWasMoved() {
    book.record(new RequestFacts(ROUTE, false, Optional.of("first")));
    now = now.plusSeconds(5);
    book.record(new RequestFacts(ROUTE, true, Optional.of("second")));
    book.record(new RequestFacts(ROUTE, false, Optional.empty()));

    assertThat(book.figures(now).routes())
        .containsExactly(new RouteFigures(ROUTE, 3, 1, Optional.of(now), Optional.of("second")));
  }

  @Test
  void whatIsNoLongerConfiguredIsForgotten() {
    book.record(delivered());
    book.record(new RequestFacts(ROUTE, false, Optional.empty()));

    book.keep(FleetConfig.empty("default"));

    assertThat(book.figures(now).targets()).isEmpty();
    assertThat(book.figures(now).routes()).isEmpty();
  }

  @Test
  void targetsBeyondTheBoundAreNotCounted() {
    for (int i = 0; i <= FigureBook.PAGES_MAX; i++) {
      book.record(
          new AttemptFacts(
              PROVIDER, "m" + i, Optional.empty(), Duration.ZERO, Optional.empty(), 0, 0));
    }

    assertThat(book.figures(now).targets()).hasSize(FigureBook.PAGES_MAX);
  }
}
