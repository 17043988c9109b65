package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Documents with the same value at the path that they were grouped by.
 *
 * @param value that value; numbers are the same if they are equal, however they are written
 * @param count how many documents
 * @param figures one for each path that the grouping names, in its order
 */
public record Group(JsonNode value, long count, List<Figures> figures) {
  public Group {
    figures = List.copyOf(figures);
  }
}
