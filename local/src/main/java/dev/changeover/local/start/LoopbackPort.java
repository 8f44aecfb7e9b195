package dev.changeover.local.start;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** A port that something is to listen on. */
public record LoopbackPort(int number, String option) {
  /** The highest port there is. */
  public static final int PORT_MAX = 65_535;

  /** Refuses a number that is no port, and a port that somebody listens on; 0 is any free one. */
  public void requireFree() throws CannotStartException {
    if (number < 0 || number > PORT_MAX) {
      throw new CannotStartException(
          "there is no port %d: give another %s".formatted(number, option));
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true); // a port whose last connections are just closing is free
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
    } catch (IOException e) {
      throw new CannotStartException(
          "port %d is in use: stop what listens there, or give another %s"
              .formatted(number, option));
    }
  }
}
