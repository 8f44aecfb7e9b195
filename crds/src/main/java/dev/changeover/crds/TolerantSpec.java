package dev.changeover.crds;

import org.jspecify.annotations.Nullable;

/** A spec that also stands for JSON that does not bind to it, so that binding never fails. */
public sealed interface TolerantSpec permits LlmProviderSpec, LlmRouteSpec {

  /** The JSON that did not bind and why; null for a spec that was read. */
  @Nullable UnreadableSpec unreadable();
}
