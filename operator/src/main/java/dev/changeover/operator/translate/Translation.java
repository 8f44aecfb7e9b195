package dev.changeover.operator.translate;

import dev.changeover.operator.model.FleetModel;
import dev.changeover.operator.model.Problem;
import dev.changeover.operator.model.ResourceRef;
import java.util.Comparator;
import java.util.List;

/** What the resources mean, and what is wrong with them, beside the model. */
public record Translation(FleetModel model, List<Problem> problems) {
  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::object).thenComparing(Problem::condition);

  public Translation {
    problems = problems.stream().sorted(ORDER).toList();
  }

  /** What is wrong with one resource: at most one problem a condition. */
  public List<Problem> of(ResourceRef object) {
    return problems.stream().filter(problem -> problem.object().equals(object)).toList();
  }
}
