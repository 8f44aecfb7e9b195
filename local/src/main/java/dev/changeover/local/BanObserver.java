package dev.changeover.local;

import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.ObjectName;
import dev.changeover.local.fleet.GatewayObserver;
import dev.changeover.local.fleet.LocalFleet;
import dev.changeover.local.rehearse.GatewayWatch;
import java.util.List;

/** Writes down what gateways do towards the provider that is banned. */
record BanObserver(List<GatewayWatch> watches, Terminal terminal) implements GatewayObserver {
  private static final ObjectName BANNED = new ObjectName(LocalFleet.NAMESPACE, "anthropic");

  @Override
  public void holdsChanged(int gateway, HoldSet holds) {
    if (holds.inForce(new HoldKey.OfProvider(BANNED), terminal.clock().instant()).isPresent()) {
      watches.get(gateway).held(terminal.nanoClock().getAsLong());
    }
  }

  @Override
  public void attemptBegan(int gateway, ObjectName provider, long askedNanos) {
    if (provider.equals(BANNED)) {
      watches.get(gateway).attempted(askedNanos);
    }
  }
}
