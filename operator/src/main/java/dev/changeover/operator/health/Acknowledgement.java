package dev.changeover.operator.health;

import java.time.Instant;

/** How far one object's last change has come. */
public sealed interface Acknowledgement {
  /** Nothing of the object was ever told to a gateway. */
  record NotPublished() implements Acknowledgement {}

  /** There is no gateway to have it. */
  record NoGateways() implements Acknowledgement {}

  /** Every gateway has it. */
  record Confirmed(int gateways) implements Acknowledgement {}

  /**
   * Some gateways do not have it yet.
   *
   * @param since when the change was published
   * @param firstOfProcess whether it is what this operator published first: to it, everything is
   *     new
   */
  record Waiting(int confirmed, int gateways, Instant since, boolean firstOfProcess)
      implements Acknowledgement {}

  /** A gateway has it and cannot read it, or has refused the whole configuration. */
  record Unusable(String gateway, String message, int confirmed, int gateways)
      implements Acknowledgement {}
}
