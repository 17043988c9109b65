package dev.stave.review;

import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What revisions were made of: their parents in the tree, and where one merges branches, the ends
 * of those. A tree has one parent for each; the others are found by the tombstones that close the
 * merged branches, see {@link Closing}. A tombstone that was written over counts no more: then the
 * merge was undone.
 *
 * <p>With that the base of a merge is what all sides have in common, merges of before included, so
 * that nothing is merged twice, whichever peer merged what first.
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
            .filter(merge -> tree.get(merge).isPresent())
            .ifPresent(merge -> merged.computeIfAbsent(merge, m -> new ArrayList<>()).add(closed));
      }
    }
  }

  /** Of each merge whose branches are closed the ends of them, but its parent in the tree. */
  Map<RevisionId, List<RevisionId>> merges() {
    return merged;
  }

  /** The newest that all of {@code sides} were made of, none of them of another; or none. */
  Collection<RevisionId> bases(List<RevisionId> sides) {
    Collection<RevisionId> bases = List.of(sides.get(0));
    for (RevisionId side : sides.subList(1, sides.size())) {
      bases = common(bases, side);
    }
    return bases;
  }

  /** Goes down from both, the newest generation first: parents are of older ones. */
  private Collection<RevisionId> common(Collection<RevisionId> left, RevisionId right) {
    Map<RevisionId, Integer> colours = new HashMap<>();
    PriorityQueue<RevisionId> queue = new PriorityQueue<>(Comparator.reverseOrder());
    left.forEach(id -> paint(id, LEFT, colours, queue));
    paint(right, RIGHT, colours, queue);
    Collection<RevisionId> found = new TreeSet<>(Comparator.reverseOrder());
    while (queue.stream().anyMatch(id -> (colours.getOrDefault(id, 0) & BELOW) == 0)) {
      RevisionId id = queue.remove();
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
    if (colours.merge(id, colour, (a, b) -> a | b) == colour && !queue.contains(id)) {
      queue.add(id);
    }
  }

  private List<RevisionId> parents(RevisionId id) {
    List<RevisionId> parents = new ArrayList<>(merged.getOrDefault(id, List.of()));
    tree.get(id).map(Revision::parent).ifPresent(parents::add);
    return parents;
  }
}
