package dev.changeover.testkit.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A client that knows sockets only, so that nothing hides what the provider does to one. */
final class RawClient {
  private static final int READ_MILLIS_MAX = 5_000;

  private RawClient() {}

  /** How the connection came to its end. */
  enum Ended {
    CLOSED,
    RESET,
    SILENT
  }

  /** All that came, and how it ended. */
  record Heard(String text, Ended ended) {
    /** The decoded body of a chunked or a plain reply. */
    String head() {
      return text.contains("\r\n\r\n") ? text.substring(0, text.indexOf("\r\n\r\n")) : "";
    }

    String body() {
      return text.contains("\r\n\r\n") ? text.substring(text.indexOf("\r\n\r\n") + 4) : "";
    }
  }

  static Heard send(int port, String request) throws IOException {
    return send(port, request, READ_MILLIS_MAX);
  }

  static Heard send(int port, String request, int silenceMillis) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(silenceMillis);
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        return new Heard("", Ended.RESET);
      }
      return listen(socket.getInputStream());
    }
  }

  private static Heard listen(InputStream in) throws IOException {
    var heard = new ByteArrayOutputStream();
    Ended ended = Ended.CLOSED;
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        heard.write(next);
      }
    } catch (SocketTimeoutException e) {
      ended = Ended.SILENT;
    } catch (IOException e) {
      ended = Ended.RESET;
    }
    return new Heard(heard.toString(StandardCharsets.UTF_8), ended);
  }

  static String openAi(String body) {
    return post("/v1/chat/completions", "authorization: Bearer key-a\r\n", body);
  }

  static String anthropic(String body) {
    return post("/v1/messages", "x-api-key: key-a\r\nanthropic-version: 2023-06-01\r\n", body);
  }

  static String post(String path, String headers, String body) {
    return "POST %s HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n%scontent-length: %d\r\n\r\n%s"
        .formatted(path, headers, body.getBytes(StandardCharsets.UTF_8).length, body);
  }

  static String get(String path, String headers) {
    return "GET %s HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n%s\r\n"
        .formatted(path, headers);
  }

  static String chat(String model, boolean streaming, String prompt) {
    return ("{\"model\":\"%s\",\"max_tokens\":100,\"stream\":%s,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}")
        .formatted(model, streaming, prompt);
  }
}
