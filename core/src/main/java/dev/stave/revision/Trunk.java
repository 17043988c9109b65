package dev.stave.revision;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is old of a tree: a chain of revisions of which no body is kept, one of each generation from
 * {@code lowest} to {@code highest}. It is in chunks, which are read when somebody walks there; any
 * thread may.
 */
final class Trunk {

  /** So many generations are a chunk; it is numbered by its first one, divided by this. */
  static final int CHUNK = 16;

  private final int chunk; // CHUNK but in tests
  private final int lowest;
  private final int highest;
  private final IntFunction<List<Revision>> chunks;
  private final Map<Integer, Node[]> read = new ConcurrentHashMap<>();

  /**
   * @param chunks reads what is kept of a chunk: newest first, one generation below the one before,
   *     each with its parent
   */
  Trunk(int chunk, int lowest, int highest, IntFunction<List<Revision>> chunks) {
    this.chunk = chunk;
    this.lowest = lowest;
    this.highest = highest;
    this.chunks = chunks;
  }

  int chunk() {
    return chunk;
  }

  int lowest() {
    return lowest;
  }

  int highest() {
    return highest;
  }

  boolean has(int generation) {
    return generation >= lowest && generation <= highest;
  }

  /** How many revisions there are from {@code generation} down. */
  int depth(int generation) {
    return generation - lowest + 1;
  }

  /** The same without what is below {@code generation}; null if nothing is left. */
  @Nullable Trunk from(int generation) {
    if (generation <= lowest) {
      return this;
    }
    return generation > highest ? null : new Trunk(chunk, generation, highest, chunks);
  }

  /** Whether it became of {@code other} by {@link #from}, or is it. */
  boolean isPartOf(Trunk other) {
    return chunks == other.chunks;
  }

  /** The revisions that {@link #from} leaves out. */
  List<Revision> below(int generation) {
    return lowest < generation
        ? RevisionTree.path(node(generation - 1), end -> false)
        : new ArrayList<>();
  }

  Node parentOf(Revision child) {
    Node parent = node(child.id().generation() - 1);
    if (!parent.revision().id().equals(child.parent())) {
      throw new IllegalStateException(
          "the history has " + parent.revision().id() + " where the parent of " + child + " is");
    }
    return parent;
  }

  /** The revision {@code id}, null if it is not here. */
  @Nullable Node find(RevisionId id) {
    Node node = has(id.generation()) ? node(id.generation()) : null;
    return node != null && node.revision().id().equals(id) ? node : null;
  }

  private Node node(int generation) {
    Node[] nodes = read.computeIfAbsent(generation / chunk, this::nodes);
    return nodes[generation - Math.max(lowest, generation / chunk * chunk)];
  }

  /** Of a chunk, the oldest that is not below the trunk first. */
  private Node[] nodes(int number) {
    List<Revision> newestFirst = chunks.apply(number);
    int oldest = Math.max(lowest, number * chunk);
    Node[] nodes = new Node[(number + 1) * chunk - oldest];
    for (int i = 0; i < nodes.length; i++) {
      int place = nodes.length - 1 - i;
      Revision revision = place < newestFirst.size() ? newestFirst.get(place) : null;
      if (revision == null || revision.id().generation() != oldest + i) {
        throw new IllegalStateException(
            "the history lacks a revision of generation " + (oldest + i));
      }
      if (i > 0) {
        nodes[i] = new Node(revision, nodes[i - 1]);
      } else {
        nodes[i] =
            oldest == lowest
                ? new Node(revision.withParent(null), (Node) null)
                : new Node(revision, this);
      }
    }
    return nodes;
  }
}
