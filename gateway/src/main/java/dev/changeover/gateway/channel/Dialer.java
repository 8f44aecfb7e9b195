package dev.changeover.gateway.channel;

import dev.changeover.contract.CaBundle;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Dials operators, with CA and token as they stand in their files at that moment. */
final class Dialer implements AutoCloseable {
  static final Duration CONNECT_MAX = Duration.ofSeconds(3);
  private static final int FILE_BYTES_MAX = 1 << 20;

  private final ChannelKeys keys;
  private final Executor threads;
  private Optional<byte[]> authority = Optional.empty();
  private HttpClient client;

  /** What came of an attempt to dial. */
  sealed interface Dial {
    record Dialled(CompletableFuture<WebSocket> socket) implements Dial {}

    /** Something that is needed is not there; it may come. */
    record NotYet(String why) implements Dial {}
  }

  Dialer(ChannelKeys keys, Executor threads) {
    this.keys = keys;
    this.threads = threads;
    this.client = settings().build();
  }

  Dial dial(URI operator, WebSocket.Listener listener) {
    try {
      WebSocket.Builder builder = client().newWebSocketBuilder().connectTimeout(CONNECT_MAX);
      if (keys.token().isPresent()) {
        builder.header("Authorization", "Bearer " + token(keys.token().get()));
      }
      return new Dial.Dialled(builder.buildAsync(operator, listener));
    } catch (IOException e) {
      return new Dial.NotYet("a file cannot be read: " + e.getMessage());
    } catch (GeneralSecurityException e) {
      return new Dial.NotYet("the operator's CA file holds no certificates");
    }
  }

  @Override
  public synchronized void close() {
    client.shutdownNow();
  }

  /** A client of another CA is left to the lines that still use it, and is gone with them. */
  private synchronized HttpClient client() throws IOException, GeneralSecurityException {
    if (keys.authority().isEmpty()) {
      return client;
    }
    byte[] now = content(keys.authority().get());
    if (authority.filter(known -> Arrays.equals(known, now)).isEmpty()) {
      client = settings().sslContext(trusting(now)).build();
      authority = Optional.of(now);
    }
    return client;
  }

  private HttpClient.Builder settings() {
    return HttpClient.newBuilder()
        .executor(threads)
        .connectTimeout(CONNECT_MAX)
        .proxy(HttpClient.Builder.NO_PROXY);
  }

  private static SSLContext trusting(byte[] certificates)
      throws IOException, GeneralSecurityException {
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(CaBundle.trusting(certificates));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** A token holds no line ends; a file that was written by hand has one. */
  private static String token(Path file) throws IOException {
    String token = new String(content(file), StandardCharsets.UTF_8).strip();
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IOException(file + " holds no token");
    }
    return token;
  }

  private static byte[] content(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(FILE_BYTES_MAX);
      if (bytes.length == FILE_BYTES_MAX) {
        throw new IOException(file + " is larger than its bound");
      }
      return bytes;
    }
  }
}
