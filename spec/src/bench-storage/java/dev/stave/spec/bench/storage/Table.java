package dev.stave.spec.bench.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A Markdown table with its columns aligned, so that it reads as well in a terminal. */
public final class Table {

  private final List<String[]> rows = new ArrayList<>();

  public Table(List<String> heads) {
    row(heads);
  }

  public void row(List<String> cells) {
    rows.add(cells.toArray(new String[0]));
  }

  /** There is nothing below its heads. */
  boolean isEmpty() {
    return rows.size() == 1;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      Arrays.setAll(widths, i -> Math.max(widths[i], row[i].length()));
    }
    for (int i = 0; i < rows.size(); i++) {
      append(rows.get(i), widths, text);
      if (i == 0) {
        String[] rule = new String[widths.length];
        Arrays.setAll(rule, column -> "-".repeat(widths[column]));
        append(rule, widths, text);
      }
    }
    return text.toString();
  }

  private static void append(String[] cells, int[] widths, StringBuilder text) {
    for (int i = 0; i < cells.length; i++) {
      text.append("| ").append(cells[i]).append(" ".repeat(widths[i] - cells[i].length() + 1));
    }
    text.append("|\n");
  }
}
