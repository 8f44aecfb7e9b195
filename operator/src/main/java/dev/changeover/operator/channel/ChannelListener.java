package dev.changeover.operator.channel;

import dev.changeover.contract.ChannelMessage;

/** Who hears the gateways. Called from several threads at once, one at a time for each gateway. */
interface ChannelListener {
  /** A gateway said something; times in it are by our clock. A Hello comes before all else. */
  void heard(String gateway, ChannelMessage.Up message);

  /** A gateway's connection is over and no other has taken its place. */
  void gone(String gateway);
}
