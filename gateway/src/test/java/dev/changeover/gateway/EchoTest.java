package dev.changeover.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatClient;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.provider.Dialect;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The reserved model, asked by callers and by the command that is there to ask it. */
final class EchoTest {
  private final Rig rig;

  EchoTest() throws IOException {
    rig = new Rig();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  static Stream<Arguments> callers() {
    return Stream.of(Dialect.values())
        .flatMap(dialect -> Stream.of(Arguments.of(dialect, false), Arguments.of(dialect, true)));
  }

  @ParameterizedTest
  @MethodSource("callers")
  void theGatewayItselfAnswers(Dialect dialect, boolean streaming) {
    // When
    ChatResult result;
    try (var client =
        new ChatClient(rig.origin(), "none", Duration.ofSeconds(10), System::nanoTime)) {
      result = client.send(ChatCall.of(dialect, "changeover-echo", "#echoed", streaming));
    }
    // Then
    assertThat(result).isInstanceOf(Complete.class);
    assertThat(((Complete) result).text()).contains("#echoed");
    assertThat(rig.first.ledger().received()).isZero();
    assertThat(rig.second.ledger().received()).isZero();
  }

  @Test
  void theCheckSucceedsWhereItIsAnswered() {
    assertThat(check()).startsWith("0 200 ").contains("Are you there?");
  }

  @Test
  void theCheckFailsWhereItIsRefused() {
    assertThat(check("--model", "nobody-has-it")).startsWith("1 404 ");
  }

  private String check(String... options) {
    var said = new StringWriter();
    int status =
        new CommandLine(new GatewayMain())
            .setOut(new PrintWriter(said))
            .execute(
                Stream.concat(Stream.of("check", rig.origin()), Stream.of(options))
                    .toArray(String[]::new));
    return status + " " + said;
  }
}
