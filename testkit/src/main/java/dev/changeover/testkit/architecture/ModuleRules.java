package dev.changeover.testkit.architecture;

import static dev.changeover.testkit.architecture.Confinement.ROOT;
import static dev.changeover.testkit.architecture.Exemption.EVERYTHING;

/** The lines of the style guide, section 6, one constant a module. */
public final class ModuleRules {
  private static final String NO_KUBERNETES = "this module knows no Kubernetes class";
  private static final String MODEL_ONLY = "the resources are model classes, without a client";
  private static final String EDGES = "Kubernetes is touched at the edges only";
  private static final String PURE = "input and output stay in watch, publish, channel and page";
  private static final String KEYS = "certificates and tokens are identity's business";
  private static final String LIBRARY = "a library's public types are used by other modules";

  public static final ArchitectureRules TESTKIT =
      ArchitectureRules.of("dev.changeover.testkit")
          .layer("process", "client", "provider")
          .layer("architecture")
          .layer("provider")
          .layer("client", "provider")
          .exempt(Rule.PUBLIC_TYPES, EVERYTHING, LIBRARY);

  public static final ArchitectureRules CONTRACT =
      ArchitectureRules.of("dev.changeover.contract")
          .confine("io.fabric8", NO_KUBERNETES)
          .confine("io.javaoperatorsdk", NO_KUBERNETES)
          .exempt(Rule.PUBLIC_TYPES, EVERYTHING, LIBRARY);

  public static final ArchitectureRules CRDS =
      ArchitectureRules.of("dev.changeover.crds")
          .confine("io.javaoperatorsdk", MODEL_ONLY)
          .confine("io.fabric8.kubernetes.client.KubernetesClient", MODEL_ONLY)
          .confine("io.fabric8.kubernetes.client.KubernetesClientBuilder", MODEL_ONLY)
          .confine("io.fabric8.kubernetes.client.dsl", MODEL_ONLY)
          .confine("io.fabric8.kubernetes.client.http", MODEL_ONLY)
          .confine("io.fabric8.kubernetes.client.impl", MODEL_ONLY)
          .confine("io.fabric8.kubernetes.client.informers", MODEL_ONLY)
          .exempt(Rule.PUBLIC_TYPES, EVERYTHING, LIBRARY);

  public static final ArchitectureRules GATEWAY =
      ArchitectureRules.of("dev.changeover.gateway")
          .layer("http", "config", "auth", "dialect", "route", "plan", "attempt", "observe")
          .layer("channel", "config", "health", "meter")
          .layer("auth", "config")
          .layer("attempt", "plan", "upstream", "limit", "health", "classify", "validate", "meter")
          // an attempt carries its outcome, and the planner decides by it
          .layer("plan", "route", "health", "classify")
          .layer("route", "config")
          .layer("upstream", "dialect", "classify")
          .layer("validate", "dialect", "classify")
          .layer("health", "classify")
          .layer("limit", "classify")
          .layer("meter", "dialect")
          .layer("observe", "attempt", "classify", "meter")
          .layer("config")
          .layer("dialect")
          .layer("classify")
          .confine("io.fabric8", NO_KUBERNETES)
          .confine("io.javaoperatorsdk", NO_KUBERNETES)
          .confine("io.javalin", "Javalin is the edge's business", "http", "GatewayMain");

  public static final ArchitectureRules OPERATOR =
      ArchitectureRules.of("dev.changeover.operator")
          .layer("model")
          .layer("translate", "model")
          .layer("compile", "model")
          .layer("alerts", "model")
          .layer("health", "model")
          .layer("status", "model", "translate", "health")
          // certificates and tokens are computed from keys; who fetches and keeps those is an edge
          .layer("identity")
          .layer("channel", "health", "model", "identity")
          .layer("publish", "compile", "alerts", "status", "model", "identity")
          .layer("watch", "translate", "status", "model", "identity")
          .layer("page", "status", "health", "model")
          .confine("io.fabric8", EDGES, "watch", "publish", "Operator", "OperatorMain")
          .confine("io.javaoperatorsdk", EDGES, "watch", "publish", "Operator", "OperatorMain")
          .confine("io.javalin", PURE, "channel", "page", "OperatorMain")
          .confine("org.bouncycastle", KEYS, "identity")
          .confine("com.nimbusds", KEYS, "identity")
          .confine("java.nio.file", PURE, "watch", "publish", "channel", "page", ROOT)
          .confine("java.io.File", PURE, "watch", "publish", "channel", "page", ROOT)
          .confine("java.net.http", PURE, "watch", "publish", "channel", "page", ROOT)
          .confine("java.net.Socket", PURE, "watch", "publish", "channel", "page", ROOT)
          .confine("java.net.ServerSocket", PURE, "watch", "publish", "channel", "page", ROOT);

  public static final ArchitectureRules LOCAL = ArchitectureRules.of("dev.changeover.local");

  private ModuleRules() {}
}
