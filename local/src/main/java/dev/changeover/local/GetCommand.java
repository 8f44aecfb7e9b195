package dev.changeover.local;

import dev.changeover.local.show.ClusterView;
import dev.changeover.local.show.Format;
import dev.changeover.local.show.Kind;
import dev.changeover.local.show.Showing.Nothing;
import dev.changeover.local.show.Showing.Shown;
import dev.changeover.local.start.CannotStartException;
import dev.changeover.local.start.RunningLocal;
import java.nio.file.Path;

/**
 * {@code get}: resources of a running {@code local}.
 *
 * @param namespace empty for all
 * @param name empty for all
 */
record GetCommand(Kind kind, String namespace, String name, Format format, int operatorPort) {

  /** The command as it was typed. */
  static GetCommand parse(
      String kind, String name, String format, String namespace, int operatorPort)
      throws CannotStartException {
    return new GetCommand(
        Kind.named(kind)
            .orElseThrow(() ->
                new CannotStartException(
                    "there is nothing called '%s' here: get llmproviders, llmroutes, events or rules"
                        .formatted(kind))),
        namespace,
        name,
        format.isEmpty()
            ? Format.TABLE
            : Format.named(format)
                .orElseThrow(() ->
                    new CannotStartException(
                        "there is no output '%s': give -o wide or -o yaml".formatted(format))),
        operatorPort);
  }

  int run(Terminal terminal) throws CannotStartException {
    Path file = RunningLocal.file(terminal.environment(), operatorPort);
    var view =
        new ClusterView<CannotStartException>(
            path -> RunningLocal.get(file, operatorPort, path), terminal.clock());
    switch (view.show(kind, namespace, name, format)) {
      case Shown(String text) -> terminal.out().print(text);
      case Nothing(String sentence) -> terminal.err().println(sentence);
    }
    terminal.out().flush();
    return 0;
  }
}
