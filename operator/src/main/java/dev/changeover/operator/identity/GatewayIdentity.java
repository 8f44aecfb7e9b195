package dev.changeover.operator.identity;

/** A gateway as its token names it: by its pod. */
public record GatewayIdentity(String pod) {
  public GatewayIdentity {
    if (pod.isEmpty()) {
      throw new IllegalArgumentException("a pod has a name");
    }
  }
}
