package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.index.IndexSnapshot;
import dev.stave.index.KeyRange;
import dev.stave.index.VersionSet;
import dev.stave.json.JsonPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the documents of a database look like: every path that occurs in them, with the types and
 * some of the values that stand there.
 *
 * @param documents how many live documents there are
 * @param paths in the order of their names, parents before what is in them
 * @param excluded paths that the index policy leaves out, and all below them: not in {@code paths}
 * @param partlyIndexed how many documents have more values, or other paths, than the index policy
 *     takes: what is left out of them is not counted in {@code paths}
 */
public record Shape(
    long documents, List<PathShape> paths, List<String> excluded, long partlyIndexed) {

  /** Of each end of a path's values so many are shown. */
  public static final int SAMPLES = 3;

  public Shape {
    paths = List.copyOf(paths);
    excluded = List.copyOf(excluded);
  }

  /** What is not in it, a line for each reason; none if it is all there is. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (!excluded.isEmpty()) {
      warnings.add(
          "the index policy excludes "
              + String.join(", ", excluded)
              + ": queries of that read documents");
    }
    if (partlyIndexed > 0) {
      warnings.add(
          "documents over the bounds of the index policy, which every query reads: "
              + partlyIndexed);
    }
    return warnings;
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

  static final Map<String, KeyRange> TYPES = new LinkedHashMap<>();

  static {
    TYPES.put("null", KeyRange.nulls());
    TYPES.put("boolean", KeyRange.booleans());
    TYPES.put("number", KeyRange.numbers());
    TYPES.put("string", KeyRange.strings());
    TYPES.put("array", KeyRange.arrays());
    TYPES.put("object", KeyRange.objects());
  }

  /** Of all that {@code index} has. */
  @SuppressWarnings("exports") // for the database alone
  public static Shape of(IndexSnapshot index) {
    index.enter();
    try {
      List<PathShape> paths = new ArrayList<>();
      for (int path : index.allPaths()) {
        PathShape shape = of(index, path, index.name(path));
        if (!shape.types().isEmpty()) {
          paths.add(shape);
        }
      }
      paths.sort((a, b) -> a.path().compareTo(b.path()));
      List<String> excluded =
          index.leftOut().excluded().stream().map(JsonPath::toString).collect(Collectors.toList());
      return new Shape(index.all().size(), paths, excluded, index.partial().size());
    } finally {
      index.leave();
    }
  }

  private static PathShape of(IndexSnapshot index, int path, String name) {
    Map<String, Long> types = new LinkedHashMap<>();
    TYPES.forEach(
        (type, range) -> {
          VersionSet documents = new VersionSet();
          index.collect(path, range, documents);
          if (!documents.isEmpty()) {
            types.put(type, documents.size());
          }
        });
    List<JsonNode> smallest = samples(index, path, false);
    List<JsonNode> largest = smallest.size() < SAMPLES ? List.of() : samples(index, path, true);
    return new PathShape(name, types, smallest, largest);
  }

  private static List<JsonNode> samples(IndexSnapshot index, int path, boolean descending) {
    List<JsonNode> samples = new ArrayList<>();
    index.walkValues(
        path,
        KeyRange.scalars(),
        descending,
        (value, versions) -> {
          if (!versions.isEmpty()) {
            samples.add(value);
          }
          return samples.size() < SAMPLES;
        });
    return samples;
  }
}
