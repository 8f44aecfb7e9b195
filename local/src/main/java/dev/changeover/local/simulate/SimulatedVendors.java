package dev.changeover.local.simulate;

import dev.changeover.testkit.provider.Answer;
import dev.changeover.testkit.provider.Fault.Reply;
import dev.changeover.testkit.provider.Pacing;
import dev.changeover.testkit.provider.ProviderSettings;
import dev.changeover.testkit.provider.SimulatedProvider;
import dev.changeover.testkit.provider.VendorReplies;
import java.util.function.LongSupplier;

/** Two providers on loopback, an Anthropic and an OpenAI, the first of which can be banned. */
public final class SimulatedVendors implements AutoCloseable {
  private final SimulatedProvider anthropic;
  private final SimulatedProvider openAi;

  private SimulatedVendors(SimulatedProvider anthropic, SimulatedProvider openAi) {
    this.anthropic = anthropic;
    this.openAi = openAi;
  }

  /** Both, answering at this pace; port 0 is any free one. */
  public static SimulatedVendors start(
      int anthropicPort, int openAiPort, Pacing pacing, LongSupplier nanoClock) {
    SimulatedProvider anthropic =
        SimulatedProvider.start(ProviderSettings.of("anthropic", nanoClock).onPort(anthropicPort));
    try {
      SimulatedProvider openAi =
          SimulatedProvider.start(ProviderSettings.of("openai", nanoClock).onPort(openAiPort));
      anthropic.always(new Answer(pacing));
      openAi.always(new Answer(pacing));
      return new SimulatedVendors(anthropic, openAi);
    } catch (RuntimeException e) {
      anthropic.close();
      throw e;
    }
  }

  public SimulatedProvider anthropic() {
    return anthropic;
  }

  public SimulatedProvider openAi() {
    return openAi;
  }

  /** What the first one says while it bans: Anthropic's reply, as recorded. */
  public static Reply banReply() {
    return VendorReplies.anthropicOrganizationDisabled();
  }

  /** From now on the first one bans everybody. */
  public void ban() {
    anthropic.ban(banReply());
  }

  /** The first one answers again. */
  public void lift() {
    anthropic.unban();
  }

  @Override
  public void close() {
    anthropic.close();
    openAi.close();
  }
}
