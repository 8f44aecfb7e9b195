package dev.changeover.local.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.server.mock.KubernetesAttributesExtractor;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.crud.KubernetesCrudDispatcherException;
import io.fabric8.kubernetes.client.server.mock.crud.PostHandler;
import io.fabric8.kubernetes.client.server.mock.crud.PutHandler;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The mock server's dispatcher with what it lacks: server-side apply, and merge patches as RFC 7386
 * has them. One request at a time, since the original mixes up concurrent writes.
 */
final class ApiDispatcher extends KubernetesCrudDispatcher {
  private static final String METADATA = "metadata";
  private static final String STATUS = "status";
  private static final String APPLY = "application/apply-patch+yaml";
  private static final String MERGE = "application/merge-patch+json";
  private static final List<String> MERGED_METADATA = List.of("labels", "annotations");

  private final PostHandler create;
  private final PutHandler replace = new PutHandler(this);
  private final AtomicLong writes = new AtomicLong();
  private final String authorization;

  /** A dispatcher that answers only to who shows this token. */
  ApiDispatcher(String token) {
    authorization = "Bearer " + token;
    create = new PostHandler((KubernetesAttributesExtractor) attributeExtractor, this);
  }

  /** How many requests so far were not mere questions. */
  long writes() {
    return writes.get();
  }

  @Override
  public synchronized MockResponse dispatch(RecordedRequest request) {
    if (!authorization.equals(request.getHeader("Authorization"))) {
      return new MockResponse().setResponseCode(HttpURLConnection.HTTP_UNAUTHORIZED);
    }
    if (!"GET".equals(request.getMethod())) {
      writes.incrementAndGet();
    }
    return super.dispatch(request);
  }

  @Override
  public MockResponse handleWatch(String path) {
    MockResponse response = super.handleWatch(path);
    return response.withWebSocketUpgrade(new WatchOffTheLoop(response.getWebSocketListener()));
  }

  @Override
  public MockResponse handlePatch(RecordedRequest request) {
    String type = String.valueOf(request.getHeader("Content-Type"));
    try {
      if (type.startsWith(APPLY)) {
        return apply(withoutQuery(request.getPath()), asNode(request.getUtf8Body()));
      }
      if (type.startsWith(MERGE)) {
        return merge(withoutQuery(request.getPath()), asNode(request.getUtf8Body()));
      }
    } catch (KubernetesCrudDispatcherException e) {
      return new MockResponse().setResponseCode(e.getCode()).setBody(e.toStatusBody());
    }
    return super.handlePatch(request);
  }

  /** Absent: made. Present: what is applied replaces its fields, of the metadata it is merged. */
  private MockResponse apply(String path, JsonNode applied)
      throws KubernetesCrudDispatcherException {
    Map.Entry<AttributeSet, String> existing = findResource(getKey(path));
    if (existing == null) {
      return path.endsWith("/" + STATUS)
          ? new MockResponse().setResponseCode(404)
          : create.handle(collection(path), "application/json", applied.toString());
    }
    ObjectNode result = asNode(existing).deepCopy();
    applied
        .properties()
        .forEach(field -> {
          if (field.getKey().equals(METADATA)) {
            mergeMetadata(result.withObject("/" + METADATA), field.getValue());
          } else {
            result.set(field.getKey(), field.getValue());
          }
        });
    if (path.endsWith("/" + STATUS) && !applied.has(STATUS)) {
      result.remove(STATUS);
    }
    return replace.handle(path, "application/json", result.toString());
  }

  private static void mergeMetadata(ObjectNode metadata, JsonNode applied) {
    applied
        .properties()
        .forEach(field -> {
          if (MERGED_METADATA.contains(field.getKey()) && field.getValue() instanceof ObjectNode) {
            metadata.withObject("/" + field.getKey()).setAll((ObjectNode) field.getValue());
          } else {
            metadata.set(field.getKey(), field.getValue());
          }
        });
  }

  private MockResponse merge(String path, JsonNode patch) throws KubernetesCrudDispatcherException {
    Map.Entry<AttributeSet, String> existing = findResource(getKey(path));
    if (existing == null) {
      return new MockResponse().setResponseCode(404);
    }
    JsonNode result = merged(asNode(existing), patch);
    return replace.handle(path, "application/json", result.toString());
  }

  /** RFC 7386: null removes, objects merge, everything else replaces. */
  private static JsonNode merged(JsonNode target, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      return patch;
    }
    ObjectNode result =
        target instanceof ObjectNode object ? object.deepCopy() : changes.objectNode();
    changes
        .properties()
        .forEach(field -> {
          if (field.getValue().isNull()) {
            result.remove(field.getKey());
          } else {
            result.set(field.getKey(), merged(result.path(field.getKey()), field.getValue()));
          }
        });
    return result;
  }

  private static String withoutQuery(String path) {
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  private static String collection(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }
}
