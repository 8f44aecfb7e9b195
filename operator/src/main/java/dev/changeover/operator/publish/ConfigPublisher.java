package dev.changeover.operator.publish;

import dev.changeover.contract.ChannelMessage.Config;
import dev.changeover.contract.ContractJson;
import dev.changeover.contract.Revision;
import dev.changeover.operator.compile.Compiled;
import java.util.Optional;
import java.util.function.Consumer;

/** Gives each changed configuration the next revision of this leader's epoch, and tells it. */
public final class ConfigPublisher {
  private final Consumer<Config> channel;
  private long epoch;
  private long counter;
  private Optional<Compiled> last = Optional.empty();
  private Optional<Config> current = Optional.empty();

  public ConfigPublisher(Consumer<Config> channel) {
    this.channel = channel;
  }

  /** Begins an epoch; what was published before is published anew. */
  public void lead(long newEpoch) {
    epoch = newEpoch;
    counter = 0;
    last = Optional.empty();
  }

  public long epoch() {
    return epoch;
  }

  /** What was told last. */
  public Optional<Config> current() {
    return current;
  }

  /** The revision under which this was told, if it is not what was told last. */
  public Optional<Revision> publish(Compiled compiled) {
    if (last.filter(compiled::equals).isPresent()) {
      return Optional.empty();
    }
    counter++;
    var config =
        new Config(
            new Revision(epoch, counter),
            ContractJson.tree(compiled.config()),
            compiled.credentials());
    last = Optional.of(compiled);
    current = Optional.of(config);
    channel.accept(config);
    return Optional.of(config.revision());
  }
}
