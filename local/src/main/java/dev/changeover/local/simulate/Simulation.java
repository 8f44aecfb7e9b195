package dev.changeover.local.simulate;

import dev.changeover.testkit.provider.SimulatedProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Locale;
import java.util.function.Consumer;

/** A person's words to the simulated providers: {@code ban}, {@code lift}, {@code quit}. */
public final class Simulation {
  private final SimulatedVendors vendors;
  private final Consumer<String> say;

  public Simulation(SimulatedVendors vendors, Consumer<String> say) {
    this.vendors = vendors;
    this.say = say;
  }

  /** How the words came to their end. */
  public enum Ended {
    QUIT,
    /** Nobody is there to say more: the providers stay. */
    NO_MORE_WORDS
  }

  /** Obeys each line until {@code quit} or the end of the words. */
  public Ended obey(BufferedReader words) throws IOException {
    for (String line = words.readLine(); line != null; line = words.readLine()) {
      if (obey(line.strip().toLowerCase(Locale.ROOT)) == Ended.QUIT) {
        return Ended.QUIT;
      }
    }
    return Ended.NO_MORE_WORDS;
  }

  private Ended obey(String word) {
    switch (word) {
      case "ban" -> {
        vendors.ban();
        say.accept(
            "banned: anthropic answers every request with status "
                + SimulatedVendors.banReply().status()
                + " and Anthropic's recorded words");
      }
      case "lift" -> {
        vendors.lift();
        say.accept("lifted: anthropic answers again");
      }
      case "quit", "exit" -> {
        return Ended.QUIT;
      }
      case "" -> say.accept(count(vendors.anthropic()) + ", " + count(vendors.openAi()));
      default -> say.accept("say ban, lift or quit; an empty line counts the requests");
    }
    return Ended.NO_MORE_WORDS;
  }

  private static String count(SimulatedProvider provider) {
    return provider.name() + " has received " + provider.ledger().received() + " requests";
  }
}
