package dev.changeover.e2e;

import dev.changeover.e2e.Command.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Helm on our chart. Its path is {@code -Dhelm=PATH}, else what the cluster's build made. */
final class Helm {
  static final Path CHART =
      Path.of(System.getProperty("changeover.basedir", "..")).resolve("helm/changeover");

  private static final Path BUILD =
      Path.of(System.getProperty("changeover.basedir", "..")).resolve("e2e/cluster/build.sh");

  private Helm() {}

  static Path program() {
    String named = System.getProperty("helm", "");
    if (!named.isEmpty()) {
      return Path.of(named);
    }
    Path built = Path.of(Command.of(BUILD, "--bin-dir").run().ok().strip(), "helm");
    return Files.isExecutable(built) ? built : Path.of("helm");
  }

  static Result run(String... arguments) {
    return Command.of(program(), arguments).run();
  }

  /** The chart rendered as the release {@code changeover} in the namespace of that name. */
  static Result template(String... options) {
    List<String> words =
        new ArrayList<>(
            List.of("template", "changeover", CHART.toString(), "--namespace=changeover"));
    words.addAll(Arrays.asList(options));
    return run(words.toArray(String[]::new));
  }
}
