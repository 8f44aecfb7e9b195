package dev.changeover.local;

import dev.changeover.local.simulate.SimulatedVendors;
import dev.changeover.local.simulate.Simulation;
import dev.changeover.local.start.CannotStartException;
import dev.changeover.local.start.LoopbackPort;
import dev.changeover.testkit.provider.Pacing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** {@code simulate}: two simulated providers that a person can ban and lift. */
record SimulateCommand(int anthropicPort, int openAiPort) {
  /** Slow enough to watch a stream, quick enough to work with. */
  private static final Pacing PACING =
      new Pacing(Duration.ofMillis(150), Duration.ofMillis(50), Duration.ofMillis(40));

  int run(Terminal terminal) throws CannotStartException, InterruptedException {
    new LoopbackPort(anthropicPort, "--anthropic-port").requireFree();
    new LoopbackPort(openAiPort, "--openai-port").requireFree();
    try (var ending = new Ending();
        var vendors =
            SimulatedVendors.start(anthropicPort, openAiPort, PACING, terminal.nanoClock())) {
      terminal.out().println("anthropic answers on " + vendors.anthropic().anthropicBaseUrl());
      terminal.out().println("openai answers on " + vendors.openAi().openAiBaseUrl());
      terminal.out().println("say ban, lift or quit");
      terminal.out().flush();
      var quit = new CountDownLatch(1);
      Thread.ofPlatform().daemon().name("words").start(() -> listen(terminal, vendors, quit));
      ending.await(quit);
      return 0;
    }
  }

  /** Reads in a thread of its own: a read from a terminal cannot be interrupted. */
  private static void listen(Terminal terminal, SimulatedVendors vendors, CountDownLatch quit) {
    var simulation = new Simulation(vendors, terminal.out()::println);
    try (var words =
        new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8))) {
      if (simulation.obey(words) == Simulation.Ended.QUIT) {
        quit.countDown();
      }
    } catch (IOException e) {
      // nobody can say more: the providers stay until the process is ended
    }
  }
}
