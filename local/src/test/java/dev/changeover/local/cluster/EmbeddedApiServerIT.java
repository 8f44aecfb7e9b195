package dev.changeover.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EmbeddedApiServerIT {
  @Test
  void whoDoesNotShowTheTokenIsToldNothing() throws Exception {
    try (var server = EmbeddedApiServer.start();
        KubernetesClient client = server.client();
        var http = HttpClient.newHttpClient()) {
      URI secrets = URI.create(server.config().getMasterUrl()).resolve("/api/v1/secrets");
      var request = HttpRequest.newBuilder(secrets).timeout(Duration.ofSeconds(20));
      assertThat(status(http, request)).isEqualTo(401);
      assertThat(status(http, request.header("Authorization", "Bearer guessed"))).isEqualTo(401);
      assertThat(client.secrets().inAnyNamespace().list().getItems()).isEmpty();
      assertThat(server.writes()).as("both kinds of ours").isEqualTo(2);
    }
  }

  private static int status(HttpClient http, HttpRequest.Builder request) throws Exception {
    return http.send(request.GET().build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }
}
