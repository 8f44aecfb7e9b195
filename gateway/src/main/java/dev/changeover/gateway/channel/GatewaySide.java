package dev.changeover.gateway.channel;

import dev.changeover.contract.ChannelMessage;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Revision;

/** What the control channel needs of a gateway: to ask it, and to tell it. */
public interface GatewaySide {
  /** The gateway's name: a pod's, or a process's. */
  String name();

  /** The revision that serves; {@link Revision#NONE} for nothing. */
  Revision revision();

  /** Takes a configuration or refuses it: the answer is Applied or Rejected. */
  ChannelMessage.Up take(ChannelMessage.Config config);

  /** The leader calls this revision the current one. */
  void calledCurrent(Revision revision);

  /** Joins what the fleet knows for certain, told in our time. */
  void join(HoldSet fleetHolds);

  /** What this gateway knows for certain, its own findings and the fleet's. */
  HoldSet fleetHolds();

  /** What holds in this gateway alone. */
  HoldSet ownHolds();

  /** The last window's figures. */
  ChannelMessage.Figures figures();

  /** Starts a probe, and does not wait for its end. */
  void probe(HoldKey key);
}
