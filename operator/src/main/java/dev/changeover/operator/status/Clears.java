package dev.changeover.operator.status;

import dev.changeover.contract.ObjectName;
import dev.changeover.operator.model.ClusterView;
import dev.changeover.operator.model.ProviderResource;
import java.util.List;
import java.util.Objects;

/** Providers whose holds a person has asked to lift. */
public final class Clears {
  /** Any new value of this annotation lifts all holds of the provider. */
  public static final String ANNOTATION = "changeover.dev/clear";

  private Clears() {}

  /**
   * The providers whose annotation has a value that was not obeyed yet. Their holds are to be
   * lifted before the next statuses are worked out, which then call it obeyed.
   */
  public static List<ObjectName> of(ClusterView view, Statuses previous) {
    return view.providers().stream()
        .filter(provider -> isNew(provider, previous))
        .map(ProviderResource::name)
        .toList();
  }

  private static boolean isNew(ProviderResource provider, Statuses previous) {
    String asked = provider.annotations().get(ANNOTATION);
    if (asked == null) {
      return false;
    }
    return previous
        .provider(provider)
        .map(status -> !Objects.equals(asked, status.lastHandledClear()))
        .orElse(true);
  }
}
