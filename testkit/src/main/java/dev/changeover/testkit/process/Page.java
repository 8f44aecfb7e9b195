package dev.changeover.testkit.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** One answer to a GET on loopback; status 0 where nobody answered. */
public record Page(int status, String body) {
  private static final Duration WAIT_MAX = Duration.ofSeconds(10);

  public static Page get(int port, String path) {
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(WAIT_MAX).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(WAIT_MAX)
              .build();
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Page(response.statusCode(), response.body());
    } catch (IOException e) {
      return new Page(0, "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Page(0, "");
    }
  }
}
