package dev.changeover.gateway.upstream;

import dev.changeover.gateway.classify.HeaderView;

/** The beginning of a reply, or why there is none. */
public sealed interface Head {
  /** Status and headers are here; the body follows. */
  record Begun(int status, HeaderView headers) implements Head {
    /** Whether the status is a success. */
    public boolean isSuccess() {
      return status >= 200 && status <= 299;
    }
  }

  record None(Lost lost) implements Head {}
}
