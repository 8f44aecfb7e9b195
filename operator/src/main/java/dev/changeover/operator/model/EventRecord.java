package dev.changeover.operator.model;

import java.util.Optional;

/**
 * One Kubernetes Event to be told about a resource.
 *
 * @param reason the Event's reason, a public word
 * @param note what happened, in fixed sentences and configured names
 * @param related the resource that caused it, if another one did
 */
public record EventRecord(
    ResourceRef object, Type type, String reason, String note, Optional<ResourceRef> related) {
  private static final int NOTE_MAX = 1024;

  /** How Kubernetes sorts Events. */
  public enum Type {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  public EventRecord {
    note = note.length() > NOTE_MAX ? note.substring(0, NOTE_MAX - 1) + "…" : note;
  }
}
