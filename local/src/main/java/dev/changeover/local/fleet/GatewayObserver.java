package dev.changeover.local.fleet;

import dev.changeover.contract.HoldSet;
import dev.changeover.contract.ObjectName;

/** Whoever looks at what gateways do; called by their own threads, so it must be quick. */
public interface GatewayObserver {
  /** Nobody looks. */
  GatewayObserver NOBODY =
      new GatewayObserver() {
        @Override
        public void holdsChanged(int gateway, HoldSet holds) {}

        @Override
        public void attemptBegan(int gateway, ObjectName provider, long askedNanos) {}
      };

  /** A gateway knows of these holds now, and keeps them. */
  void holdsChanged(int gateway, HoldSet holds);

  /** A gateway begins an attempt, the right to which it asked for at this time. */
  void attemptBegan(int gateway, ObjectName provider, long askedNanos);
}
