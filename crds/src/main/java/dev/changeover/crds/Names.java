package dev.changeover.crds;

/** Forms of names, as the CRDs demand them. */
final class Names {

  /** A DNS label: a namespace, or a name of our own. */
  static final String LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

  /** A DNS subdomain: the name of a Kubernetes object. */
  static final String SUBDOMAIN =
      "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

  /** A provider's name of a model: anything without white space. */
  static final String MODEL = "^\\S+$";

  private Names() {}
}
