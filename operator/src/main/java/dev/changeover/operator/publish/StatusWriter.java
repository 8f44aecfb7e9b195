package dev.changeover.operator.publish;

import dev.changeover.contract.ObjectName;
import dev.changeover.crds.LlmProvider;
import dev.changeover.crds.LlmProviderStatus;
import dev.changeover.crds.LlmRoute;
import dev.changeover.crds.LlmRouteStatus;
import dev.changeover.operator.model.ClusterView;
import dev.changeover.operator.model.ProviderResource;
import dev.changeover.operator.model.ResourceRef;
import dev.changeover.operator.model.RouteResource;
import dev.changeover.operator.status.StatusChange;
import dev.changeover.operator.status.Statuses;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes statuses that say something new: a state at once, figures now and then; providers before
 * routes, and of routes no more than a bounded number a second.
 */
final class StatusWriter {
  static final int ROUTES_A_SECOND = 100;
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** After a refusal an object is left alone for so long. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private static final int ATTEMPTS_MAX = 3;
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("changeover")
          .withForce(true)
          .build();
  private static final Logger log = LoggerFactory.getLogger(StatusWriter.class);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final WriteListener listener;
  private final Map<ResourceRef, Written<LlmProviderStatus>> providers = new HashMap<>();
  private final Map<ResourceRef, Written<LlmRouteStatus>> routes = new HashMap<>();
  private final Map<ResourceRef, Instant> refusedAt = new HashMap<>();
  private Instant secondBegan = Instant.MIN;
  private int routesThisSecond;

  /** What an object's status says in the cluster, and since when; for which object of that name. */
  private record Written<S>(String uid, Optional<S> status, Instant at) {}

  StatusWriter(KubernetesClient client, InstantSource clock, WriteListener listener) {
    this.client = client;
    this.clock = clock;
    this.listener = listener;
  }

  void write(ClusterView view, Statuses statuses) {
    for (ProviderResource resource : view.providers()) {
      LlmProviderStatus next = statuses.providers().get(resource.name());
      if (next != null) {
        write(resource, next);
      }
    }
    for (RouteResource resource : view.routes()) {
      LlmRouteStatus next = statuses.routes().get(resource.name());
      if (next != null) {
        write(resource, next);
      }
    }
    forget(view);
  }

  private void write(ProviderResource resource, LlmProviderStatus next) {
    Written<LlmProviderStatus> written =
        known(providers, resource.ref(), resource.uid(), resource.status());
    if (!due(StatusChange.of(written.status(), next), written.at(), resource.ref())) {
      return;
    }
    var fresh = new LlmProvider();
    fresh.setMetadata(metadata(resource.name()));
    fresh.setStatus(next);
    if (apply(fresh, resource.ref())) {
      providers.put(
          resource.ref(), new Written<>(resource.uid(), Optional.of(next), clock.instant()));
    }
  }

  private void write(RouteResource resource, LlmRouteStatus next) {
    Written<LlmRouteStatus> written =
        known(routes, resource.ref(), resource.uid(), resource.status());
    if (!due(StatusChange.of(written.status(), next), written.at(), resource.ref())
        || !routeMayBeWritten()) {
      return;
    }
    var fresh = new LlmRoute();
    fresh.setMetadata(metadata(resource.name()));
    fresh.setStatus(next);
    if (apply(fresh, resource.ref())) {
      routes.put(resource.ref(), new Written<>(resource.uid(), Optional.of(next), clock.instant()));
    }
  }

  /** What is written of the object; one that was made anew under its name begins anew. */
  private static <S> Written<S> known(
      Map<ResourceRef, Written<S>> written, ResourceRef ref, String uid, Optional<S> read) {
    Written<S> last = written.get(ref);
    if (last != null && last.uid().equals(uid)) {
      return last;
    }
    var first = new Written<>(uid, read, Instant.MIN);
    written.put(ref, first);
    return first;
  }

  private boolean due(StatusChange change, Instant writtenAt, ResourceRef ref) {
    Instant now = clock.instant();
    Instant refused = refusedAt.get(ref);
    if (refused != null && now.isBefore(refused.plus(RETRY_AFTER))) {
      return false;
    }
    return switch (change) {
      case NONE -> false;
      case STATE -> true;
      case FIGURES ->
          writtenAt.equals(Instant.MIN)
              || !now.isBefore(writtenAt.plus(StatusChange.FIGURES_EVERY));
    };
  }

  /** The rest is written by the next pass, which is never far. */
  private boolean routeMayBeWritten() {
    Instant now = clock.instant();
    if (secondBegan.equals(Instant.MIN) || !now.isBefore(secondBegan.plus(SECOND))) {
      secondBegan = now;
      routesThisSecond = 0;
    }
    return routesThisSecond++ < ROUTES_A_SECOND;
  }

  private boolean apply(HasMetadata fresh, ResourceRef ref) {
    for (int attempt = 1; ; attempt++) {
      try {
        client.resource(fresh).subresource("status").patch(APPLY);
        refusedAt.remove(ref);
        listener.wrote(WriteListener.Result.DONE);
        return true;
      } catch (KubernetesClientException e) {
        boolean conflict = e.getCode() == HttpURLConnection.HTTP_CONFLICT;
        if (conflict && attempt < ATTEMPTS_MAX) {
          listener.wrote(WriteListener.Result.CONFLICT);
          continue;
        }
        refusedAt.put(ref, clock.instant());
        if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
          return false; // it was deleted; the watch says so, too
        }
        listener.wrote(WriteListener.Result.FAILED);
        log.atWarn()
            .addKeyValue("object", ref)
            .addKeyValue("status", e.getCode())
            .log("status not written; it is tried again");
        return false;
      }
    }
  }

  private void forget(ClusterView view) {
    Set<ResourceRef> present = new HashSet<>();
    view.providers().forEach(resource -> present.add(resource.ref()));
    view.routes().forEach(resource -> present.add(resource.ref()));
    providers.keySet().retainAll(present);
    routes.keySet().retainAll(present);
    refusedAt.keySet().retainAll(present);
  }

  private static ObjectMeta metadata(ObjectName name) {
    return new ObjectMetaBuilder().withName(name.name()).withNamespace(name.namespace()).build();
  }
}
