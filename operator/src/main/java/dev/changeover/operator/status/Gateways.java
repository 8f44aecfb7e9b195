package dev.changeover.operator.status;

import dev.changeover.operator.health.Acknowledgement;

/** The column GATEWAYS: how many have the last change, of how many. */
final class Gateways {
  private Gateways() {}

  static String text(Acknowledgement acknowledgement) {
    return switch (acknowledgement) {
      case Acknowledgement.NotPublished() -> Figures.NONE;
      case Acknowledgement.NoGateways() -> "0/0";
      case Acknowledgement.Confirmed(int gateways) -> gateways + "/" + gateways;
      case Acknowledgement.Waiting(int confirmed, int gateways, _, _) -> confirmed + "/" + gateways;
      case Acknowledgement.Unusable(_, _, int confirmed, int gateways) ->
          confirmed + "/" + gateways;
    };
  }
}
