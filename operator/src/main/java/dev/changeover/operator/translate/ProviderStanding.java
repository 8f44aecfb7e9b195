package dev.changeover.operator.translate;

import dev.changeover.crds.LlmProviderSpec.AllowedNamespaces;
import dev.changeover.operator.model.Problem;
import dev.changeover.operator.model.ProviderModel;

/** Whether a provider that exists can be called, and by whose routes. */
sealed interface ProviderStanding {
  /** It can be called. */
  record Usable(ProviderModel model, AllowedNamespaces allowed) implements ProviderStanding {}

  /** It has a spec, but no key or no trust can be read, or the spec makes no sense. */
  record Closed(Problem.Reason reason, AllowedNamespaces allowed) implements ProviderStanding {}

  /** It has no spec that could be read, so nobody knows whose routes may use it. */
  record Unreadable() implements ProviderStanding {}
}
