package dev.changeover.local.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The search for keys finds what is planted for it, and nothing else. */
final class CanaryTest {
  private static final String KEY = "sk-canary-A0+Zq7/Wm2=Xv9%B1n5L8~Kd4";
  private static final Canary CANARY = new Canary("main", KEY);

  record Case(String sentence, String text) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Case> leaks() {
    return Stream.of(
        new Case("plain", "provider said: bad key " + KEY + "."),
        new Case("a piece of it", "key=..." + KEY.substring(10, 10 + Canary.PIECE) + "..."),
        new Case("URL-encoded", "?key=" + URLEncoder.encode(KEY, UTF_8)),
        new Case(
            "URL-encoded in lower case",
            "?key=" + URLEncoder.encode(KEY, UTF_8).replace("%2B", "%2b").replace("%2F", "%2f")),
        new Case("base64", base64(KEY)),
        new Case("base64 after one byte", base64("x" + KEY + "y")),
        new Case("base64 after two bytes", base64("xy" + KEY + " and more")),
        new Case("base64 of a header", base64("Bearer " + KEY)),
        new Case("base64 for URLs", base64(KEY).replace('+', '-').replace('/', '_')),
        new Case("a JSON text", "{\"k\":\"" + KEY.replace("/", "\\/") + "\"}"));
  }

  @ParameterizedTest
  @MethodSource("leaks")
  void isFound(Case leak) {
    assertThat(CANARY.in(leak.text())).isPresent();
  }

  @Test
  void isNotFoundWhereItIsNot() {
    String other = "sk-other-key-0123456789abcdefghijklmnop";
    assertThat(CANARY.in(other)).isEmpty();
    assertThat(CANARY.in(base64(other))).isEmpty();
    assertThat(CANARY.in(KEY.toUpperCase(Locale.ROOT))).isEmpty();
    assertThat(CANARY.in("{\"keyId\":\"0123456789ab\",\"key\":\"ApiKey[redacted]\"}")).isEmpty();
    assertThat(CANARY.in(KEY.substring(0, Canary.PIECE - 1))).isEmpty();
  }

  @Test
  void everyPlaceIsNamed() {
    assertThat(
            Canary.leaks(
                List.of(CANARY, new Canary("spare", "another-key-0123456789")),
                Map.of("log", KEY, "metrics", "fine", "status", "another-key-0123456789")))
        .containsExactly("log has main, plain", "status has spare, plain");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(US_ASCII));
  }
}
