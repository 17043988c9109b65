package dev.stave.revision;

import dev.stave.revision.RevisionTree.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a tree says of how it was at some sequence. */
final class PointInTime {

  /*
   * Bodies are written in sequence order, and what is pinned keeps its body. So on each branch the
   * newest body that was there at the sequence is that of the leaf of then: all that came later is
   * above it, with a later body or with none. A base that a peer gave has its body since later than
   * what is above it, so that tells nothing.
   */

  private final RevisionTree tree;
  private final long sequence;
  private final List<Node> newest = new ArrayList<>();
  private boolean known = true;

  PointInTime(RevisionTree tree, long sequence) {
    this.tree = tree;
    this.sequence = sequence;
    Set<RevisionId> seen = new HashSet<>();
    for (Node leaf : tree.leafNodes()) {
      follow(leaf, seen);
    }
  }

  private void follow(Node leaf, Set<RevisionId> seen) {
    boolean single = tree.leafNodes().size() == 1;
    Node below = leaf;
    for (Node at = leaf; at != null; at = at.parent()) {
      Revision revision = at.revision();
      if (!single && !seen.add(revision.id())) {
        return;
      }
      if (revision.isDated() && revision.since() <= sequence) {
        newest.add(at);
        return;
      }
      known &= revision.isDated();
      below = at;
    }
    known &= below.revision().id().generation() == 1; // else it had ancestors, once or elsewhere
  }

  /** Those of which the body is kept, in winner order. */
  List<Revision> leaves() {
    List<Revision> leaves = new ArrayList<>();
    Set<RevisionId> ancestors = ancestors();
    for (Node node : newest) {
      if (!ancestors.contains(node.revision().id())) {
        leaves.add(node.revision());
      }
    }
    for (PinnedRevision pinned : tree.pinned()) {
      Revision revision = pinned.revision();
      if (pinned.pin() == sequence) {
        leaves.removeIf(leaf -> leaf.id().equals(revision.id()));
        if (revision.hasBody()) {
          leaves.add(revision);
        }
      }
    }
    leaves.sort(RevisionTree.WINNER_FIRST);
    return leaves;
  }

  /** One branch may have been shorter than another of which it is a part by now. */
  private Set<RevisionId> ancestors() {
    Set<RevisionId> ancestors = new HashSet<>();
    if (newest.size() > 1) {
      for (Node node : newest) {
        for (Node at = node.parent(); at != null; at = at.parent()) {
          if (!ancestors.add(at.revision().id())) {
            break;
          }
        }
      }
    }
    return ancestors;
  }

  boolean isKnown() {
    return known;
  }
}
