package dev.changeover.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.changeover.contract.Reason;
import dev.changeover.gateway.e2e.MatrixRun.Finding;
import dev.changeover.gateway.health.HoldInForce;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.client.ChatResult.HonestError;
import dev.changeover.testkit.client.ChatResult.Reply;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Every fault of a first target, in every pair of dialects, streaming and not: the caller gets the
 * whole answer of exactly one provider, or an honest error in its own shape.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FaultMatrixTest {
  private static final List<Cell> MATRIX = Cell.inAllPairs(Trouble.sixteen());
  private static final List<Cell> FURTHER = Cell.inAllPairs(Trouble.others());
  private static final List<Cell> ACROSS = Cell.acrossDialects(Trouble.sixteen());
  private static final Duration SLACK = Duration.ofSeconds(1);
  private static final int WITH_CONTENT_FIRST = 12;
  private static final int INAPPLICABLE = 8;

  private final MatrixRun run = new MatrixRun(all());

  @BeforeAll
  void playedAll() {
    assertThat(run.played()).isEqualTo(all().stream().filter(Cell::applies).count());
  }

  @AfterAll
  void close() {
    run.close();
  }

  @Test
  void theMatrixHas128NamedCellsAndEightDoNotApply() {
    assertThat(MATRIX).hasSize(128).doesNotHaveDuplicates();
    assertThat(MATRIX.stream().map(Cell::toString)).doesNotHaveDuplicates();
    assertThat(MATRIX.stream().filter(cell -> !cell.applies())).hasSize(INAPPLICABLE);
    assertThat(MATRIX.stream().filter(cell -> cell.trouble().afterContent(cell.streaming())))
        .hasSize(WITH_CONTENT_FIRST);
  }

  @TestFactory
  Stream<DynamicTest> sixteenFaultsInFourPairsStreamingAndNot() {
    return tests(MATRIX);
  }

  @TestFactory
  Stream<DynamicTest> furtherFaults() {
    return tests(FURTHER);
  }

  @TestFactory
  Stream<DynamicTest> theSecondTargetSpeaksTheOtherDialect() {
    return tests(ACROSS);
  }

  private static List<Cell> all() {
    List<Cell> cells = new ArrayList<>(MATRIX);
    cells.addAll(FURTHER);
    cells.addAll(ACROSS);
    return cells;
  }

  private Stream<DynamicTest> tests(List<Cell> cells) {
    return cells.stream()
        .map(cell ->
            cell.trouble()
                .inapplicable(cell.streaming())
                .map(why -> dynamicTest(cell + ": does not apply, as " + why, () -> {}))
                .orElseGet(() -> dynamicTest(cell.toString(), () -> check(cell))));
  }

  private void check(Cell cell) {
    Finding found = run.finding(cell);
    if (cell.trouble().afterContent(cell.streaming())) {
      isToldHonestly(cell, found);
    } else {
      isAnsweredBySecond(cell, found);
    }
    tookNoLongerThanItMay(cell, found.result().reply());
    isHeldAsItShould(cell, found);
    assertThat(found.failed())
        .isEqualTo(
            Map.of(
                cell.trouble().reason(cell.streaming()).word(),
                (double) cell.trouble().attemptsAtFirst()));
  }

  private static void isAnsweredBySecond(Cell cell, Finding found) {
    assertThat(found.result()).isInstanceOf(Complete.class);
    assertThat(found.audit()).isEmpty();
    assertThat(found.atSecond()).hasSize(1);
    Complete complete = (Complete) found.result();
    assertThat(complete.text()).isEqualTo(found.atSecond().getFirst().played().text());
    Reply reply = complete.reply();
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.provider()).isEqualTo("default/" + found.second());
    assertThat(reply.model()).isEqualTo(Scene.modelOf(found.second()));
    assertThat(reply.reason()).isEqualTo(cell.trouble().reason(cell.streaming()).word());
    assertThat(reply.attempts())
        .isEqualTo(cell.trouble().attemptsAtFirst() + 1)
        .isLessThanOrEqualTo(Scene.ATTEMPTS.max());
    if (cell.trouble() != Trouble.REFUSED) {
      assertThat(found.atFirst()).hasSize(cell.trouble().attemptsAtFirst());
    }
  }

  private static void isToldHonestly(Cell cell, Finding found) {
    assertThat(found.result()).isInstanceOf(HonestError.class);
    HonestError error = (HonestError) found.result();
    assertThat(error.inStream()).isTrue();
    assertThat(found.atFirst()).hasSize(1);
    assertThat(found.atSecond()).isEmpty();
    String whole = found.atFirst().getFirst().played().text();
    assertThat(error.textBefore()).isNotEmpty().isNotEqualTo(whole);
    assertThat(whole).startsWith(error.textBefore());
    assertThat(error.message()).contains(found.first());
    assertThat(error.type())
        .isEqualTo(
            switch (cell.caller()) {
              case OPENAI -> "server_error";
              case ANTHROPIC -> "api_error";
            });
    Reply reply = error.reply();
    assertThat(reply.provider()).isEqualTo("default/" + found.first());
    assertThat(reply.model()).isEqualTo(Scene.modelOf(found.first()));
    assertThat(reply.attempts()).isEqualTo(1);
    assertThat(reply.reason()).isEmpty();
  }

  private static void tookNoLongerThanItMay(Cell cell, Reply reply) {
    Duration bound = cell.trouble().hangs() ? Scene.SHORT.firstToken().plus(SLACK) : SLACK;
    assertThat(Duration.ofNanos(reply.nanos()))
        .isLessThanOrEqualTo(bound)
        .isLessThan(Scene.ATTEMPTS.deadline().plus(SLACK));
  }

  private static void isHeldAsItShould(Cell cell, Finding found) {
    assertThat(found.holds()).hasSize(1);
    HoldInForce hold = found.holds().getFirst();
    Reason reason = cell.trouble().reason(cell.streaming());
    assertThat(hold.hold().reason()).isEqualTo(reason);
    assertThat(hold.key().scope()).isEqualTo(cell.trouble().scope(cell.streaming()));
    assertThat(hold.fleetWide()).isEqualTo(reason.certainty() == Reason.Certainty.DEFINITE);
    if (cell.trouble() == Trouble.STATUS_429_WITH_A_WAIT) {
      assertThat(hold.hold().remaining(InstantSource.system().instant()).orElseThrow())
          .isLessThanOrEqualTo(Trouble.STATED_WAIT);
      assertThat(Duration.between(hold.hold().since(), hold.hold().until().orElseThrow()))
          .isEqualTo(Trouble.STATED_WAIT);
    }
  }
}
