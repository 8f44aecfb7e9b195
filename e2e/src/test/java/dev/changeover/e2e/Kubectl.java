package dev.changeover.e2e;

import dev.changeover.e2e.Command.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** kubectl in one namespace of a cluster. */
record Kubectl(Path program, Path kubeconfig, String namespace) {
  /** What it answers to these arguments, whether it succeeds or not. */
  Result run(String... arguments) {
    return command(arguments).run();
  }

  /** What it writes, having succeeded. */
  String ok(String... arguments) {
    return run(arguments).ok();
  }

  /** Its answer to a document on its input. */
  Result apply(String yaml, String... options) {
    List<String> arguments = new ArrayList<>(List.of("apply", "--filename=-"));
    arguments.addAll(Arrays.asList(options));
    return command(arguments.toArray(String[]::new)).run(yaml);
  }

  Command command(String... arguments) {
    List<String> words = new ArrayList<>(List.of("--namespace=" + namespace));
    words.addAll(Arrays.asList(arguments));
    return Command.of(program, words.toArray(String[]::new))
        .with(Map.of("KUBECONFIG", kubeconfig.toString()));
  }
}
