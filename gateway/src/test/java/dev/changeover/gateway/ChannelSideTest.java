package dev.changeover.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.ContractJson;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.Revision;
import dev.changeover.gateway.attempt.ProbeRunner;
import dev.changeover.gateway.config.ConfigStore;
import dev.changeover.gateway.health.HealthBoard;
import dev.changeover.gateway.meter.FigureBook;
import dev.changeover.gateway.upstream.Upstream;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ChannelSideTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Revision FIRST = new Revision(1, 1);
  private static final Revision SECOND = new Revision(1, 2);

  private Instant now = BEGIN;
  private final ConfigStore config = new ConfigStore();
  private final HealthBoard health = new HealthBoard(() -> now, new Random(1));
  private final Upstream upstream = new Upstream(System::nanoTime);
  private final ProbeRunner probes =
      new ProbeRunner(config::current, upstream, health, (_, _, _) -> {}, () -> now);
  private final ChannelSide side =
      new ChannelSide("one", config, health, new FigureBook(() -> now), probes, () -> now);

  @AfterEach
  void close() {
    probes.close();
    upstream.close();
  }

  @Test
  void aConfigurationIsConfirmedWhenItIsToldAndWheneverItIsCalledCurrent() {
    assertThat(side.confirmed()).isEmpty();
    take(FIRST, fleet());
    assertThat(side.confirmed()).contains(BEGIN);
    now = BEGIN.plusSeconds(5);
    side.calledCurrent(FIRST);
    assertThat(side.confirmed()).contains(now);
    now = BEGIN.plusSeconds(9);
    take(FIRST, fleet());
    assertThat(side.confirmed()).contains(now);
  }

  @Test
  void aRefusedConfigurationConfirmsNothing() {
    take(FIRST, fleet());
    now = now.plus(Duration.ofMinutes(1));
    ObjectNode future = fleet();
    future.put("contract", "99.0");
    assertThat(take(SECOND, future)).isInstanceOf(ChannelMessage.Rejected.class);
    side.calledCurrent(SECOND);
    assertThat(side.confirmed()).contains(BEGIN);
  }

  @Test
  void theConfirmationNeverGoesBack() {
    take(FIRST, fleet());
    now = BEGIN.minusSeconds(30);
    side.calledCurrent(FIRST);
    assertThat(side.confirmed()).contains(BEGIN);
  }

  private ChannelMessage.Up take(Revision revision, JsonNode fleet) {
    return side.take(new ChannelMessage.Config(revision, fleet, Credentials.NONE));
  }

  private static ObjectNode fleet() {
    return (ObjectNode) ContractJson.tree(FleetConfig.empty("default"));
  }
}
