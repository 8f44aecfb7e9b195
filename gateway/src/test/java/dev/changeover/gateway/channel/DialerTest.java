package dev.changeover.gateway.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.gateway.channel.Dialer.Dial;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DialerTest {
  private static final URI OPERATOR = URI.create("wss://127.0.0.1:1/control/v1");

  @TempDir Path folder;

  @Test
  void withoutItsFilesNobodyIsDialled() throws IOException {
    Path authority = folder.resolve("ca.crt");
    Path token = folder.resolve("token");
    try (var dialer =
        new Dialer(new ChannelKeys(Optional.of(authority), Optional.of(token)), Runnable::run)) {
      assertThat(notYet(dialer)).contains("ca.crt");
      for (String garbage : List.of("", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n")) {
        Files.writeString(authority, garbage);
        assertThat(notYet(dialer)).contains("no certificates");
      }
    }
  }

  @Test
  void aTokenThatIsNoneIsNotSent() throws IOException {
    Path token = folder.resolve("token");
    try (var dialer =
        new Dialer(new ChannelKeys(Optional.empty(), Optional.of(token)), Runnable::run)) {
      assertThat(notYet(dialer)).contains("token");
      for (String garbage : List.of("", "\n", "a b", "a\nHost: evil")) {
        Files.writeString(token, garbage);
        assertThat(notYet(dialer)).contains("holds no token").doesNotContain("evil");
      }
      Files.writeString(token, "good\n");
      assertThat(dialer.dial(OPERATOR, new WebSocket.Listener() {}))
          .isInstanceOf(Dial.Dialled.class);
    }
  }

  @Test
  void aTokenIsShownOverTlsOnly() {
    var keys = new ChannelKeys(Optional.empty(), Optional.of(folder.resolve("token")));
    var plain = List.of(OPERATOR, URI.create("ws://127.0.0.1:9443"));
    assertThat(FleetLink.refusal(List.of(OPERATOR), keys)).isEmpty();
    assertThat(FleetLink.refusal(plain, keys))
        .hasValueSatisfying(why -> assertThat(why).contains("over https or wss only"));
  }

  private static String notYet(Dialer dialer) {
    return ((Dial.NotYet) dialer.dial(OPERATOR, new WebSocket.Listener() {})).why();
  }
}
