package dev.changeover.local.fleet;

import dev.changeover.local.start.CannotStartException;
import dev.changeover.local.start.LoopbackPort;

/**
 * Where a fleet listens: gateway i at {@code first} + i; a port of 0 stands for any free one.
 *
 * @param operator of metrics and health
 */
public record Ports(int first, int gateways, int operator) {
  /** The most gateways in one process. */
  public static final int GATEWAYS_MAX = 16;

  /** Free ports only. */
  public static Ports anyFree(int gateways) {
    return new Ports(0, gateways, 0);
  }

  /** Refuses what cannot be listened on. */
  void requireFree() throws CannotStartException {
    if (gateways < 1 || gateways > GATEWAYS_MAX) {
      throw new CannotStartException(
          "there cannot be %d gateways: give --gateways from 1 to %d"
              .formatted(gateways, GATEWAYS_MAX));
    }
    for (int i = 0; i < gateways; i++) {
      new LoopbackPort(ofGateway(i), "--port").requireFree();
    }
    if (operator >= first && operator < first + gateways && operator > 0) {
      throw new CannotStartException(
          "port %d is meant for a gateway already: give another --operator-port"
              .formatted(operator));
    }
    new LoopbackPort(operator, "--operator-port").requireFree();
  }

  int ofGateway(int index) {
    return first == 0 ? 0 : first + index;
  }
}
