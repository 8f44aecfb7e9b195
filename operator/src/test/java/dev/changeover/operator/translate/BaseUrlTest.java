package dev.changeover.operator.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class BaseUrlTest {
  record Case(String sentence, Origins origins, String written, String read) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  static Stream<Case> cases() {
    String key =
        "baseUrl must not have a user name, password, query or fragment: put the key into a Secret"
            + " and name it under credentials";
    String plain = "baseUrl must begin with https://: over http the key could be read";
    String own = "baseUrl is an address of the gateway itself: name the provider's host";
    String odd = "baseUrl has an address in an odd form: write four numbers, or a name";
    String near =
        "baseUrl is a link-local address, where clouds keep secrets: name the provider's host";
    return Stream.of(
        new Case("a host is taken", Origins.PUBLIC, "https://a.example", "https://a.example"),
        new Case(
            "case and slash go", Origins.PUBLIC, "HTTPS://A.Example/v1/", "https://a.example/v1"),
        new Case(
            "a port stays", Origins.PUBLIC, "https://a.example:8443", "https://a.example:8443"),
        new Case("http is refused", Origins.PUBLIC, "http://a.example", plain),
        new Case("http inside", Origins.PLAIN_HTTP, "http://vllm.ml:80", "http://vllm.ml:80"),
        new Case("loopback is refused", Origins.PLAIN_HTTP, "http://127.0.0.1:1", own),
        new Case("localhost is refused", Origins.PUBLIC, "https://localhost", own),
        new Case("loopback in local", Origins.LOOPBACK, "http://127.0.0.1:1", "http://127.0.0.1:1"),
        new Case("link-local is refused", Origins.LOOPBACK, "http://169.254.169.254", near),
        new Case("link-local of IPv6 too", Origins.PUBLIC, "https://[fe80::1]", near),
        new Case("a password is refused", Origins.PUBLIC, "https://u:p@a.example", key),
        new Case("a query is refused", Origins.PUBLIC, "https://a.example?k=v", key),
        new Case("a number is no host", Origins.PUBLIC, "https://2130706433", odd),
        new Case("hex is no host", Origins.PUBLIC, "https://0x7f000001", odd),
        new Case("octal is no host", Origins.PUBLIC, "https://0177.0.0.1", odd),
        new Case(
            "a host cannot end in a number",
            Origins.PUBLIC,
            "https://0x7f.1",
            "baseUrl has no host name or an impossible port"),
        new Case(
            "an encoded slash is refused",
            Origins.PUBLIC,
            "https://a.example/v1%2f..",
            "baseUrl must not have an encoded slash or a dot segment"),
        new Case(
            "another scheme is refused",
            Origins.PUBLIC,
            "file:///etc/passwd",
            "baseUrl must begin with https://"),
        new Case(
            "nonsense is refused without repeating it",
            Origins.PUBLIC,
            "https://a b:secret@",
            "baseUrl is no address: write https://host[:port][/path]"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void reads(Case example) {
    String read =
        switch (BaseUrl.read(example.written(), example.origins())) {
          case BaseUrl.Read(var uri) -> uri.toString();
          case BaseUrl.Refused(String message) -> message;
        };
    assertThat(read).isEqualTo(example.read());
  }
}
