package dev.changeover.operator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.ContractVersion;
import dev.changeover.contract.Evidence;
import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Revision;
import dev.changeover.contract.RouteFigures;
import dev.changeover.contract.TargetFigures;
import dev.changeover.contract.UnusableObject;
import dev.changeover.operator.compile.Compiled;
import dev.changeover.operator.health.FleetHealth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a fleet says at some moments, written down: {@code at}, the definite {@code holds}, and for
 * each gateway its {@code ownHolds}, what it {@code served} and its {@code routes}; a gateway has
 * the configuration unless it says {@code applied: false}.
 */
public final class FleetStory {
  private static final Revision REVISION = new Revision(1, 1);

  private FleetStory() {}

  /** One moment of a story. */
  public record Moment(Instant at, JsonNode said) {
    public List<String> gateways() {
      List<String> names = new ArrayList<>();
      said.path("gateways").fieldNames().forEachRemaining(names::add);
      return names;
    }
  }

  public static List<Moment> read(String yaml) {
    List<Moment> moments = new ArrayList<>();
    for (JsonNode step : World.tree(yaml)) {
      moments.add(new Moment(Instant.parse(step.path("at").asText()), step));
    }
    return moments;
  }

  /** The health of a fleet to which this was published and which then said this. */
  public static FleetHealth health(Moment moment, Compiled compiled) {
    Instant now = moment.at();
    FleetHealth health =
        FleetHealth.startedAt(now.minusSeconds(60))
            .published(REVISION, compiled.digests(), now.minusSeconds(60));
    for (Map.Entry<String, JsonNode> gateway : moment.said().path("gateways").properties()) {
      for (ChannelMessage.Up message : messages(gateway, moment)) {
        health = health.with(gateway.getKey(), message, now);
      }
    }
    return health;
  }

  private static List<ChannelMessage.Up> messages(
      Map.Entry<String, JsonNode> gateway, Moment moment) {
    JsonNode said = gateway.getValue();
    List<ChannelMessage.Up> messages = new ArrayList<>();
    messages.add(
        new ChannelMessage.Hello(ContractVersion.CURRENT, gateway.getKey(), Revision.NONE));
    if (said.path("applied").asBoolean(true)) {
      messages.add(new ChannelMessage.Applied(REVISION, unusable(said)));
    }
    messages.add(new ChannelMessage.Figures(targets(said), routes(said)));
    messages.add(new ChannelMessage.OwnHolds(moment.at(), holds(said.path("ownHolds"))));
    messages.add(new ChannelMessage.Holds(moment.at(), holds(moment.said().path("holds"))));
    return messages;
  }

  private static List<UnusableObject> unusable(JsonNode said) {
    List<UnusableObject> unusable = new ArrayList<>();
    for (JsonNode object : said.path("unusable")) {
      unusable.add(
          new UnusableObject(
              UnusableObject.Kind.valueOf(object.path("kind").asText()),
              ObjectName.parse(object.path("name").asText()),
              object.path("message").asText()));
    }
    return unusable;
  }

  static HoldSet holds(JsonNode written) {
    HoldSet holds = HoldSet.EMPTY;
    for (Map.Entry<String, JsonNode> entry : written.properties()) {
      JsonNode hold = entry.getValue();
      holds =
          holds.held(
              HoldKey.parse(entry.getKey()),
              new Hold(
                  Reason.ofWord(hold.path("reason").asText()).orElseThrow(),
                  Instant.parse(hold.path("since").asText()),
                  time(hold, "until"),
                  0,
                  evidence(hold.path("evidence")),
                  ""));
    }
    return holds;
  }

  private static Evidence evidence(JsonNode evidence) {
    return new Evidence(
        evidence.path("status").asInt(0),
        evidence.path("type").asText(""),
        evidence.path("code").asText(""),
        evidence.path("rule").asText(""),
        evidence.path("sentence").asText(""));
  }

  private static List<TargetFigures> targets(JsonNode said) {
    List<TargetFigures> figures = new ArrayList<>();
    for (Map.Entry<String, JsonNode> served : said.path("served").properties()) {
      HoldKey.OfModel target = (HoldKey.OfModel) HoldKey.parse(served.getKey());
      JsonNode counts = served.getValue();
      TreeMap<Reason, Long> failed = new TreeMap<>();
      counts
          .path("failed")
          .properties()
          .forEach(entry ->
              failed.put(Reason.ofWord(entry.getKey()).orElseThrow(), entry.getValue().asLong()));
      long requests = counts.path("requests").asLong();
      figures.add(
          new TargetFigures(
              target.provider(),
              target.model(),
              requests,
              failed,
              new TreeMap<>(),
              buckets(requests),
              buckets(requests),
              requests * 1000,
              requests * 200,
              time(counts, "lastSuccess")));
    }
    return figures;
  }

  /** Nine of ten answers below 1 s, the rest below 3 s. */
  private static List<Long> buckets(long requests) {
    List<Long> counts =
        new ArrayList<>(Collections.nCopies(TargetFigures.BUCKETS_SECONDS.size() + 1, 0L));
    counts.set(6, requests * 9 / 10);
    counts.set(9, requests - requests * 9 / 10);
    return counts;
  }

  private static List<RouteFigures> routes(JsonNode said) {
    List<RouteFigures> figures = new ArrayList<>();
    for (Map.Entry<String, JsonNode> route : said.path("routes").properties()) {
      JsonNode counts = route.getValue();
      figures.add(
          new RouteFigures(
              ObjectName.parse(route.getKey()),
              counts.path("requests").asLong(),
              counts.path("failovers").asLong(),
              time(counts, "lastFailover"),
              counts.has("serving")
                  ? Optional.of(counts.path("serving").asText())
                  : Optional.empty()));
    }
    return figures;
  }

  private static Optional<Instant> time(JsonNode parent, String field) {
    return parent.has(field)
        ? Optional.of(Instant.parse(parent.path(field).asText()))
        : Optional.empty();
  }
}
