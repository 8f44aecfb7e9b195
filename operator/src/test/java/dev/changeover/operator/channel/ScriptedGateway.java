package dev.changeover.operator.channel;

import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.ContractVersion;
import dev.changeover.contract.Revision;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A gateway that says what a test tells it to, and keeps what it hears. */
final class ScriptedGateway implements WebSocket.Listener, AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<ChannelMessage> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger closedWith = new AtomicInteger();
  private final WebSocket socket;
  private StringBuilder partial = new StringBuilder();

  private ScriptedGateway(int port) {
    socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + port + ChannelServer.PATH), this)
            .join();
  }

  static ScriptedGateway silent(ChannelServer server) {
    return new ScriptedGateway(server.port());
  }

  static ScriptedGateway named(ChannelServer server, String name) {
    var gateway = new ScriptedGateway(server.port());
    gateway.say(new ChannelMessage.Hello(ContractVersion.CURRENT, name, Revision.NONE));
    return gateway;
  }

  void say(ChannelMessage message) {
    say(message.text());
  }

  synchronized void say(String text) {
    socket.sendText(text, true).join();
  }

  void ping() {
    say(new ChannelMessage.Ping(Instant.now()));
  }

  List<ChannelMessage> heard() {
    return List.copyOf(heard);
  }

  <T extends ChannelMessage> List<T> heard(Class<T> type) {
    return heard.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The code of the peer's close, 0 while open. */
  int closedWith() {
    return closedWith.get();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      heard.add(ChannelMessage.parse(partial.toString()));
      partial = new StringBuilder();
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closedWith.set(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closedWith.set(1006);
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
