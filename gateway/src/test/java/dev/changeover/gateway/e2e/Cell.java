package dev.changeover.gateway.e2e;

import dev.changeover.testkit.provider.Dialect;
import java.util.List;
import java.util.stream.Stream;

/**
 * One case of the matrix.
 *
 * @param first the dialect of the target that is in trouble
 * @param second the dialect of the target that answers
 */
record Cell(Trouble trouble, Dialect caller, Dialect first, Dialect second, boolean streaming) {
  /** Each of these faults in four dialect pairs, streaming and not: both targets speak alike. */
  static List<Cell> inAllPairs(List<Trouble> troubles) {
    return cells(troubles, true);
  }

  /** The same with a second target of the other dialect. */
  static List<Cell> acrossDialects(List<Trouble> troubles) {
    return cells(troubles, false);
  }

  private static List<Cell> cells(List<Trouble> troubles, boolean alike) {
    return troubles.stream()
        .flatMap(trouble ->
            Stream.of(Dialect.values())
                .flatMap(caller ->
                    Stream.of(Dialect.values())
                        .flatMap(first ->
                            Stream.of(true, false)
                                .map(streaming ->
                                    new Cell(
                                        trouble,
                                        caller,
                                        first,
                                        alike ? first : other(first),
                                        streaming)))))
        .toList();
  }

  boolean applies() {
    return trouble.inapplicable(streaming).isEmpty();
  }

  private static Dialect other(Dialect dialect) {
    return switch (dialect) {
      case OPENAI -> Dialect.ANTHROPIC;
      case ANTHROPIC -> Dialect.OPENAI;
    };
  }

  private static String word(Dialect dialect) {
    return switch (dialect) {
      case OPENAI -> "OpenAI";
      case ANTHROPIC -> "Anthropic";
    };
  }

  @Override
  public String toString() {
    String providers = first == second ? word(first) : word(first) + " then " + word(second);
    return "%s: %s caller, %s provider, %s"
        .formatted(trouble, word(caller), providers, streaming ? "streaming" : "not streaming");
  }
}
