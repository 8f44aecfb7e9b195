package dev.changeover.operator.publish;

import dev.changeover.contract.Bundle;
import dev.changeover.operator.alerts.AlertRules;
import dev.changeover.operator.model.ClusterView;
import dev.changeover.operator.model.ClusterView.MonitoringApi;
import dev.changeover.operator.model.EventRecord;
import dev.changeover.operator.model.ResourceRef;
import dev.changeover.operator.model.RuleReport;
import dev.changeover.operator.status.Statuses;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one hand that writes to the API server, on a thread of its own, so that a slow API server
 * holds up nothing else. What it is to make true is one value, and only the newest waits.
 */
public final class ClusterWriter implements AutoCloseable {
  static final int EVENTS_MAX = 1_000;
  private static final Duration STOP_MAX = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(ClusterWriter.class);

  private final StatusWriter statuses;
  private final EventWriter events;
  private final RuleWriter rules;
  private final DurableCopy copy;
  private final WriteListener listener;
  private final LongConsumer deposed;
  private final Thread thread = Thread.ofVirtual().name("cluster-writer").unstarted(this::run);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<EventRecord> waitingEvents = new ArrayDeque<>();
  private Optional<Desired> next = Optional.empty();
  private Optional<Bundle> lastBundle = Optional.empty();
  private boolean stopping;
  private volatile RuleReport report = new RuleReport.NotYet();

  /** What the cluster is to look like; what is empty is left as it is. */
  public record Desired(
      ClusterView view,
      Optional<Statuses> statuses,
      List<AlertRules> rules,
      Optional<Bundle> bundle) {
    public Desired {
      rules = List.copyOf(rules);
    }
  }

  /** How this installation writes. */
  public record Habits(Set<String> namespaces, String instance) {
    public Habits {
      namespaces = Set.copyOf(namespaces);
    }
  }

  /**
   * A writer that has not begun.
   *
   * @param deposed told the epoch of another leader that has taken over
   */
  public ClusterWriter(
      KubernetesClient client,
      DurableCopy copy,
      Habits habits,
      InstantSource clock,
      WriteListener listener,
      LongConsumer deposed) {
    this.statuses = new StatusWriter(client, clock, listener);
    this.events = new EventWriter(client, habits.instance(), clock, listener);
    this.rules = new RuleWriter(client, List.copyOf(habits.namespaces()), clock, listener);
    this.copy = copy;
    this.listener = listener;
    this.deposed = deposed;
  }

  public void start() {
    thread.start();
  }

  /** What became of the rules when they were last written. */
  public RuleReport ruleReport() {
    return report;
  }

  /** Makes it so, soon; whatever was offered before and is not yet so is forgotten. */
  public void offer(Desired desired, List<EventRecord> news) {
    lock.lock();
    try {
      next = Optional.of(desired);
      lastBundle = desired.bundle().or(() -> lastBundle);
      for (EventRecord event : news) {
        if (waitingEvents.size() < EVENTS_MAX) {
          waitingEvents.add(event);
        } else {
          listener.wrote(WriteListener.Result.FAILED); // an Event lost, and counted
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops after what is being written, and stores the newest bundle. */
  @Override
  public void close() {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      if (thread.isAlive() && !thread.join(STOP_MAX)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lastBundle.ifPresent(bundle -> settle(copy.keep(bundle)));
  }

  private record Work(Desired desired, List<EventRecord> news) {}

  private void run() {
    try {
      for (Optional<Work> work = take(); work.isPresent(); work = take()) {
        try {
          write(work.get());
        } catch (KubernetesClientException e) {
          listener.wrote(WriteListener.Result.FAILED);
          log.atWarn().addKeyValue("status", e.getCode()).log("API server does not answer");
        } catch (RuntimeException e) {
          listener.wrote(WriteListener.Result.FAILED);
          log.atError().setCause(e).log("writing failed");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<Work> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (next.isEmpty() && !stopping) {
        var _ = changed.await(1, TimeUnit.SECONDS);
      }
      if (next.isEmpty() || stopping) {
        return Optional.empty();
      }
      var work = new Work(next.get(), new ArrayList<>(waitingEvents));
      waitingEvents.clear();
      next = Optional.empty();
      return Optional.of(work);
    } finally {
      lock.unlock();
    }
  }

  private void write(Work work) {
    Desired desired = work.desired();
    desired.statuses().ifPresent(next -> statuses.write(desired.view(), next));
    Map<ResourceRef, String> uids = uids(desired.view());
    work.news().forEach(event -> events.write(event, uids.getOrDefault(event.object(), "")));
    desired.bundle().ifPresent(bundle -> settle(copy.offer(bundle)));
    if (desired.view().monitoringApi() == MonitoringApi.PRESENT) {
      report = rules.write(desired.rules());
    }
  }

  private void settle(DurableCopy.Outcome outcome) {
    switch (outcome) {
      case DurableCopy.Outcome.Kept _,
          DurableCopy.Outcome.Failed _,
          DurableCopy.Outcome.Touched _ -> {}
      case DurableCopy.Outcome.Deposed(long byEpoch) -> deposed.accept(byEpoch);
    }
  }

  private static Map<ResourceRef, String> uids(ClusterView view) {
    Map<ResourceRef, String> uids = new HashMap<>();
    view.providers().forEach(resource -> uids.put(resource.ref(), resource.uid()));
    view.routes().forEach(resource -> uids.put(resource.ref(), resource.uid()));
    return uids;
  }
}
