package dev.changeover.operator.status;

import dev.changeover.contract.HoldSet;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.Strategy;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What one gateway would do with a request of one route.
 *
 * @param targets how each target stands there, in the order of the spec
 */
record RouteOutlook(Kind kind, List<TargetVerdict> targets) {
  /** From well to ill. */
  enum Kind {
    /** The preferred target answers; where none is preferred, any. */
    PREFERRED,
    /** Another one answers; where none is preferred, fewer than usual. */
    OTHER,
    /** All are held for soft reasons; the least bad is tried. */
    LAST_RESORT,
    /** None takes it. */
    NONE
  }

  RouteOutlook {
    targets = List.copyOf(targets);
  }

  static RouteOutlook of(Pass pass, HoldSet view, RouteConfig route) {
    List<TargetVerdict> targets =
        route.targets().stream().map(target -> TargetVerdict.of(pass, view, target)).toList();
    return new RouteOutlook(kind(route, targets), targets);
  }

  private static Kind kind(RouteConfig route, List<TargetVerdict> targets) {
    if (targets.stream().noneMatch(TargetVerdict::admits)) {
      return targets.stream().anyMatch(TargetVerdict::isLastResort) ? Kind.LAST_RESORT : Kind.NONE;
    }
    boolean preferred =
        switch (route.strategy()) {
          case PRIORITY -> targets.getFirst().admits();
          case ROUND_ROBIN, LEAST_LATENCY ->
              targets.stream()
                  .allMatch(target -> target.admits() || target instanceof TargetVerdict.IsDrained);
        };
    return preferred ? Kind.PREFERRED : Kind.OTHER;
  }

  /** The target that a person would name as preferred; empty where the load is balanced. */
  static Optional<String> preferred(RouteConfig route) {
    return route.strategy() == Strategy.PRIORITY
        ? route.targets().stream().findFirst().map(target -> target.name())
        : Optional.empty();
  }

  /** The targets that would answer: the first that admits, or all where the load is balanced. */
  List<String> serving(RouteConfig route) {
    List<String> admitting =
        IntStream.range(0, targets.size())
            .filter(index -> targets.get(index).admits())
            .mapToObj(index -> route.targets().get(index).name())
            .toList();
    if (admitting.isEmpty() && kind == Kind.LAST_RESORT) {
      return IntStream.range(0, targets.size())
          .filter(index -> targets.get(index).isLastResort())
          .mapToObj(index -> route.targets().get(index).name())
          .limit(1)
          .toList();
    }
    return route.strategy() == Strategy.PRIORITY ? admitting.stream().limit(1).toList() : admitting;
  }

  /** The index of the first target that does not admit: why things are not as they should be. */
  Optional<Integer> firstOut() {
    return IntStream.range(0, targets.size())
        .filter(index -> !targets.get(index).admits())
        .boxed()
        .findFirst();
  }
}
