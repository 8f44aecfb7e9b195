package dev.changeover.operator.identity;

/** What a token is worth. */
public sealed interface Admission {
  record Admitted(GatewayIdentity gateway) implements Admission {}

  /** It opens nothing; the reason quotes nothing of it. */
  record Refused(String reason) implements Admission {}

  /** It may be good: the key that it names has not been seen yet. */
  record UnknownKey() implements Admission {}
}
