package dev.changeover.operator.watch;

import dev.changeover.crds.LlmProvider;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;

/** Wakes the control loop when an LlmProvider has changed; there is nothing else to it. */
@ControllerConfiguration(name = "llmprovider")
final class ProviderReconciler implements Reconciler<LlmProvider> {
  private final ResourceCache<LlmProvider> cache;
  private final Runnable wake;

  ProviderReconciler(ResourceCache<LlmProvider> cache, Runnable wake) {
    this.cache = cache;
    this.wake = wake;
  }

  @Override
  public List<EventSource<?, LlmProvider>> prepareEventSources(
      EventSourceContext<LlmProvider> context) {
    cache.filledBy(context);
    return List.of();
  }

  @Override
  public UpdateControl<LlmProvider> reconcile(LlmProvider provider, Context<LlmProvider> context) {
    wake.run();
    return UpdateControl.noUpdate();
  }
}
