package dev.changeover.gateway.upstream;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** The headers of one request to a provider, built from nothing. */
final class RequestHeaders {
  /** The version of Anthropic's API that is spoken where the caller names none. */
  static final String ANTHROPIC_VERSION = "2023-06-01";

  private static final String AGENT = "changeover";

  /** Never taken from a provider's {@code headers}: credentials, framing, hops. */
  private static final Set<String> NEVER =
      Set.of(
          "authorization",
          "x-api-key",
          "api-key",
          "cookie",
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "te",
          "trailer",
          "upgrade",
          "keep-alive",
          "expect",
          "proxy-authorization",
          "proxy-connection",
          "accept-encoding",
          "content-type",
          "content-encoding");

  /** What may be on, in one header: each entry stands for itself. */
  private static final Set<String> LISTS = Set.of("anthropic-beta", "openai-beta");

  private RequestHeaders() {}

  static void write(UpstreamCall call, HttpFields.Mutable headers) {
    headers.put(HttpHeader.USER_AGENT, AGENT);
    headers.put(HttpHeader.ACCEPT, call.streamed() ? "text/event-stream" : "application/json");
    headers.put(HttpHeader.ACCEPT_ENCODING, "identity");
    switch (call.provider().type()) {
      case ANTHROPIC -> {
        headers.put("anthropic-version", ANTHROPIC_VERSION);
        call.key().ifPresent(key -> headers.put("x-api-key", key.secret()));
      }
      case OPENAI, OPENAI_COMPATIBLE ->
          call.key()
              .ifPresent(key -> headers.put(HttpHeader.AUTHORIZATION, "Bearer " + key.secret()));
    }
    call.passedOn().forEach(headers::put);
    call.provider().headers().forEach((name, value) -> configured(name, value, headers));
  }

  /** What the provider's owner wrote wins over a caller; of a list both get what they ask for. */
  private static void configured(String name, String value, HttpFields.Mutable headers) {
    String plain = name.toLowerCase(Locale.ROOT);
    String others = headers.get(plain);
    if (LISTS.contains(plain) && others != null) {
      String both =
          Stream.of(value, others)
              .flatMap(list -> Stream.of(list.split(",", -1)))
              .map(String::strip)
              .filter(item -> !item.isEmpty())
              .distinct()
              .collect(Collectors.joining(","));
      headers.put(plain, both);
    } else if (!NEVER.contains(plain)) {
      headers.put(name, value);
    }
  }
}
