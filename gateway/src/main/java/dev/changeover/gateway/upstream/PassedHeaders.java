package dev.changeover.gateway.upstream;

import dev.changeover.contract.ProviderType;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The headers of a caller that a provider may see. Everything else is built anew: no credential,
 * cookie, host or organisation of a caller ever leaves the gateway.
 */
public final class PassedHeaders {
  private static final List<String> TO_ANTHROPIC = List.of("anthropic-version", "anthropic-beta");
  private static final List<String> TO_OPENAI = List.of("openai-beta");

  /** The longest value that is passed on, in characters. */
  static final int VALUE_MAX = 1024;

  private PassedHeaders() {}

  /**
   * The headers of this caller that go to a provider of this type.
   *
   * @param header looks a header of the caller up
   */
  public static Map<String, String> pick(
      ProviderType type, Function<String, Optional<String>> header) {
    var picked = new TreeMap<String, String>();
    for (String name : allowed(type)) {
      header.apply(name).filter(PassedHeaders::isPlain).ifPresent(value -> picked.put(name, value));
    }
    return Collections.unmodifiableMap(picked);
  }

  /**
   * Whether these headers could be why the provider says no: an error is then no sure sign about
   * the account.
   */
  public static boolean mayMislead(Map<String, String> passedOn) {
    return passedOn.entrySet().stream()
        .anyMatch(header ->
            !header.getKey().equals("anthropic-version")
                || !header.getValue().equals(RequestHeaders.ANTHROPIC_VERSION));
  }

  private static List<String> allowed(ProviderType type) {
    return switch (type) {
      case ANTHROPIC -> TO_ANTHROPIC;
      case OPENAI, OPENAI_COMPATIBLE -> TO_OPENAI;
    };
  }

  private static boolean isPlain(String value) {
    return !value.isEmpty()
        && value.length() <= VALUE_MAX
        && value.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }
}
