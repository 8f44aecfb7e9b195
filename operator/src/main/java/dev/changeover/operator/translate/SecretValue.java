package dev.changeover.operator.translate;

import dev.changeover.contract.ApiKey;
import dev.changeover.contract.CaBundle;
import dev.changeover.contract.ObjectName;
import dev.changeover.crds.SecretKeyRef;
import dev.changeover.operator.model.Problem;
import dev.changeover.operator.model.SecretView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** What a reference to one key of a Secret leads to. */
sealed interface SecretValue<T> {
  /** The value. */
  record Found<T>(T value) implements SecretValue<T> {
    @Override
    public String toString() {
      return "Found[redacted]";
    }
  }

  /** Why there is none; the message never quotes the Secret. */
  record Missing<T>(Finding finding) implements SecretValue<T> {}

  static SecretValue<String> read(ProviderInput input, String field, SecretKeyRef ref) {
    String namespace = input.resource().name().namespace();
    Optional<SecretView> secret =
        isName(ref.name())
            ? input.view().secret(new ObjectName(namespace, ref.name()))
            : Optional.empty();
    if (secret.isEmpty()) {
      return new Missing<>(
          new Finding(
              Problem.Reason.SECRET_NOT_FOUND,
              "%s: there is no Secret %s in namespace %s; create it with the key %s"
                  .formatted(field, ref.name(), namespace, ref.key())));
    }
    Optional<String> unreadable = secret.get().unreadable();
    if (unreadable.isPresent()) {
      return new Missing<>(
          new Finding(
              Problem.Reason.SECRET_UNREADABLE,
              "%s: Secret %s in namespace %s cannot be read: %s"
                  .formatted(field, ref.name(), namespace, unreadable.get())));
    }
    Optional<String> value = secret.get().find(ref.key()).map(String::strip);
    if (value.isEmpty() || value.get().isEmpty()) {
      return new Missing<>(
          keyMissing("%s: Secret %s has no key %s, or it is empty; add it", field, ref));
    }
    return new Found<>(value.get());
  }

  /** The same for an API key, which not every text can be. */
  static SecretValue<ApiKey> apiKey(ProviderInput input, String field, SecretKeyRef ref) {
    return switch (read(input, field, ref)) {
      case Missing<String>(Finding finding) -> new Missing<>(finding);
      case Found<String>(String text) -> {
        try {
          yield new Found<>(new ApiKey(text));
        } catch (IllegalArgumentException _) {
          yield new Missing<>(
              keyMissing(
                  "%s: what Secret %s holds under %s is no API key: it must be one line of"
                      + " printable ASCII without spaces",
                  field, ref));
        }
      }
    };
  }

  /** The same for certificates in PEM. */
  static SecretValue<String> certificates(ProviderInput input, String field, SecretKeyRef ref) {
    SecretValue<String> value = read(input, field, ref);
    return value instanceof Found<String>(String pem) && !holdsCertificate(pem)
        ? new Missing<>(
            keyMissing("%s: what Secret %s holds under %s is no certificate in PEM", field, ref))
        : value;
  }

  private static boolean holdsCertificate(String pem) {
    try {
      var _ = CaBundle.trusting(pem.getBytes(StandardCharsets.UTF_8));
      return true;
    } catch (GeneralSecurityException | IOException _) {
      return false;
    }
  }

  private static Finding keyMissing(String sentence, String field, SecretKeyRef ref) {
    return new Finding(
        Problem.Reason.SECRET_KEY_MISSING, sentence.formatted(field, ref.name(), ref.key()));
  }

  private static boolean isName(String name) {
    return !name.isEmpty() && name.indexOf('/') < 0;
  }
}
