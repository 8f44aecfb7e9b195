package dev.changeover.crds;

/** The values of {@code spec.mode}. */
public final class Mode {

  /** Takes requests. */
  public static final String ACTIVE = "Active";

  /** Takes no new requests. */
  public static final String DRAINED = "Drained";

  private Mode() {}
}
