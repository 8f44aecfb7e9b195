package dev.changeover.gateway.classify;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The headers of a reply, looked up without regard to case. */
@FunctionalInterface
public interface HeaderView {
  HeaderView NONE = name -> Optional.empty();

  /** The first value of the header. */
  Optional<String> first(String name);

  static HeaderView of(Map<String, String> headers) {
    var byName = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    byName.putAll(headers);
    return name -> Optional.ofNullable(byName.get(name));
  }
}
