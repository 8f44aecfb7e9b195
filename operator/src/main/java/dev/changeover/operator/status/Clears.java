package dev.changeover.operator.status;

import dev.changeover.contract.ObjectName;
import dev.changeover.operator.model.ClusterView;
import dev.changeover.operator.model.ProviderResource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Providers whose holds a person has asked to lift. */
public final class Clears {
  /** Any new value of this annotation lifts all holds of the provider. */
  public static final String ANNOTATION = "changeover.dev/clear";

  private Clears() {}

  /** The values that no status has called obeyed yet, by provider and the object's uid. */
  public record Asked(Map<ObjectName, Value> values) {
    public static final Asked NOTHING = new Asked(Map.of());

    public Asked {
      values = Map.copyOf(values);
    }

    /** The providers whose value was not asked for then. */
    public List<ObjectName> since(Asked earlier) {
      return values.entrySet().stream()
          .filter(entry -> !entry.getValue().equals(earlier.values.get(entry.getKey())))
          .map(Map.Entry::getKey)
          .sorted()
          .toList();
    }
  }

  /** The value of one object's annotation. */
  public record Value(String uid, String text) {}

  /**
   * What is asked and not yet obeyed as far as statuses say. The holds of these providers are to be
   * lifted once, before the next statuses are worked out, which then call it obeyed.
   */
  public static Asked of(ClusterView view, Statuses previous) {
    Map<ObjectName, Value> values = new HashMap<>();
    for (ProviderResource provider : view.providers()) {
      String text = provider.annotations().get(ANNOTATION);
      if (text != null && isNew(provider, text, previous)) {
        values.put(provider.name(), new Value(provider.uid(), text));
      }
    }
    return new Asked(values);
  }

  private static boolean isNew(ProviderResource provider, String text, Statuses previous) {
    return previous
        .provider(provider)
        .map(status -> !Objects.equals(text, status.lastHandledClear()))
        .orElse(true);
  }
}
