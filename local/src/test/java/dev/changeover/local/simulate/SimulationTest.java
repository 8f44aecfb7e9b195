package dev.changeover.local.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.client.ChatCall;
import dev.changeover.testkit.client.ChatClient;
import dev.changeover.testkit.provider.Dialect;
import dev.changeover.testkit.provider.Pacing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private final List<String> said = new ArrayList<>();

  @Test
  void banLiftAndQuitAreObeyed() throws IOException {
    try (var vendors = SimulatedVendors.start(0, 0, Pacing.NONE, System::nanoTime)) {
      var simulation = new Simulation(vendors, said::add);
      assertThat(status(vendors)).isEqualTo(200);
      assertThat(obey(simulation, "ban\n")).isEqualTo(Simulation.Ended.NO_MORE_WORDS);
      assertThat(status(vendors)).isEqualTo(400);
      obey(simulation, "Lift \n");
      assertThat(status(vendors)).isEqualTo(200);
      assertThat(obey(simulation, "help\n\nquit\nban\n")).isEqualTo(Simulation.Ended.QUIT);
      assertThat(status(vendors)).isEqualTo(200);
      assertThat(said)
          .containsExactly(
              "banned: anthropic answers every request with status 400 and Anthropic's recorded"
                  + " words",
              "lifted: anthropic answers again",
              "say ban, lift or quit; an empty line counts the requests",
              "anthropic has received 3 requests, openai has received 0 requests");
    }
  }

  private static Simulation.Ended obey(Simulation simulation, String words) throws IOException {
    return simulation.obey(new BufferedReader(new StringReader(words)));
  }

  private static int status(SimulatedVendors vendors) {
    try (var client =
        new ChatClient(
            vendors.anthropic().anthropicBaseUrl(),
            "any",
            Duration.ofSeconds(5),
            System::nanoTime)) {
      return client.send(ChatCall.of(Dialect.ANTHROPIC, "m", "#t", false)).reply().status();
    }
  }
}
