package dev.changeover.operator.translate;

import dev.changeover.contract.ProviderType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An address strictly parsed and built anew, or the sentence that says why it is none. */
sealed interface BaseUrl {
  /** The address: lower case, no trailing slash, nothing but scheme, host, port and path. */
  record Read(URI uri) implements BaseUrl {}

  /** Why there is none. */
  record Refused(String message) implements BaseUrl {}

  int LENGTH_MAX = 512;
  Pattern DOTTED_QUAD = Pattern.compile("(0|[1-9][0-9]{0,2})([.](0|[1-9][0-9]{0,2})){3}");
  Pattern LIKE_A_NUMBER = Pattern.compile("(0x[0-9a-f.x]*|[0-9.]+)");
  Pattern ODD_PATH = Pattern.compile("%2f|%5c|/[.][.]?(/|$)", Pattern.CASE_INSENSITIVE);

  /** The vendor's own address, if there is one vendor. */
  static Optional<String> standard(ProviderType type) {
    return switch (type) {
      case OPENAI -> Optional.of("https://api.openai.com/v1");
      case ANTHROPIC -> Optional.of("https://api.anthropic.com");
      case OPENAI_COMPATIBLE -> Optional.empty();
    };
  }

  static BaseUrl read(String text, Origins origins) {
    if (text.length() > LENGTH_MAX) {
      return new Refused("baseUrl is longer than " + LENGTH_MAX + " characters: shorten it");
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException _) { // its message repeats the text, which may hold a password
      return new Refused("baseUrl is no address: write https://host[:port][/path]");
    }
    return checked(uri, origins);
  }

  private static BaseUrl checked(URI uri, Origins origins) {
    String scheme = lower(uri.getScheme());
    if (!scheme.equals("https") && !scheme.equals("http")) {
      return new Refused("baseUrl must begin with https://");
    }
    if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      return new Refused(
          "baseUrl must not have a user name, password, query or fragment: put the key into a"
              + " Secret and name it under credentials");
    }
    if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
      return new Refused("baseUrl has no host name or an impossible port");
    }
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    if (ODD_PATH.matcher(path).find()) {
      return new Refused("baseUrl must not have an encoded slash or a dot segment");
    }
    return origin(scheme, lower(uri.getHost()), uri.getPort(), path, origins);
  }

  private static BaseUrl origin(
      String scheme, String host, int port, String path, Origins origins) {
    if (LIKE_A_NUMBER.matcher(host).matches() && !DOTTED_QUAD.matcher(host).matches()) {
      return new Refused("baseUrl has an address in an odd form: write four numbers, or a name");
    }
    if (host.startsWith("169.254.") || host.startsWith("[fe80:")) {
      return new Refused(
          "baseUrl is a link-local address, where clouds keep secrets: name the provider's host");
    }
    if (scheme.equals("http") && !origins.allowPlainHttp()) {
      return new Refused("baseUrl must begin with https://: over http the key could be read");
    }
    if (isLoopback(host) && !origins.allowLoopback()) {
      return new Refused("baseUrl is an address of the gateway itself: name the provider's host");
    }
    String trimmed = path.replaceAll("/+$", "");
    return new Read(URI.create(scheme + "://" + host + (port < 0 ? "" : ":" + port) + trimmed));
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.startsWith("127.")
        || host.equals("0.0.0.0")
        || host.equals("[::1]")
        || host.equals("[::]");
  }

  private static String lower(@Nullable String text) {
    return text == null ? "" : text.toLowerCase(Locale.ROOT);
  }
}
