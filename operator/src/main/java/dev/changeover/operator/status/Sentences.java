package dev.changeover.operator.status;

import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.Reason;
import dev.changeover.operator.health.FleetHealth;
import dev.changeover.operator.model.ProviderKey;
import dev.changeover.operator.model.ProviderModel;
import java.util.regex.Pattern;

/** What is said of a hold: fixed sentences and configured names, never words of a reply. */
final class Sentences {
  private static final Pattern END = Pattern.compile(", until [0-9: -]+ UTC");

  private Sentences() {}

  /**
   * What is held, why, until when, and what to do.
   *
   * @param gateways how many gateways hold it, of how many
   */
  static String hold(Held held, ProviderModel provider, int gateways, int of) {
    StringBuilder text = new StringBuilder();
    text.append(subject(held.key(), provider)).append(" takes no requests: ");
    text.append(held.hold().reason());
    text.append(end(held.hold()));
    if (gateways < of) {
      text.append(", held by ").append(heldBy(gateways, of));
    }
    text.append('.');
    String evidence = held.hold().evidence().sentence().strip();
    if (!evidence.isEmpty()) {
      text.append(' ').append(evidence);
      text.append(evidence.endsWith(".") ? "" : ".");
    }
    return text.append(' ').append(advice(held.hold().reason())).toString();
  }

  static String heldBy(int gateways, int of) {
    return gateways + " of " + of + (of == 1 ? " gateway" : " gateways");
  }

  /** The name of a key that has this id, or the id itself once the key is gone. */
  static String keyName(ProviderModel provider, String keyId) {
    return provider.keys().stream()
        .map(ProviderKey::ref)
        .filter(ref -> ref.keyId().equals(keyId))
        .map(ref -> ref.name())
        .findFirst()
        .orElse(keyId);
  }

  private static String subject(HoldKey key, ProviderModel provider) {
    return switch (key) {
      case HoldKey.OfProvider _ -> "The provider";
      case HoldKey.OfCredential(_, String keyId) -> "Key " + keyName(provider, keyId);
      case HoldKey.OfModel(_, String model) -> "Model " + model;
    };
  }

  private static String end(Hold hold) {
    return hold.until().map(until -> ", until " + Times.end(hold.since(), until)).orElse("");
  }

  /** The same sentence without a hold's end, which is another each time that it is held. */
  static String withoutEnd(String sentence) {
    return END.matcher(sentence).replaceAll("");
  }

  private static String advice(Reason reason) {
    return switch (reason) {
      case ACCOUNT_DISABLED ->
          "Appeal to the provider; then set a new value of the annotation changeover.dev/clear, or"
              + " wait for a probe that succeeds.";
      case CREDENTIAL_REJECTED -> "Put a new key into its Secret.";
      case QUOTA_EXHAUSTED -> "Raise the account's limit at the provider, or wait.";
      case BILLING_INACTIVE -> "Pay, or add a way to pay, at the provider.";
      case ACCESS_DENIED ->
          "Get the account the right to use it, or correct the spec; a probe asks now and then.";
      case MODEL_NOT_FOUND -> "Correct the model's name in the routes; a probe asks now and then.";
      case RATE_LIMITED ->
          "It has been limited for more than %d s: ask the provider for a higher limit, or send less."
              .formatted(FleetHealth.LIMIT_IS_NEWS_AFTER.toSeconds());
      case OVERLOADED, SERVER_ERROR, TIMEOUT, STREAM_BROKEN, MALFORMED_RESPONSE, UNREACHABLE ->
          "It is tried again by itself.";
      case CONTEXT_TOO_LONG,
          REQUEST_TOO_LARGE,
          CONTENT_FILTERED,
          REFUSED,
          BAD_REQUEST,
          CLIENT_CANCELLED ->
          "Nothing is to be done."; // no hold has these reasons
    };
  }
}
