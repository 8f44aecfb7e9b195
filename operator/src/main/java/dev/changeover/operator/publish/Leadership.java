package dev.changeover.operator.publish;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseList;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to publish and to write, taken from a Lease: waited for once, kept while it can be
 * renewed in time, and never taken again once it is lost.
 *
 * <p>Whether it still stands is read off a clock of this process that only goes forward, and
 * counted from before the last renewal was asked for. So an operator that was paused knows, when it
 * wakes, that its time is over, before it has asked anybody. Another's Lease is over when it has
 * not been renewed for its duration by the same clock: the clocks of two machines are never
 * compared.
 */
public final class Leadership implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration LEASE_MIN = Duration.ofSeconds(3);
  private static final Duration RELEASE_MAX = Duration.ofSeconds(5);
  private static final String LEASES = "/apis/coordination.k8s.io/";
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);

  private final Terms terms;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch taken = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile CompletableFuture<?> election = CompletableFuture.completedFuture(null);
  private volatile Standing standing = new Standing.Waiting();

  /**
   * Which Lease, by which name it is held, and for how many seconds at a time. Five sixths of them
   * may pass without a renewal.
   */
  public record Terms(String namespace, String name, String holder, Duration lease) {
    public Terms {
      lease = Duration.ofSeconds(lease.toSeconds()); // the Lease's own unit
      if (lease.compareTo(LEASE_MIN) < 0) {
        throw new IllegalArgumentException("a Lease is for at least " + LEASE_MIN);
      }
    }

    Duration renewWithin() {
      return lease.multipliedBy(5).dividedBy(6);
    }

    Duration renewEvery() {
      return lease.dividedBy(18);
    }
  }

  private sealed interface Standing {
    record Waiting() implements Standing {}

    record Leading(long askedAtNanos) implements Standing {}

    record Over() implements Standing {}
  }

  public Leadership(Terms terms, InstantSource clock, LongSupplier nanoClock) {
    this.terms = terms;
    this.clock = clock;
    this.nanoClock = nanoClock;
  }

  /**
   * Begins to wait for the Lease.
   *
   * @param lost told once if it is lost after it was held; not when it is given back
   */
  public void stand(KubernetesClient client, Runnable lost) {
    var callbacks = new LeaderCallbacks(() -> {}, () -> end("no longer held"), this::heldBy);
    var config =
        new LeaderElectionConfig(
            new TimedLock(),
            terms.lease(),
            terms.renewWithin(),
            terms.renewEvery(),
            callbacks,
            true,
            terms.name());
    election = new LeaderElector(client, config, threads).start();
    threads.execute(() -> watch(lost));
  }

  /** Whether the Lease is held within this time. */
  public boolean await(Duration wait) throws InterruptedException {
    return taken.await(wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Whether this operator may publish and write at this very moment. */
  public boolean holds() {
    return standing instanceof Standing.Leading(long askedAtNanos)
        && nanoClock.getAsLong() - askedAtNanos < terms.renewWithin().toNanos();
  }

  /** Stops every write of a client, once this operator may write no longer. */
  public Interceptor fence() {
    return new Interceptor() {
      @Override
      public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        boolean reads = "GET".equals(request.method());
        if (!reads && !request.uri().getPath().contains(LEASES) && !holds()) {
          throw new KubernetesClientException("this operator may not write: its Lease is over");
        }
      }
    };
  }

  /** Gives the Lease back, if it is still this operator's, so that the next one need not wait. */
  @Override
  public void close() {
    if (closed.getCount() == 0) {
      return; // given back already
    }
    standing = new Standing.Over();
    closed.countDown();
    try {
      // the election writes the release in the thread that cancels it
      boolean _ =
          threads
              .submit(() -> election.cancel(true))
              .get(RELEASE_MAX.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.atWarn().addKeyValue("lease", terms.name()).log("Lease not given back; it runs out");
    } finally {
      threads.shutdownNow();
    }
  }

  private void heldBy(@Nullable String holder) {
    if (holder != null && !holder.isEmpty() && !holder.equals(terms.holder())) {
      log.atInfo().addKeyValue("holder", holder).log("operator waits for the Lease");
    }
  }

  /** The right ends by itself; this only says so. */
  private void watch(Runnable lost) {
    try {
      while (!closed.await(LOOK.toNanos(), TimeUnit.NANOSECONDS)) {
        if (standing instanceof Standing.Leading && !holds()) {
          end("not renewed in time");
        }
        if (standing instanceof Standing.Over) {
          if (closed.getCount() > 0) {
            lost.run();
          }
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void end(String why) {
    if (standing instanceof Standing.Leading) {
      standing = new Standing.Over();
      log.atError().addKeyValue("reason", why).log("Lease lost; this operator ends");
    }
  }

  private synchronized void renewed(long askedAtNanos) {
    switch (standing) {
      case Standing.Over _ -> {}
      case Standing.Waiting _, Standing.Leading _ -> {
        standing = new Standing.Leading(askedAtNanos);
        taken.countDown();
      }
    }
  }

  /** The Lease as the election sees it; one thread at a time asks. */
  private final class TimedLock implements Lock {
    private Optional<Lease> read = Optional.empty();
    private Optional<LeaseSpec> seen = Optional.empty();
    private long seenAtNanos;
    private long askedAtNanos;
    private boolean unansweredSaid;

    @Override
    public @Nullable LeaderElectionRecord get(KubernetesClient client) {
      askedAtNanos = nanoClock.getAsLong();
      read = Optional.ofNullable(answer(leases(client).withName(terms.name())::get));
      Optional<LeaseSpec> spec = read.map(Lease::getSpec);
      if (!spec.equals(seen)) {
        seen = spec;
        seenAtNanos = nanoClock.getAsLong();
      }
      return read.isEmpty() ? null : record(spec.orElseGet(LeaseSpec::new));
    }

    /** Renewed when it was first seen so, by our clock. */
    private LeaderElectionRecord record(LeaseSpec spec) {
      Instant seenAt = clock.instant().minusNanos(nanoClock.getAsLong() - seenAtNanos);
      return new LeaderElectionRecord(
          spec.getHolderIdentity(),
          Optional.ofNullable(spec.getLeaseDurationSeconds())
              .map(Duration::ofSeconds)
              .orElse(Duration.ZERO),
          Optional.ofNullable(spec.getAcquireTime())
              .orElseGet(() -> ZonedDateTime.ofInstant(seenAt, ZoneOffset.UTC)),
          ZonedDateTime.ofInstant(seenAt, ZoneOffset.UTC),
          Optional.ofNullable(spec.getLeaseTransitions()).orElse(0));
    }

    @Override
    public void create(KubernetesClient client, LeaderElectionRecord wanted) {
      refuseWhenOver(wanted);
      Lease lease =
          new LeaseBuilder()
              .withNewMetadata()
              .withName(terms.name())
              .withNamespace(terms.namespace())
              .endMetadata()
              .withSpec(spec(wanted))
              .build();
      written(wanted, answer(leases(client).resource(lease)::create));
    }

    /** The Lease carries the version that was read, so of two who take it one fails. */
    @Override
    public void update(KubernetesClient client, LeaderElectionRecord wanted) {
      refuseWhenOver(wanted);
      Lease lease = new LeaseBuilder(read.orElseThrow()).withSpec(spec(wanted)).build();
      written(wanted, answer(leases(client).resource(lease)::update));
    }

    private NonNamespaceOperation<Lease, LeaseList, Resource<Lease>> leases(
        KubernetesClient client) {
      return client.leases().inNamespace(terms.namespace());
    }

    /** The API server's answer; that it gives none is said once, and the election asks again. */
    private <T extends @Nullable Object> T answer(Supplier<T> question) {
      try {
        T answer = question.get();
        unansweredSaid = false;
        return answer;
      } catch (KubernetesClientException e) {
        if (!unansweredSaid && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
          unansweredSaid = true;
          log.atWarn()
              .addKeyValue("lease", terms.name())
              .addKeyValue("fault", e.getMessage())
              .log("Lease cannot be read or written; it is tried again");
        }
        throw e;
      }
    }

    /** What was lost is given back, and not kept from the next while this operator ends. */
    private void refuseWhenOver(LeaderElectionRecord wanted) {
      if (standing instanceof Standing.Over && identity().equals(wanted.getHolderIdentity())) {
        throw new KubernetesClientException("this operator never takes the Lease again");
      }
    }

    private void written(LeaderElectionRecord wanted, Lease stored) {
      read = Optional.of(stored);
      if (identity().equals(wanted.getHolderIdentity())) {
        renewed(askedAtNanos);
      }
    }

    private static LeaseSpec spec(LeaderElectionRecord wanted) {
      var spec = new LeaseSpec();
      spec.setHolderIdentity(Objects.requireNonNullElse(wanted.getHolderIdentity(), ""));
      spec.setLeaseDurationSeconds(Math.toIntExact(wanted.getLeaseDuration().toSeconds()));
      spec.setAcquireTime(wanted.getAcquireTime());
      spec.setRenewTime(wanted.getRenewTime());
      spec.setLeaseTransitions(wanted.getLeaderTransitions());
      return spec;
    }

    @Override
    public String identity() {
      return terms.holder();
    }

    @Override
    public String describe() {
      return "Lease %s/%s".formatted(terms.namespace(), terms.name());
    }
  }
}
