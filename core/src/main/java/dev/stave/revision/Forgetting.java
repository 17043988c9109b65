package dev.stave.revision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a tree forgets. Each step goes over the tree once, however its branches share a trunk. */
final class Forgetting {

  private Forgetting() {}

  static RevisionTree retain(
      RevisionTree before, RevisionTree grown, Retention retention, long... pins) {
    if (pins.length == 0 && grown.pinned().isEmpty()) {
      return forgetBodies(prune(grown, retention.revisions()), retention.bodies(), Set.of());
    }
    Set<RevisionId> needed = new HashSet<>();
    for (long pin : pins) {
      before.leavesAt(pin).forEach(leaf -> needed.add(leaf.id()));
    }
    RevisionTree kept =
        forgetBodies(prune(grown, retention.revisions()), retention.bodies(), needed)
            .withPinned(List.of());
    List<PinnedRevision> beside = new ArrayList<>();
    for (long pin : pins) {
      Map<RevisionId, Revision> then = byId(before.leavesAt(pin));
      Map<RevisionId, Revision> told = byId(kept.leavesAt(pin));
      then.forEach(
          (id, leaf) -> {
            if (!told.containsKey(id)) {
              Revision now = grown.withBody(id).orElse(leaf); // its body may have moved
              beside.add(new PinnedRevision(now.withParent(null), pin));
            }
          });
      told.forEach(
          (id, none) -> {
            if (!then.containsKey(id)) {
              beside.add(new PinnedRevision(none.withParent(null).withoutBody(), pin));
            }
          });
    }
    return kept.withPinned(beside);
  }

  private static Map<RevisionId, Revision> byId(List<Revision> revisions) {
    Map<RevisionId, Revision> byId = new LinkedHashMap<>();
    revisions.forEach(revision -> byId.put(revision.id(), revision));
    return byId;
  }

  static RevisionTree prune(RevisionTree tree, int limit) {
    List<Node> leaves = tree.leafNodes();
    if (leaves.stream().allMatch(leaf -> leaf.depth() <= limit)) {
      return tree;
    }
    List<Reach> reaches = new ArrayList<>();
    List<Node> kept = newest(leaves, limit, reaches);
    Trunk trunk = tree.trunk();
    Trunk newTrunk = null;
    if (trunk != null) {
      int lowest = lowest(trunk, reaches);
      if (lowest < 0) {
        return prune(tree.loaded(), limit);
      }
      newTrunk = trunk.from(lowest);
    }
    boolean isAll = newTrunk == trunk && kept.size() == tree.youngNodes().size();
    return isAll ? tree : RevisionTree.ofNodes(kept, newTrunk).withPinned(tree.pinned());
  }

  /** What a branch keeps of the trunk: the generations between these, both included. */
  private record Reach(int from, int to) {}

  /**
   * The young ones of the newest {@code limit} of each branch; where one goes on along the trunk,
   * that goes to {@code reaches}. Of those that meet, the branch with the lowest leaf reaches
   * furthest down, so it goes first, and the others may stop where they meet it.
   */
  private static List<Node> newest(List<Node> leaves, int limit, List<Reach> reaches) {
    List<Node> lowestFirst = new ArrayList<>(leaves);
    lowestFirst.sort(Comparator.comparingInt(Node::generation));
    Set<RevisionId> met = new HashSet<>();
    List<Node> newest = new ArrayList<>();
    for (Node leaf : lowestFirst) {
      int below = leaf.generation() - limit;
      Node at = leaf;
      while (at != null && at.generation() > below && met.add(at.revision().id())) {
        newest.add(at);
        if (at.trunk() != null && at.generation() - 1 > below) {
          reaches.add(new Reach(below + 1, at.generation() - 1));
        }
        at = at.youngParent();
      }
    }
    return newest;
  }

  /** Where the trunk begins that is kept; negative if it is not all of it from there up. */
  private static int lowest(Trunk trunk, List<Reach> reaches) {
    reaches.sort(Comparator.comparingInt(Reach::to).reversed());
    int lowest = trunk.highest() + 1;
    for (Reach reach : reaches) {
      if (reach.to() < lowest - 1) {
        return -1;
      }
      lowest = Math.min(lowest, reach.from());
    }
    return Math.max(lowest, trunk.lowest());
  }

  static RevisionTree forgetBodies(RevisionTree tree, int generations, Set<RevisionId> alsoNeeded) {
    List<Node> young = tree.youngNodes();
    Set<RevisionId> needed = mergeBases(tree, Node::youngParent); // older ones have no body
    needed.addAll(alsoNeeded);
    newest(tree.leafNodes(), 1 + generations, new ArrayList<>())
        .forEach(node -> needed.add(node.revision().id()));
    Predicate<Revision> forgotten = r -> r.hasBody() && !needed.contains(r.id());
    return young.stream().map(Node::revision).noneMatch(forgotten)
        ? tree
        : RevisionTree.ofNodes(
                young.stream()
                    .map(n -> forgotten.test(n.revision()) ? n.with(n.revision().withoutBody()) : n)
                    .collect(Collectors.toList()),
                tree.trunk())
            .withPinned(tree.pinned());
  }

  /**
   * What a merge may need: while there is a conflict, each place where branches part. Closed
   * branches count: what one was merged into has it among its ancestors, and where another part of
   * that branch is live, they part in the closed one. A base is an ancestor of two leaves by two
   * ways, the steps out of it are children in the tree, or tombstones that name a merge, and those
   * are children too: so there is no base but these.
   *
   * @param parent {@link Node#parent}, or {@link Node#youngParent} for those that are young
   */
  static Set<RevisionId> mergeBases(RevisionTree tree, Function<Node, @Nullable Node> parent) {
    Set<RevisionId> bases = new HashSet<>();
    if (!tree.hasConflicts()) {
      return bases;
    }
    Set<RevisionId> seen = new HashSet<>();
    for (Node leaf : tree.leafNodes()) {
      Node at = leaf;
      while (at != null && seen.add(at.revision().id())) {
        at = parent.apply(at);
      }
      if (at != null) {
        bases.add(at.revision().id());
      }
    }
    return bases;
  }
}
