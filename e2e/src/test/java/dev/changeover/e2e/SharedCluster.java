package dev.changeover.e2e;

import dev.changeover.e2e.Cluster.Level;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One cluster for all tests of a level: the one that KUBECONFIG names, else one of our own. */
final class SharedCluster implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Cluster.class;
  }

  @Override
  public Cluster resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Level level = context.getTags().contains("cluster-c") ? Level.C : Level.A;
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .computeIfAbsent(level, _ -> open(level), Cluster.class);
  }

  private static Cluster open(Level level) {
    return Cluster.namedByUser().map(Cluster::ofUser).orElseGet(() -> Cluster.start(level, ""));
  }
}
