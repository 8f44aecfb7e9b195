package dev.changeover.crds.judge;

/**
 * One thing that is wrong with a resource.
 *
 * @param field where, such as {@code spec.targets[0].model}
 * @param text what and where, as the API server words it
 * @param constraint which constraint of the CRD is broken: the field without its indexes and the
 *     keyword, or the message of the rule
 */
public record Finding(String field, String text, String constraint) {

  @Override
  public String toString() {
    return text;
  }
}
