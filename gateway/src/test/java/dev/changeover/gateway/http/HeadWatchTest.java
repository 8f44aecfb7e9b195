package dev.changeover.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests whose head comes byte by byte. */
final class HeadWatchTest {
  private static final Duration MOST = Duration.ofMillis(500);
  private static final String HEAD = "GET / HTTP/1.1\r\nhost: here\r\n";

  private final HeadWatch watch = new HeadWatch(MOST, System::nanoTime);
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  HeadWatchTest() throws Exception {
    connector.setHost("127.0.0.1");
    connector.addBean(watch);
    server.addConnector(connector);
    server.start();
  }

  @AfterEach
  void close() throws Exception {
    server.stop();
    watch.close();
  }

  @Test
  void areEndedAlthoughTheirConnectionIsNeverIdle() throws Exception {
    try (Socket caller = connected()) {
      write(caller, HEAD);
      // Then
      assertThatThrownBy(() ->
              await()
                  .pollInterval(Duration.ofMillis(50))
                  .atMost(Duration.ofSeconds(10))
                  .until(() -> {
                    write(caller, "x");
                    return false;
                  }))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aConnectionThatSendsNothingOrWholeHeadsIsKept() throws Exception {
    try (Socket caller = connected()) {
      for (int request = 0; request < 3; request++) {
        write(caller, HEAD + "\r\n");
        assertThat(caller.getInputStream().read()).isEqualTo('H');
        var _ = caller.getInputStream().read(new byte[10_000]);
        await().pollDelay(MOST.plusMillis(100)).until(() -> true);
      }
    }
  }

  private Socket connected() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }
}
