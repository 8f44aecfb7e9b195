package dev.changeover.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One message on the control channel, a JSON text of one line. The gateway dials; it says {@link
 * Hello} first, and everything that it says later is meant to be repeated after each reconnect.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "message")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ChannelMessage.Config.class, name = "Config"),
  @JsonSubTypes.Type(value = ChannelMessage.Holds.class, name = "Holds"),
  @JsonSubTypes.Type(value = ChannelMessage.Probe.class, name = "Probe"),
  @JsonSubTypes.Type(value = ChannelMessage.Ping.class, name = "Ping"),
  @JsonSubTypes.Type(value = ChannelMessage.Hello.class, name = "Hello"),
  @JsonSubTypes.Type(value = ChannelMessage.Applied.class, name = "Applied"),
  @JsonSubTypes.Type(value = ChannelMessage.Rejected.class, name = "Rejected"),
  @JsonSubTypes.Type(value = ChannelMessage.OwnHolds.class, name = "OwnHolds"),
  @JsonSubTypes.Type(value = ChannelMessage.Figures.class, name = "Figures")
})
public sealed interface ChannelMessage {
  /** What an operator says to a gateway. */
  sealed interface Down extends ChannelMessage permits Config, Holds, Probe, Ping {}

  /** What a gateway says to an operator. */
  sealed interface Up extends ChannelMessage
      permits Hello, Applied, Rejected, Holds, OwnHolds, Figures, Ping {}

  /** The whole configuration; only a higher revision than the current one is taken. */
  record Config(Revision revision, JsonNode fleet, Credentials credentials) implements Down {}

  /**
   * All definite holds that the sender knows of, to be joined with the receiver's.
   *
   * @param sentAt the sender's clock, from which the receiver reads how far the clocks are apart
   */
  record Holds(Instant sentAt, HoldSet holds) implements Down, Up {}

  /** A request to ask a provider, with a free call and then one of few tokens, if it serves. */
  record Probe(HoldKey key) implements Down {}

  /**
   * A sign of life, sent each second by both sides.
   *
   * @param current the revision that is the current one, from an operator that leads
   */
  record Ping(Instant sentAt, Optional<Revision> current) implements Down, Up {
    public Ping(Instant sentAt) {
      this(sentAt, Optional.empty());
    }
  }

  /**
   * A gateway's first words.
   *
   * @param gateway its name: a pod's name, or a process's
   * @param revision what it serves now; {@link Revision#NONE} for nothing
   */
  record Hello(ContractVersion contract, String gateway, Revision revision) implements Up {}

  /** The revision that now serves, and the objects in it that this gateway cannot read. */
  record Applied(Revision revision, List<UnusableObject> unusable) implements Up {
    public Applied {
      unusable = List.copyOf(unusable);
    }
  }

  /** A revision that was refused as a whole; the last good one serves on. */
  record Rejected(Revision revision, String reason) implements Up {}

  /** The holds that concern this gateway alone; they replace what it said before. */
  record OwnHolds(Instant sentAt, HoldSet holds) implements Up {}

  /** This gateway's figures; they replace what it said before. */
  record Figures(List<TargetFigures> targets, List<RouteFigures> routes) implements Up {
    public Figures {
      targets = List.copyOf(targets);
      routes = List.copyOf(routes);
    }
  }

  /**
   * The message in a text; throws IllegalArgumentException for what is none, without quoting it.
   */
  static ChannelMessage parse(String text) {
    return ContractJson.read(text, ChannelMessage.class);
  }

  /** The message as text; it may hold keys. */
  default String text() {
    return ContractJson.writeWithKeys(this);
  }
}
