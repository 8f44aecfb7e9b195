package dev.changeover.local.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of text with aligned columns, as kubectl prints them. */
final class TextTable {
  private static final int GAP = 3;
  private static final String NONE = "-";

  private final List<List<String>> rows = new ArrayList<>();

  TextTable(List<String> headers) {
    rows.add(headers);
  }

  /** One more row; an empty cell is a dash. */
  void row(List<String> cells) {
    if (cells.size() != rows.getFirst().size()) {
      throw new IllegalArgumentException("a row has as many cells as there are columns");
    }
    rows.add(cells.stream().map(cell -> cell.isEmpty() ? NONE : cell).toList());
  }

  String text() {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      Arrays.setAll(widths, i -> Math.max(widths[i], row.get(i).length()));
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).repeat(" ", widths[i] - row.get(i).length() + GAP);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
