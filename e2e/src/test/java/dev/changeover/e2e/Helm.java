package dev.changeover.e2e;

import dev.changeover.e2e.Command.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Helm on our chart. */
final class Helm {
  static final Path CHART = Cluster.REPOSITORY.resolve("helm/changeover");

  private Helm() {}

  /** On a user's own cluster theirs, else what the cluster's build made, where it made one. */
  static Path program() {
    Path onPath = Path.of("helm");
    if (Cluster.namedByUser().isPresent()) {
      return onPath;
    }
    Path built = Cluster.programs().resolve(onPath);
    return Files.isExecutable(built) ? built : onPath;
  }

  static Result run(String... arguments) {
    return Command.of(program(), arguments).run();
  }

  /** The chart rendered as the release {@code changeover} in the namespace of that name. */
  static Result template(String... options) {
    return templateIn("changeover", Arrays.asList(options));
  }

  /** Parts of the chart as they would be installed in a namespace that is also the one watched. */
  static String parts(String namespace, String... templates) {
    List<String> options = new ArrayList<>(List.of("--set=watchNamespaces={" + namespace + "}"));
    for (String template : templates) {
      options.add("--show-only=templates/" + template);
    }
    return templateIn(namespace, options).ok();
  }

  private static Result templateIn(String namespace, List<String> options) {
    List<String> words =
        new ArrayList<>(
            List.of("template", "changeover", CHART.toString(), "--namespace=" + namespace));
    words.addAll(options);
    return run(words.toArray(String[]::new));
  }
}
