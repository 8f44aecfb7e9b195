package dev.changeover.testkit.provider;

/** The whole answer, at a pace. Requests that a vendor would refuse are refused all the same. */
public record Answer(Pacing pacing) implements Behaviour {
  /** Without any wait. */
  public static Answer atOnce() {
    return new Answer(Pacing.NONE);
  }
}
