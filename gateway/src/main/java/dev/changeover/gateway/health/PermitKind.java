package dev.changeover.gateway.health;

/** On what grounds an attempt is made. */
public enum PermitKind {
  /** Nothing is held. */
  NORMAL,
  /** A hold is over, and this attempt alone finds out whether its cause is. */
  PROBE,
  /** Everything is held for reasons that may pass, and this is the least bad. */
  LAST_RESORT
}
