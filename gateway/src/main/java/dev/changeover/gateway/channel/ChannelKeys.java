package dev.changeover.gateway.channel;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a gateway finds what the channel asks of it; both files may be renewed at any time.
 *
 * @param authority the CA certificates that an operator's own must come from; without one those of
 *     the system count
 * @param token what names this gateway to an operator
 */
public record ChannelKeys(Optional<Path> authority, Optional<Path> token) {
  /** An operator on this machine asks for nothing. */
  public static final ChannelKeys NONE = new ChannelKeys(Optional.empty(), Optional.empty());
}
