package dev.changeover.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.client.ChatResult.Reply;
import dev.changeover.testkit.client.ChatResult.Usage;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.ProviderSettings;
import dev.changeover.testkit.provider.SimulatedProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The audit finds every way in which an answer can be another than it says. */
final class AnswerAuditTest {
  private final AtomicLong nanos = new AtomicLong();
  private final SimulatedProvider alpha = provider("alpha");
  private final SimulatedProvider beta = provider("beta");
  private final AnswerAudit audit = AnswerAudit.of(alpha, beta);

  @BeforeEach
  void answerOnce() {
    for (SimulatedProvider provider : List.of(alpha, beta)) {
      try (var client =
          new ChatClient(
              provider.anthropicBaseUrl(), "", Duration.ofSeconds(5), nanos::incrementAndGet)) {
        client.send(call("#one"));
      }
    }
  }

  @AfterEach
  void close() {
    alpha.close();
    beta.close();
  }

  @Test
  void theAnswerOfTheProviderNamedIsRight() {
    assertThat(audit.findings(List.of(answer("#one", "default/alpha", textOf(alpha))))).isEmpty();
  }

  @Test
  void anAnswerOfAnotherProviderIsFound() {
    assertThat(audit.findings(List.of(answer("#one", "beta", textOf(alpha)))))
        .containsExactly("#one: said to be from beta, is from alpha");
  }

  @Test
  void anAnswerToAnotherRequestIsFound() {
    assertThat(audit.findings(List.of(answer("#two", "alpha", textOf(alpha)))))
        .containsExactly("#two: got the answer to #one");
  }

  @Test
  void anAnswerGivenTwiceIsFound() {
    Complete answer = answer("#one", "alpha", textOf(alpha));
    assertThat(audit.findings(List.of(answer, answer)))
        .containsExactly("#one: got an answer that another caller got too");
  }

  @Test
  void gluedAndCutAnswersAreFound() {
    String half = textOf(alpha).substring(0, 40);
    assertThat(
            audit.findings(
                List.of(
                    answer("#one", "alpha", half), answer("#one", "alpha", half + textOf(beta)))))
        .hasSize(2)
        .allMatch(finding -> finding.startsWith("#one: 0 whole answers have this text"));
  }

  private SimulatedProvider provider(String name) {
    return SimulatedProvider.start(ProviderSettings.of(name, nanos::incrementAndGet));
  }

  private static String textOf(SimulatedProvider provider) {
    return provider.ledger().entries().getFirst().played().text();
  }

  private static ChatCall call(String tag) {
    return ChatCall.of(Dialect.OPENAI, "m", tag, false);
  }

  private static Complete answer(String tag, String provider, String text) {
    var reply = new Reply(call(tag), 200, Map.of("x-changeover-provider", provider), 0, 0);
    return new Complete(reply, text, "stop", new Usage(0, 0));
  }
}
