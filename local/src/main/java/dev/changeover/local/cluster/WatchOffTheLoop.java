package dev.changeover.local.cluster;

import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;

/**
 * The server's end of a watch. Its closing waits for what is still to be sent, which only the event
 * loop can send: it must not wait there.
 */
final class WatchOffTheLoop extends WebSocketListener {
  private final WebSocketListener watch;

  WatchOffTheLoop(WebSocketListener watch) {
    this.watch = watch;
  }

  @Override
  public void onBeforeAccept(WebSocket socket, Response response) {
    watch.onBeforeAccept(socket, response);
  }

  @Override
  public void onOpen(WebSocket socket, Response response) {
    watch.onOpen(socket, response);
  }

  @Override
  public void onMessage(WebSocket socket, String text) {
    watch.onMessage(socket, text);
  }

  @Override
  public void onClosing(WebSocket socket, int code, String reason) {
    Thread.startVirtualThread(() -> watch.onClosing(socket, code, reason));
  }

  @Override
  public void onClosed(WebSocket socket, int code, String reason) {
    Thread.startVirtualThread(() -> watch.onClosed(socket, code, reason));
  }

  @Override
  public void onFailure(WebSocket socket, Throwable failure, Response response) {
    Thread.startVirtualThread(() -> watch.onFailure(socket, failure, response));
  }
}
