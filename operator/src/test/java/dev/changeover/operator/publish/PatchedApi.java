package dev.changeover.operator.publish;

import dev.changeover.operator.MockApiServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** An API server that keeps what is applied to it, lists it and deletes it; no more. */
final class PatchedApi implements AutoCloseable {
  private final Map<String, String> objects = new TreeMap<>();
  private final MockApiServer server =
      new MockApiServer(
          new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
              return answered(request);
            }
          });
  private int patches;
  private boolean forbidden;
  private boolean listsFail;

  KubernetesClient client() {
    return server.client();
  }

  synchronized void forbid(boolean patchesAreForbidden) {
    forbidden = patchesAreForbidden;
  }

  synchronized void failLists(boolean theyFail) {
    listsFail = theyFail;
  }

  /** How many objects were applied since this was asked last. */
  synchronized int patches() {
    int count = patches;
    patches = 0;
    return count;
  }

  synchronized void deleteAll() {
    objects.clear();
  }

  /** Edits every object of a type behind the operator's back. */
  synchronized <T extends HasMetadata> void edit(Class<T> type, UnaryOperator<T> change) {
    objects.replaceAll(
        (_, json) -> Serialization.asJson(change.apply(Serialization.unmarshal(json, type))));
  }

  private synchronized MockResponse answered(RecordedRequest request) {
    String path = request.getPath().replaceFirst("[?].*", "");
    return switch (request.getMethod()) {
      case "PATCH" -> patched(path, request.getUtf8Body());
      case "DELETE" -> deleted(path);
      default -> listed();
    };
  }

  private MockResponse listed() {
    if (listsFail) {
      return json(500, "{\"kind\": \"Status\", \"code\": 500}");
    }
    return json(
        200,
        "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [%s]}"
            .formatted(String.join(",", objects.values())));
  }

  private MockResponse deleted(String path) {
    objects.remove(path);
    return json(200, "{\"kind\": \"Status\", \"status\": \"Success\"}");
  }

  private MockResponse patched(String path, String body) {
    patches++;
    if (forbidden) {
      return json(403, "{\"kind\": \"Status\", \"code\": 403}");
    }
    objects.put(path, body);
    return json(200, body);
  }

  private static MockResponse json(int status, String body) {
    return new MockResponse()
        .setResponseCode(status)
        .setHeader("Content-Type", "application/json")
        .setBody(body);
  }

  @Override
  public void close() {
    server.close();
  }
}
