package dev.changeover.operator.identity;

/** A gateway as its token names it: the pod, and which pod of that name. */
public record GatewayIdentity(String pod, String uid) {
  public GatewayIdentity {
    if (pod.isEmpty() || uid.isEmpty()) {
      throw new IllegalArgumentException("a pod has a name and a uid");
    }
  }
}
