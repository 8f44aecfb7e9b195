package dev.changeover.operator.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** One kind's informer cache, as the reconciler of that kind was given it. */
final class ResourceCache<P extends HasMetadata> {
  /** A look at everything now and then, in case an event was lost. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);

  private final AtomicReference<Optional<Cache<P>>> cache = new AtomicReference<>(Optional.empty());

  void filledBy(EventSourceContext<P> context) {
    cache.set(Optional.of(context.getPrimaryCache()));
  }

  List<P> list() {
    return cache.get().map(one -> one.list().toList()).orElse(List.of());
  }

  /**
   * How a reconciler of ours is called: for everything that a person changed, deletions included,
   * and not for the status, which is ours.
   */
  static <P extends HasMetadata> void configure(
      ControllerConfigurationOverrider<P> configuration, Set<String> namespaces) {
    configuration
        .withGenerationAware(false)
        .withTriggerReconcilerOnAllEvents(true)
        .withOnUpdateFilter((now, before) -> changed(now.getMetadata(), before.getMetadata()))
        .withReconciliationMaxInterval(LOOK_AGAIN);
    if (namespaces.isEmpty()) {
      configuration.watchingAllNamespaces();
    } else {
      configuration.settingNamespaces(namespaces);
    }
  }

  private static boolean changed(ObjectMeta now, ObjectMeta before) {
    return !Objects.equals(now.getGeneration(), before.getGeneration())
        || !Objects.equals(now.getUid(), before.getUid())
        || !Objects.equals(now.getAnnotations(), before.getAnnotations())
        || !Objects.equals(now.getDeletionTimestamp(), before.getDeletionTimestamp());
  }
}
