package dev.changeover.operator.model;

import dev.changeover.contract.ObjectName;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Those entries of a Secret that a resource refers to, decoded. It prints its keys only.
 *
 * @param unreadable why nobody knows what it holds, where that is so
 */
public record SecretView(ObjectName name, Map<String, String> values, Optional<String> unreadable) {
  public SecretView {
    values = Map.copyOf(values);
  }

  /** A Secret that was read. */
  public SecretView(ObjectName name, Map<String, String> values) {
    this(name, values, Optional.empty());
  }

  /** A Secret of which nobody knows what it holds, or whether there is one. */
  public static SecretView unreadable(ObjectName name, String why) {
    return new SecretView(name, Map.of(), Optional.of(why));
  }

  public Optional<String> find(String key) {
    return Optional.ofNullable(values.get(key));
  }

  @Override
  public String toString() {
    return "SecretView[" + name + ", keys " + new TreeSet<>(values.keySet()) + "]";
  }
}
