package dev.changeover.local;

import dev.changeover.crds.judge.CustomResourceJudge;
import dev.changeover.crds.judge.Finding;
import dev.changeover.local.resources.Resource;
import dev.changeover.local.resources.ResourceFiles;
import dev.changeover.local.resources.ResourceReading;
import dev.changeover.local.start.CannotStartException;
import java.util.List;

/** Resource files, judged by the CRDs' schema and rules. */
final class Resources {
  private Resources() {}

  static ResourceFiles files(Terminal terminal) {
    var judge = new CustomResourceJudge();
    return new ResourceFiles(
        terminal.environment(),
        resource -> judge.judge(resource).stream().map(Finding::text).toList());
  }

  /** What was read, or the sentence that refuses it. */
  static List<Resource> accepted(ResourceReading reading) throws CannotStartException {
    return switch (reading) {
      case ResourceReading.Accepted(List<Resource> resources) -> resources;
      case ResourceReading.Refused(String sentence) -> throw new CannotStartException(sentence);
    };
  }
}
