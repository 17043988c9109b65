package dev.stave.query;

import dev.stave.index.IndexSnapshot;
import dev.stave.index.KeyRange;
import dev.stave.index.VersionSet;
import dev.stave.json.JsonPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the documents of each kind look like: their paths and types, without samples. The kind is a
 * string that a document has at one path. Told by the index alone: what its policy leaves out is
 * not there.
 *
 * @param sequence as of this one
 * @param kinds in the order of their names; that of documents without one last, if there are any
 */
public record KindShapes(long sequence, List<KindShape> kinds) {

  /** Of so many different kinds, in order, the largest are taken; of others nothing is told. */
  public static final int MOST_LOOKED_AT = 10_000;

  public KindShapes {
    kinds = List.copyOf(kinds);
  }

  /**
   * Documents of one kind.
   *
   * @param name the string that they have in common; null if they have none there
   * @param documents how many
   */
  public record KindShape(@Nullable String name, long documents, List<PathTypes> paths) {
    public KindShape {
      paths = List.copyOf(paths);
    }
  }

  /**
   * One path of them.
   *
   * @param types as {@link Shape.PathShape} names them
   * @param documents how many have a value there; one that has values of several types, in an
   *     array, counts for each
   */
  public record PathTypes(JsonPath path, Set<String> types, long documents) {
    public PathTypes {
      types = Set.copyOf(types);
    }
  }

  /** Compared by identity: there is one of each. */
  private static final class Kind {
    final @Nullable String name;
    final VersionSet documents;
    boolean isTold = true; // else there are too many
    final List<PathTypes> paths = new ArrayList<>();
    final Set<String> types = new HashSet<>(); // at the path that is looked at
    long count;

    Kind(@Nullable String name, VersionSet documents) {
      this.name = name;
      this.documents = documents;
    }
  }

  /**
   * Of all that {@code index} has.
   *
   * @param by the path of the kinds' names
   * @param most so many kinds are told of, those with most documents, beside the documents without
   */
  @SuppressWarnings("exports") // for the database alone
  public static KindShapes of(IndexSnapshot index, long sequence, JsonPath by, int most) {
    index.enter();
    try {
      List<Kind> kinds = kinds(index, by, most);
      List<Kind> lastFirst = new ArrayList<>(kinds);
      for (int path : index.allPaths()) {
        addPath(index, path, lastFirst);
      }
      List<KindShape> shapes = new ArrayList<>();
      for (Kind kind : kinds) {
        if (kind.isTold) {
          shapes.add(new KindShape(kind.name, kind.documents.size(), kind.paths));
        }
      }
      return new KindShapes(sequence, shapes);
    } finally {
      index.leave();
    }
  }

  private static List<Kind> kinds(IndexSnapshot index, JsonPath by, int most) {
    List<Kind> found = new ArrayList<>();
    VersionSet others = index.all();
    for (int path : index.paths(by)) {
      VersionSet strings = new VersionSet();
      index.collect(path, KeyRange.strings(), strings);
      others.andNot(strings);
      index.walkValues(
          path,
          KeyRange.strings(),
          false,
          (value, versions) -> {
            if (!versions.isEmpty() && !IndexSnapshot.mayBeCut(value.textValue())) {
              found.add(new Kind(value.textValue(), versions));
            }
            return found.size() < MOST_LOOKED_AT;
          });
    }
    List<Kind> largest = new ArrayList<>(found);
    largest.sort(Comparator.comparingLong((Kind kind) -> kind.documents.size()).reversed());
    largest.stream().skip(most).forEach(kind -> kind.isTold = false);
    VersionSet unnamed = others.copy();
    found.forEach(kind -> unnamed.or(kind.documents));
    VersionSet rest = index.all();
    rest.andNot(unnamed);
    if (!rest.isEmpty()) {
      Kind further = new Kind(null, rest);
      further.isTold = false;
      found.add(further);
    }
    if (!others.isEmpty()) {
      found.add(new Kind(null, others));
    }
    return found;
  }

  /** The one that a document is of. Paths that come after each other are mostly of one kind. */
  private static Kind kindOf(long version, List<Kind> kinds) {
    for (int i = 0; i < kinds.size(); i++) {
      Kind kind = kinds.get(i);
      if (kind.documents.contains(version)) {
        Collections.swap(kinds, 0, i);
        return kind;
      }
    }
    throw new IllegalStateException("a document of no kind: " + version);
  }

  private static void addPath(IndexSnapshot index, int path, List<Kind> kinds) {
    Set<Kind> found = new LinkedHashSet<>();
    Shape.TYPES.forEach(
        (type, range) -> {
          VersionSet documents = new VersionSet();
          index.collect(path, range, documents);
          while (!documents.isEmpty()) {
            Kind kind = kindOf(documents.iterator().nextLong(), kinds);
            VersionSet others = documents.copy();
            others.andNot(kind.documents);
            found.add(kind);
            kind.types.add(type);
            kind.count += documents.size() - others.size();
            documents = others;
          }
        });
    for (Kind kind : found) {
      if (kind.isTold) {
        kind.paths.add(new PathTypes(JsonPath.parse(index.name(path)), kind.types, kind.count));
      }
      kind.types.clear();
      kind.count = 0;
    }
  }
}
