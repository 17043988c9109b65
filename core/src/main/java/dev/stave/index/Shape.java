package dev.stave.index;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the documents of a database look like: every path that occurs in them, with the types and
 * some of the values that stand there.
 *
 * @param documents how many live documents there are
 * @param paths in the order of their names, parents before what is in them
 */
public record Shape(long documents, List<PathShape> paths) {

  /** Of each end of a path's values so many are shown. */
  public static final int SAMPLES = 3;

  public Shape {
    paths = List.copyOf(paths);
  }

  /**
   * One path.
   *
   * @param path as selectors write it: {@code address.city}, {@code tags[]}
   * @param types how many documents have a value of each type there: {@code null}, {@code boolean},
   *     {@code number}, {@code string}, {@code array}, {@code object}; only types that occur. A
   *     document may have several, in an array
   * @param smallest the first of its different values that are no arrays and no objects, ascending;
   *     of a string over 256 bytes its beginning
   * @param largest the last of them, descending; empty if {@code smallest} are all
   */
  public record PathShape(
      String path, Map<String, Long> types, List<JsonNode> smallest, List<JsonNode> largest) {
    public PathShape {
      types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
      smallest = List.copyOf(smallest);
      largest = List.copyOf(largest);
    }
  }

  private static final String[] TYPE_NAMES = {
    "null", "boolean", "number", "string", "array", "object"
  };
  private static final int[] TYPE_BEGINS = {
    ValueKey.NULL, ValueKey.FALSE, ValueKey.NUMBER, ValueKey.STRING, ValueKey.ARRAY, ValueKey.OBJECT
  };

  /** Of all that {@code index} has. */
  static Shape of(IndexSnapshot index) {
    PathDictionary dictionary = index.dictionary();
    List<PathShape> paths = new ArrayList<>();
    for (int path = PathDictionary.ID; path < dictionary.size(); path++) {
      if (dictionary.isKnown(path)) {
        PathShape shape = of(index, path, dictionary.name(path));
        if (!shape.types().isEmpty()) {
          paths.add(shape);
        }
      }
    }
    paths.sort((a, b) -> a.path().compareTo(b.path()));
    return new Shape(index.all().size(), paths);
  }

  private static PathShape of(IndexSnapshot index, int path, String name) {
    Map<String, Long> types = new LinkedHashMap<>();
    for (int type = 0; type < TYPE_NAMES.length; type++) {
      int end = type + 1 < TYPE_BEGINS.length ? TYPE_BEGINS[type + 1] : ValueKey.OBJECT + 1;
      VersionSet documents = new VersionSet();
      index.collect(path, range(TYPE_BEGINS[type], end), documents);
      if (!documents.isEmpty()) {
        types.put(TYPE_NAMES[type], documents.size());
      }
    }
    List<JsonNode> smallest = samples(index, path, false);
    List<JsonNode> largest = smallest.size() < SAMPLES ? List.of() : samples(index, path, true);
    return new PathShape(name, types, smallest, largest);
  }

  private static KeyRange range(int from, int to) {
    return new KeyRange(new byte[] {(byte) from}, new byte[] {(byte) to}, true);
  }

  private static List<JsonNode> samples(IndexSnapshot index, int path, boolean descending) {
    List<JsonNode> samples = new ArrayList<>();
    index.walkKeys(
        path,
        range(ValueKey.NULL, ValueKey.ARRAY),
        descending,
        (key, versions) -> {
          if (!versions.isEmpty()) {
            samples.add(ValueKey.value(key));
          }
          return samples.size() < SAMPLES;
        });
    return samples;
  }
}
