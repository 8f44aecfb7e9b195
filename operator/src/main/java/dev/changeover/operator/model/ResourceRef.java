package dev.changeover.operator.model;

import dev.changeover.contract.ObjectName;
import dev.changeover.contract.UnusableObject.Kind;
import java.util.Comparator;

/** One resource of ours by kind and name; written {@code LlmRoute namespace/name}. */
public record ResourceRef(Kind kind, ObjectName name) implements Comparable<ResourceRef> {
  private static final Comparator<ResourceRef> ORDER =
      Comparator.comparing(ResourceRef::kind).thenComparing(ResourceRef::name);

  public static ResourceRef provider(ObjectName name) {
    return new ResourceRef(Kind.LlmProvider, name);
  }

  public static ResourceRef route(ObjectName name) {
    return new ResourceRef(Kind.LlmRoute, name);
  }

  @Override
  public int compareTo(ResourceRef other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return kind + " " + name;
  }
}
