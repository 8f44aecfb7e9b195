package dev.changeover.gateway.upstream;

import dev.changeover.contract.ApiKey;
import dev.changeover.contract.ProviderConfig;
import java.util.Map;
import java.util.Optional;

/**
 * One call at a provider.
 *
 * @param key the key to send; none for an open server
 * @param path what follows the provider's base URL, with a leading slash
 * @param body never written to; empty for a GET
 * @param passedOn headers of the caller that {@link PassedHeaders} let through
 * @param streamed whether an event stream is asked for
 */
// The hot path hands bytes over as they are; nobody compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record UpstreamCall(
    ProviderConfig provider,
    Optional<ApiKey> key,
    Method method,
    String path,
    byte[] body,
    Map<String, String> passedOn,
    boolean streamed) {
  /** How the provider is asked. */
  public enum Method {
    GET,
    POST
  }

  public UpstreamCall {
    passedOn = Map.copyOf(passedOn);
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a path begins with a slash");
    }
  }

  /** A call that posts a JSON body. */
  public static UpstreamCall post(
      ProviderConfig provider,
      Optional<ApiKey> key,
      String path,
      byte[] body,
      Map<String, String> passedOn,
      boolean streamed) {
    return new UpstreamCall(provider, key, Method.POST, path, body, passedOn, streamed);
  }

  /** A call that only asks. */
  public static UpstreamCall get(ProviderConfig provider, Optional<ApiKey> key, String path) {
    return new UpstreamCall(provider, key, Method.GET, path, new byte[0], Map.of(), false);
  }

  /** Neither the body nor the key. */
  @Override
  public String toString() {
    return "UpstreamCall[" + method + " " + provider.name() + path + "]";
  }
}
