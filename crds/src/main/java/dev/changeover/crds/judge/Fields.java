package dev.changeover.crds.judge;

/** Names of fields as the API server writes them. */
final class Fields {

  private Fields() {}

  static String property(String parent, String name) {
    return parent.isEmpty() ? name : parent + "." + name;
  }

  static String entry(String parent, int index) {
    return parent + "[" + index + "]";
  }

  /** The same for all entries of a list: {@code spec.targets[].model}. */
  static String withoutIndexes(String field) {
    return field.replaceAll("\\[[0-9]+]", "[]");
  }
}
