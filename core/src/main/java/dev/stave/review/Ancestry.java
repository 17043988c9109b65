package dev.stave.review;

import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What revisions were made of: their parents in the tree, and where one merges branches, the ends
 * of those. A tree has one parent for each; the others are found by the tombstones that close the
 * merged branches, see {@link Closing}. Only leaves are asked: their bodies are what every peer
 * has.
 *
 * <p>With that the base of a merge is what all sides have in common, merges of before included, so
 * that nothing is merged twice, whichever peer merged what first. A parent is always of an older
 * generation: a tombstone that says otherwise is somebody else's, and says nothing here.
 */
final class Ancestry {

  private static final int LEFT = 1;
  private static final int RIGHT = 2;
  private static final int BOTH = LEFT | RIGHT;
  private static final int BELOW = 4; // an ancestor of what both have

  private final RevisionTree tree;
  private final Map<RevisionId, List<RevisionId>> merged = new HashMap<>();

  /** {@code bodies} reads a revision's body where it is kept. */
  Ancestry(RevisionTree tree, Function<RevisionId, Optional<Document>> bodies) {
    this.tree = tree;
    for (Revision leaf : tree.leaves()) {
      RevisionId closed = leaf.parent();
      if (leaf.deleted() && closed != null) {
        bodies
            .apply(leaf.id())
            .flatMap(tombstone -> Closing.mergedInto(tombstone.body()))
            .filter(merge -> merge.generation() > closed.generation())
            .filter(merge -> tree.get(merge).isPresent())
            .ifPresent(merge -> merged.computeIfAbsent(merge, m -> new ArrayList<>()).add(closed));
      }
    }
  }

  /** Of each merge whose branches are closed the ends of them, but its parent in the tree. */
  Map<RevisionId, List<RevisionId>> merges() {
    return merged;
  }

  /** The revisions that {@code id} was made of, as far as they are known. */
  List<RevisionId> parents(RevisionId id) {
    List<RevisionId> parents = new ArrayList<>(merged.getOrDefault(id, List.of()));
    tree.get(id).map(Revision::parent).ifPresent(parents::add);
    return parents;
  }

  /** {@code id} and all that it was made of. */
  Set<RevisionId> withAncestors(RevisionId id) {
    Set<RevisionId> known = new HashSet<>(List.of(id));
    Deque<RevisionId> next = new ArrayDeque<>(known);
    while (!next.isEmpty()) {
      for (RevisionId parent : parents(next.remove())) {
        if (known.add(parent)) {
          next.add(parent);
        }
      }
    }
    return known;
  }

  /** Whether the whole history of {@code id} is known, to its first edits. */
  boolean isWhole(RevisionId id) {
    return withAncestors(id).stream().allMatch(r -> r.generation() == 1 || !parents(r).isEmpty());
  }

  /**
   * Those of {@code sides} that are to be merged first: any two of them have the same in common.
   * Where some have more in common than all have, it is those; else what they share would be
   * counted once for each of them.
   */
  List<RevisionId> nearest(List<RevisionId> sides) {
    List<RevisionId> nearest = sides;
    while (nearest.size() > 2) {
      Map<RevisionId, Integer> reached = new HashMap<>();
      for (RevisionId side : nearest) {
        withAncestors(side).forEach(id -> reached.merge(id, 1, Integer::sum));
      }
      int all = nearest.size();
      Optional<RevisionId> shared =
          reached.entrySet().stream()
              .filter(entry -> entry.getValue() > 1 && entry.getValue() < all)
              .map(Map.Entry::getKey)
              .max(Comparator.naturalOrder());
      if (!shared.isPresent()) {
        break;
      }
      nearest =
          nearest.stream()
              .filter(side -> withAncestors(side).contains(shared.get()))
              .collect(Collectors.toList());
    }
    return nearest;
  }

  /** The newest that all of {@code sides} were made of, none of them of another; or none. */
  Collection<RevisionId> bases(List<RevisionId> sides) {
    Collection<RevisionId> bases = List.of(sides.get(0));
    for (RevisionId side : sides.subList(1, sides.size())) {
      bases = common(bases, side);
    }
    return bases;
  }

  /**
   * The newest that both {@code left}, all of it together, and {@code right} were made of. Goes
   * down from both, the newest generation first: parents are of older ones.
   */
  Collection<RevisionId> common(Collection<RevisionId> left, RevisionId right) {
    Map<RevisionId, Integer> colours = new HashMap<>();
    TreeSet<RevisionId> queue = new TreeSet<>();
    left.forEach(id -> paint(id, LEFT, colours, queue));
    paint(right, RIGHT, colours, queue);
    Collection<RevisionId> found = new TreeSet<>(Comparator.reverseOrder());
    while (queue.stream().anyMatch(id -> (colours.getOrDefault(id, 0) & BELOW) == 0)) {
      RevisionId id = queue.last();
      queue.remove(id);
      int colour = colours.getOrDefault(id, 0);
      if (colour == BOTH) {
        found.add(id);
        colour |= BELOW;
      }
      for (RevisionId parent : parents(id)) {
        paint(parent, colour, colours, queue);
      }
    }
    return found;
  }

  private static void paint(
      RevisionId id, int colour, Map<RevisionId, Integer> colours, Collection<RevisionId> queue) {
    colours.merge(id, colour, (a, b) -> a | b);
    queue.add(id); // it is not done yet: all it was made into is newer
  }
}
