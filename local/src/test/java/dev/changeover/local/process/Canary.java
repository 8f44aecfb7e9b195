package dev.changeover.local.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A key that is looked for everywhere: plain, URL-encoded, base64 at any place of a text. */
final class Canary {
  /** A piece of a key this long is as bad as the whole. */
  static final int PIECE = 12;

  private final String name;
  private final Map<String, Set<String>> pieces;

  Canary(String name, String key) {
    this.name = name;
    Set<String> base64 = new LinkedHashSet<>();
    for (int before = 0; before < 3; before++) {
      String core = base64Core(key, before);
      base64.addAll(pieces(core));
      base64.addAll(pieces(core.replace('+', '-').replace('/', '_')));
    }
    String encoded = URLEncoder.encode(key, UTF_8);
    Set<String> url = new LinkedHashSet<>(pieces(encoded));
    url.addAll(pieces(lowerHex(encoded)));
    pieces = Map.of("plain", pieces(key), "base64", base64, "URL-encoded", url);
  }

  /** In which form a piece of it is in the text; empty if in none. */
  Optional<String> in(String text) {
    for (String form : List.of("plain", "base64", "URL-encoded")) {
      if (pieces.getOrDefault(form, Set.of()).stream().anyMatch(text::contains)) {
        return Optional.of(name + ", " + form);
      }
    }
    return Optional.empty();
  }

  private static Set<String> pieces(String form) {
    Set<String> pieces = new LinkedHashSet<>();
    for (int at = 0; at + PIECE <= form.length(); at++) {
      pieces.add(form.substring(at, at + PIECE));
    }
    return pieces;
  }

  /** What base64 makes of it after so many bytes of something else, as far as it alone decides. */
  private static String base64Core(String key, int before) {
    byte[] bytes = new byte[before + key.length()];
    System.arraycopy(key.getBytes(US_ASCII), 0, bytes, before, key.length());
    String text = Base64.getEncoder().withoutPadding().encodeToString(bytes);
    int shared = before == 0 ? 0 : before + 1;
    return text.substring(shared, text.length() - (bytes.length % 3 == 0 ? 0 : 1));
  }

  private static String lowerHex(String encoded) {
    StringBuilder text = new StringBuilder(encoded);
    for (int at = text.indexOf("%"); at >= 0; at = text.indexOf("%", at + 1)) {
      text.replace(at, at + 3, text.substring(at, at + 3).toLowerCase(Locale.ROOT));
    }
    return text.toString();
  }

  /** Places where one of the canaries is, and in which form. */
  static List<String> leaks(List<Canary> canaries, Map<String, String> textsByPlace) {
    List<String> leaks = new ArrayList<>();
    textsByPlace.forEach((place, text) ->
        canaries.forEach(
            canary -> canary.in(text).ifPresent(form -> leaks.add(place + " has " + form))));
    return leaks.stream().sorted().toList();
  }
}
