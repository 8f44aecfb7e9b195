package dev.changeover.operator.model;

import dev.changeover.contract.ObjectName;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Those entries of a Secret that a resource refers to, decoded. It prints its keys only. */
public record SecretView(ObjectName name, Map<String, String> values) {
  public SecretView {
    values = Map.copyOf(values);
  }

  public Optional<String> find(String key) {
    return Optional.ofNullable(values.get(key));
  }

  @Override
  public String toString() {
    return "SecretView[" + name + ", keys " + new TreeSet<>(values.keySet()) + "]";
  }
}
