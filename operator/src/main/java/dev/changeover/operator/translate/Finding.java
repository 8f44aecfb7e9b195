package dev.changeover.operator.translate;

import dev.changeover.operator.model.Problem;
import dev.changeover.operator.model.ResourceRef;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A problem before it is known whose it is. */
record Finding(Problem.Reason reason, String message) {
  static Optional<Finding> invalid(String message) {
    return Optional.of(new Finding(Problem.Reason.INVALID_SPEC, message));
  }

  static Optional<Finding> unsupported(String message) {
    return Optional.of(new Finding(Problem.Reason.UNSUPPORTED_VALUE, message));
  }

  /** What the first check that finds something found. */
  static <I> Optional<Finding> first(List<Function<I, Optional<Finding>>> checks, I input) {
    return checks.stream().flatMap(check -> check.apply(input).stream()).findFirst();
  }

  Problem of(ResourceRef object) {
    return new Problem(object, reason, message);
  }
}
