package dev.changeover.operator.watch;

import dev.changeover.crds.LlmRoute;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;

/** Wakes the control loop when an LlmRoute has changed; there is nothing else to it. */
@ControllerConfiguration(name = "llmroute")
final class RouteReconciler implements Reconciler<LlmRoute> {
  private final ResourceCache<LlmRoute> cache;
  private final Runnable wake;

  RouteReconciler(ResourceCache<LlmRoute> cache, Runnable wake) {
    this.cache = cache;
    this.wake = wake;
  }

  @Override
  public List<EventSource<?, LlmRoute>> prepareEventSources(EventSourceContext<LlmRoute> context) {
    cache.filledBy(context);
    return List.of();
  }

  @Override
  public UpdateControl<LlmRoute> reconcile(LlmRoute route, Context<LlmRoute> context) {
    wake.run();
    return UpdateControl.noUpdate();
  }
}
