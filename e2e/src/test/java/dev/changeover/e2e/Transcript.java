package dev.changeover.e2e;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A session with kubectl as text: what differs from run to run is written as a word. */
final class Transcript {
  /** In this order: a time holds digits that would pass for an age. */
  private static final Map<Pattern, String> WORDS =
      ordered(
          "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "TIME",
          "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UID",
          "127\\.0\\.0\\.1:\\d+", "HOST",
          "(?m)^(  Resource Version: +).*", "$1VERSION",
          "(?m)^(  Window:)\\n(    .*\\n)+", "$1  FIGURES\n",
          "(?m)^(  (Normal|Warning) +\\w+ +)\\d+s +", "$1AGE  ",
          "\\b\\d+ms\\b|\\b\\d+\\.\\d+s\\b|\\b\\d+(\\.\\d+)?%", "FIGURE");

  private static final Pattern AGE = Pattern.compile("(\\d+[dhms]){1,2}");
  private static final Pattern COLUMN = Pattern.compile("\\S+( \\S+)*(\\s{2,}|$)");
  private static final String GAP = "   ";

  private final Kubectl kubectl;
  private final Map<Pattern, String> words;
  private final List<String> sessions = new ArrayList<>();

  /** A session in this namespace, which is written as {@code NAMESPACE}. */
  Transcript(Kubectl kubectl) {
    this.kubectl = kubectl;
    words = new LinkedHashMap<>(WORDS);
    words.put(Pattern.compile(Pattern.quote(kubectl.namespace())), "NAMESPACE");
  }

  private static Map<Pattern, String> ordered(String... pairs) {
    Map<Pattern, String> ordered = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      ordered.put(Pattern.compile(pairs[i]), pairs[i + 1]);
    }
    return ordered;
  }

  /** A heading for what follows. */
  void chapter(String title) {
    sessions.add("# " + title + "\n");
  }

  /** Runs a command and keeps what it wrote. */
  void run(String... arguments) {
    keep(arguments, this::settled);
  }

  /** Runs a command that answers with a table. */
  void table(String... arguments) {
    keep(arguments, this::aligned);
  }

  private void keep(String[] arguments, Function<String, String> form) {
    String shown = "$ kubectl " + String.join(" ", arguments) + "\n";
    sessions.add(settled(shown) + form.apply(kubectl.run(arguments).text()));
  }

  /** The whole session. */
  String text() {
    return sessions.stream()
        .map(
            session -> session.lines().map(String::stripTrailing).collect(Collectors.joining("\n")))
        .collect(Collectors.joining("\n\n", "", "\n"));
  }

  private String settled(String text) {
    String settled = text;
    for (Map.Entry<Pattern, String> word : words.entrySet()) {
      settled = word.getKey().matcher(settled).replaceAll(word.getValue());
    }
    return settled;
  }

  /** Tables with their ages as a word, and columns as wide as what is left in them. */
  private String aligned(String text) {
    return text.isBlank()
        ? text
        : List.of(text.split("\n\n")).stream()
            .map(this::alignedTable)
            .collect(Collectors.joining("\n\n"));
  }

  private String alignedTable(String text) {
    List<String> lines = text.lines().toList();
    List<Integer> starts =
        COLUMN.matcher(lines.getFirst()).results().map(found -> found.start()).toList();
    List<List<String>> rows = lines.stream().map(line -> cells(line, starts)).toList();
    int[] widths =
        IntStream.range(0, starts.size())
            .map(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .toArray();
    return rows.stream()
        .map(row ->
            IntStream.range(0, row.size())
                .mapToObj(i -> row.get(i) + " ".repeat(widths[i] - row.get(i).length()))
                .collect(Collectors.joining(GAP)))
        .collect(Collectors.joining("\n"));
  }

  private List<String> cells(String line, List<Integer> starts) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      int start = Math.min(starts.get(i), line.length());
      int end = i + 1 < starts.size() ? Math.min(starts.get(i + 1), line.length()) : line.length();
      String cell = line.substring(start, end).strip();
      cells.add(AGE.matcher(cell).matches() ? "AGE" : settled(cell));
    }
    return cells;
  }
}
