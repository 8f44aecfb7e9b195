package dev.changeover.testkit.client;

import dev.changeover.testkit.client.BodyCollector.Collected;
import dev.changeover.testkit.client.ChatResult.Broken;
import dev.changeover.testkit.client.ChatResult.Reply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** A caller of either dialect at one origin, which may be a gateway or a provider itself. */
public final class ChatClient implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

  private final String origin;
  private final String key;
  private final Duration answerMax;
  private final LongSupplier nanoClock;
  private final HttpClient http;

  /**
   * A client.
   *
   * @param origin without a path, such as {@code http://127.0.0.1:8080}
   * @param key empty for none
   * @param answerMax the longest wait for the end of a reply
   */
  public ChatClient(String origin, String key, Duration answerMax, LongSupplier nanoClock) {
    if (!answerMax.isPositive()) {
      throw new IllegalArgumentException("the longest wait has to be positive");
    }
    this.origin = origin;
    this.key = key;
    this.answerMax = answerMax;
    this.nanoClock = nanoClock;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_MAX)
            .build();
  }

  /** Makes the call and waits for its end. */
  public ChatResult send(ChatCall call) {
    long start = nanoClock.getAsLong();
    CompletableFuture<HttpResponse<Collected>> pending =
        http.sendAsync(request(call), _ -> new BodyCollector(call.leaveAfterBytes(), nanoClock));
    try {
      HttpResponse<Collected> response = pending.get(answerMax.toNanos(), TimeUnit.NANOSECONDS);
      return Judgement.of(reply(call, response, start), response.body());
    } catch (ExecutionException e) {
      return broken(call, start, "no reply: " + reason(e));
    } catch (TimeoutException e) {
      pending.cancel(true);
      return broken(call, start, "no end within " + answerMax);
    } catch (InterruptedException e) {
      pending.cancel(true);
      Thread.currentThread().interrupt();
      return broken(call, start, "interrupted");
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }

  private HttpRequest request(ChatCall call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(origin + call.path()))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(call.body()));
    switch (call.dialect()) {
      case OPENAI -> {
        if (!key.isEmpty()) {
          request.header("authorization", "Bearer " + key);
        }
      }
      case ANTHROPIC -> {
        request.header("anthropic-version", "2023-06-01");
        if (!key.isEmpty()) {
          request.header("x-api-key", key);
        }
      }
    }
    call.headers().forEach(request::setHeader);
    return request.build();
  }

  private Reply reply(ChatCall call, HttpResponse<Collected> response, long start) {
    Map<String, String> headers = new TreeMap<>();
    response
        .headers()
        .map()
        .forEach((name, values) ->
            headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    long firstByteAt = response.body().firstByteAt();
    return new Reply(
        call,
        response.statusCode(),
        headers,
        firstByteAt == 0 ? 0 : firstByteAt - start,
        nanoClock.getAsLong() - start);
  }

  private Broken broken(ChatCall call, long start, String reason) {
    return new Broken(new Reply(call, 0, Map.of(), 0, nanoClock.getAsLong() - start), reason, "");
  }

  private static String reason(ExecutionException failure) {
    Throwable cause = failure.getCause();
    return cause instanceof IOException ? cause.toString() : String.valueOf(failure);
  }
}
