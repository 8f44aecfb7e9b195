package dev.changeover.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.contract.ContractJson;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Revision;
import dev.changeover.contract.RouteConfig;
import dev.changeover.gateway.attempt.AttemptRunner;
import dev.changeover.gateway.config.ConfigStore;
import dev.changeover.gateway.health.HealthBoard;
import dev.changeover.gateway.observe.GatewayMetrics;
import dev.changeover.gateway.observe.RequestRecord;
import dev.changeover.gateway.observe.Standing;
import dev.changeover.gateway.plan.TargetOrder;
import dev.changeover.gateway.upstream.Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** More bytes of bodies than there is room for. */
final class BodyRoomTest {
  private static final Standing NOTHING_STANDS =
      new Standing() {
        @Override
        public boolean available(ObjectName provider) {
          return true;
        }

        @Override
        public List<HeldFor> holds() {
          return List.of();
        }

        @Override
        public RouteStanding route(RouteConfig route) {
          return new RouteStanding(false, 0);
        }
      };

  private final List<RequestRecord> finished = new CopyOnWriteArrayList<>();
  private final ConfigStore config = new ConfigStore();
  private final Upstream upstream = new Upstream(System::nanoTime);
  private final GatewayMetrics metrics =
      new GatewayMetrics("test", NOTHING_STANDS, Optional::empty);
  private final ApiServer server =
      new ApiServer(
          config,
          new AttemptRunner(
              new TargetOrder(RandomGenerator.getDefault()),
              new HealthBoard(InstantSource.system(), RandomGenerator.getDefault()),
              upstream,
              (_, _) -> {},
              InstantSource.system(),
              System::nanoTime),
          metrics,
          finished::add,
          InstantSource.system(),
          System::nanoTime,
          () -> "req_1",
          new ApiServer.Listen("127.0.0.1", 0),
          new BodyRoom(100 << 10));

  BodyRoomTest() throws IOException {
    server.start();
    config.offer(
        new Revision(1, 1), ContractJson.tree(FleetConfig.empty("default")), Credentials.NONE);
  }

  @AfterEach
  void close() {
    server.close();
    upstream.close();
  }

  @Test
  void areShedUntilThereIsRoomAgain() throws Exception {
    String small = body(40 << 10);
    try (Socket first = connected()) {
      // Given
      write(first, head("/v1/messages", 80 << 10) + body(70 << 10));
      // When
      String[] shed = {""};
      await()
          .until(() -> {
            shed[0] = asked("/v1/chat/completions", small);
            return shed[0].startsWith("HTTP/1.1 503");
          });
      String shedAnthropic = asked("/v1/messages", small);
      // Then
      assertThat(shed[0])
          .containsIgnoringCase("x-should-retry: true")
          .containsIgnoringCase("retry-after: 1")
          .containsIgnoringCase("connection: close")
          .contains("no_target_available");
      assertThat(shedAnthropic).startsWith("HTTP/1.1 529").contains("overloaded_error");
      assertThat(metrics.text()).contains("llm_gateway_shed_total{cause=\"body_bytes\"} 2");
    }
    await().until(() -> asked("/v1/chat/completions", small).startsWith("HTTP/1.1 404"));
  }

  /** A sound request for a model that is not there, or its beginning. */
  private static String body(int length) {
    String start =
        "{\"model\":\"nobody\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"";
    String end = "\"}]}";
    return start + "x".repeat(length - start.length() - end.length()) + end;
  }

  private static String head(String path, int length) {
    return "POST " + path + " HTTP/1.1\r\nhost: here\r\ncontent-length: " + length + "\r\n\r\n";
  }

  private String asked(String path, String body) throws IOException {
    try (Socket caller = connected()) {
      write(caller, head(path, body.length()) + body);
      caller.shutdownOutput();
      return new String(caller.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private Socket connected() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
    socket.getOutputStream().flush();
  }
}
