package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Merges texts by lines. A change is lines of the base that others stand in for; changes of two
 * sides fit together if they mean different lines, and none inserts where the other changes: in a
 * text, unlike in a list, it matters which of two lines at one place comes first.
 */
final class TextMerge {

  /** Lines {@code from} to {@code to} (exclusive) of the base, and what stands there now. */
  private record Change(int from, int to, List<String> lines) {
    boolean overlaps(Change other) {
      boolean insertion = from == to || other.from == other.to;
      return insertion ? from <= other.to && other.from <= to : from < other.to && other.from < to;
    }
  }

  private TextMerge() {}

  /** Null if they are no texts, do not fit together, or have too many equal lines. */
  static @Nullable JsonNode merge(JsonNode base, List<JsonNode> values) {
    if (!base.isTextual() || !values.stream().allMatch(JsonNode::isTextual)) {
      return null;
    }
    List<String> before = lines(base.textValue());
    List<Change> changes = new ArrayList<>();
    for (JsonNode value : values) {
      List<Change> ofSide = changes(before, lines(value.textValue()));
      if (ofSide == null) {
        return null;
      }
      changes.addAll(ofSide);
    }
    changes.sort(Comparator.comparingInt(Change::from).thenComparingInt(Change::to));
    StringBuilder text = new StringBuilder();
    int at = 0;
    Change last = null;
    for (Change change : changes) {
      if (change.equals(last)) {
        continue; // the same on two sides
      }
      if (last != null && last.overlaps(change)) {
        return null;
      }
      before.subList(at, change.from()).forEach(text::append);
      change.lines().forEach(text::append);
      at = change.to();
      last = change;
    }
    before.subList(at, before.size()).forEach(text::append);
    return new TextNode(text.toString());
  }

  private static @Nullable List<Change> changes(List<String> before, List<String> after) {
    List<SequenceDiff.Hunk> hunks = SequenceDiff.hunks(before, after);
    if (hunks == null) {
      return null;
    }
    List<Change> changes = new ArrayList<>();
    for (SequenceDiff.Hunk hunk : hunks) {
      List<String> lines = after.subList(hunk.sideFrom(), hunk.sideTo());
      changes.add(new Change(hunk.from(), hunk.to(), lines));
    }
    return changes;
  }

  /** The lines, each with its end; together they are the text. */
  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      int to = end < 0 ? text.length() : end + 1;
      lines.add(text.substring(from, to));
      from = to;
    }
    return lines;
  }
}
