package dev.changeover.operator.watch;

import dev.changeover.contract.ObjectName;
import dev.changeover.crds.LlmProvider;
import dev.changeover.crds.LlmProviderSpec;
import dev.changeover.crds.LlmRoute;
import dev.changeover.crds.SecretKeyRef;
import dev.changeover.crds.SpecReading;
import dev.changeover.operator.model.ClusterView;
import dev.changeover.operator.model.ClusterView.MonitoringApi;
import dev.changeover.operator.model.ProviderResource;
import dev.changeover.operator.model.RouteResource;
import dev.changeover.operator.model.SecretView;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The watches on all that the operator reads, and the view that they make together. */
public final class ClusterWatch implements AutoCloseable {
  private static final Duration STOP_MAX = Duration.ofSeconds(2);
  private static final long RETRY_MILLIS = 500;
  private static final double RETRY_FACTOR = 2;
  private static final long RETRY_MILLIS_MAX = 30_000;
  private static final int THREADS = 4;

  private final ResourceCache<LlmProvider> providers = new ResourceCache<>();
  private final ResourceCache<LlmRoute> routes = new ResourceCache<>();
  private final SecretWatch secrets;
  private final StandingProviders standing =
      new StandingProviders(provider -> referred(Stream.of(provider)).keySet());
  private final Operator operator;
  private volatile boolean started;

  /**
   * Watches that have not begun.
   *
   * @param namespaces those to watch; none for all
   * @param wake called whenever something has changed; it must not block
   */
  public ClusterWatch(
      KubernetesClient client, Set<String> namespaces, Runnable wake, InstantSource clock) {
    secrets = new SecretWatch(client, wake, clock, SecretWatch.SECRETS_MAX);
    operator =
        new Operator(service ->
            service
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .checkingCRDAndValidateLocalModel(false)
                .withConcurrentReconciliationThreads(THREADS)
                .withReconciliationTerminationTimeout(STOP_MAX)
                .withStopOnInformerErrorDuringStartup(true));
    operator.register(
        new ProviderReconciler(providers, wake),
        configuration -> {
          configuration.withRetry(untilItSucceeds());
          ResourceCache.configure(configuration, namespaces);
        });
    operator.register(
        new RouteReconciler(routes, wake),
        configuration -> {
          configuration.withRetry(untilItSucceeds());
          ResourceCache.configure(configuration, namespaces);
        });
  }

  private static GenericRetry untilItSucceeds() {
    return GenericRetry.every10second10TimesRetry()
        .withoutMaxAttempts()
        .setInitialInterval(RETRY_MILLIS)
        .setIntervalMultiplier(RETRY_FACTOR)
        .setMaxInterval(RETRY_MILLIS_MAX);
  }

  /** Begins, and returns when both kinds have been read once. */
  public void start() {
    operator.start();
    started = true;
  }

  /** Whether every watch is alive. */
  public boolean healthy() {
    return started && operator.getRuntimeInfo().allEventSourcesAreHealthy();
  }

  /** The cluster as it stands, asked by one thread. */
  public Sight view(Set<String> gateways, MonitoringApi monitoringApi) {
    if (!started) {
      return new Sight.Partial();
    }
    List<ProviderResource> readProviders =
        providers.list().stream().map(ClusterWatch::read).toList();
    List<RouteResource> readRoutes = routes.list().stream().map(ClusterWatch::read).toList();
    Optional<SecretWatch.Answers> answers = secrets.read(referred(standing.with(readProviders)));
    if (answers.isEmpty()) {
      return new Sight.Blind();
    }
    List<SecretView> readSecrets = answers.get().views();
    return standing
        .seen(readProviders, answers.get())
        .<Sight>map(seen ->
            new Sight.Whole(ClusterView.of(seen, readRoutes, readSecrets, gateways, monitoringApi)))
        .orElseGet(Sight.Partial::new);
  }

  @Override
  public void close() {
    if (started) {
      started = false;
      operator.stop();
    }
    secrets.close();
  }

  private static Map<ObjectName, Set<String>> referred(Stream<ProviderResource> providers) {
    Map<ObjectName, Set<String>> referred = new TreeMap<>();
    for (ProviderResource provider : providers.toList()) {
      if (provider.reading() instanceof SpecReading.Bound<LlmProviderSpec>(LlmProviderSpec spec)) {
        references(spec)
            .filter(reference -> isName(reference.name()))
            .forEach(reference ->
                referred
                    .computeIfAbsent(
                        new ObjectName(provider.name().namespace(), reference.name()),
                        _ -> new TreeSet<>())
                    .add(reference.key()));
      }
    }
    return referred;
  }

  /** What is no name is told by the translator, and there is nothing to watch. */
  private static boolean isName(String text) {
    return !text.isEmpty() && text.indexOf('/') < 0;
  }

  private static Stream<SecretKeyRef> references(LlmProviderSpec spec) {
    LlmProviderSpec.@Nullable Tls tls = spec.tls();
    return Stream.concat(
        spec.credentials().stream().map(LlmProviderSpec.Credential::secretKeyRef),
        tls == null ? Stream.of() : Stream.of(tls.caSecretRef()));
  }

  private static ProviderResource read(LlmProvider provider) {
    ObjectMeta metadata = provider.getMetadata();
    return new ProviderResource(
        name(metadata),
        uid(metadata),
        generation(metadata),
        created(metadata),
        annotations(metadata),
        provider.reading(),
        Optional.ofNullable(provider.getStatus()));
  }

  private static RouteResource read(LlmRoute route) {
    ObjectMeta metadata = route.getMetadata();
    return new RouteResource(
        name(metadata),
        uid(metadata),
        generation(metadata),
        created(metadata),
        annotations(metadata),
        route.reading(),
        Optional.ofNullable(route.getStatus()));
  }

  private static ObjectName name(ObjectMeta metadata) {
    return new ObjectName(metadata.getNamespace(), metadata.getName());
  }

  private static String uid(ObjectMeta metadata) {
    return metadata.getUid() == null ? "" : metadata.getUid();
  }

  private static long generation(ObjectMeta metadata) {
    return metadata.getGeneration() == null ? 0 : metadata.getGeneration();
  }

  private static Instant created(ObjectMeta metadata) {
    try {
      return metadata.getCreationTimestamp() == null
          ? Instant.EPOCH
          : Instant.parse(metadata.getCreationTimestamp());
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  private static Map<String, String> annotations(ObjectMeta metadata) {
    return metadata.getAnnotations() == null ? Map.of() : metadata.getAnnotations();
  }
}
