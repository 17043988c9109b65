package dev.stave.revision;

import dev.stave.revision.RevisionTree.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
              beside.add(new PinnedRevision(leaf.withParent(null), pin));
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
    if (leaves.stream().noneMatch(leaf -> leaf.revision().id().generation() > limit)) {
      return tree;
    }
    if (leaves.size() == 1) {
      return isLonger(leaves.get(0), limit)
          ? chain(tree, RevisionTree.path(leaves.get(0), limit), null)
          : tree;
    }
    List<Node> ends = new ArrayList<>();
    Map<RevisionId, Revision> kept = newest(leaves, limit, ends);
    return ends.stream().allMatch(end -> kept.containsKey(end.revision().id()))
        ? tree
        : RevisionTree.of(kept.values()).withPinned(tree.pinned());
  }

  private static boolean isLonger(Node leaf, int limit) {
    Node at = leaf;
    for (int i = 0; i < limit && at != null; i++) {
      at = at.parent();
    }
    return at != null;
  }

  /**
   * The newest {@code limit} of each branch. What comes next on a branch goes to {@code ends}. Of
   * those that meet, the branch with the lowest leaf reaches furthest down, so it goes first, and
   * the others may stop where they meet it.
   */
  private static Map<RevisionId, Revision> newest(List<Node> leaves, int limit, List<Node> ends) {
    List<Node> lowestFirst = new ArrayList<>(leaves);
    lowestFirst.sort(Comparator.comparingInt(leaf -> leaf.revision().id().generation()));
    Map<RevisionId, Revision> newest = new HashMap<>();
    for (Node leaf : lowestFirst) {
      Node at = leaf;
      int length = 0;
      while (at != null
          && length < limit
          && newest.putIfAbsent(at.revision().id(), at.revision()) == null) {
        at = at.parent();
        length++;
      }
      if (at != null && length == limit) {
        ends.add(at);
      }
    }
    return newest;
  }

  /** The tree of one branch: {@code newestFirst}, and below them {@code below}. */
  private static RevisionTree chain(
      RevisionTree of, List<Revision> newestFirst, @Nullable Node below) {
    Node node = below;
    for (int i = newestFirst.size() - 1; i >= 0; i--) {
      Revision revision = newestFirst.get(i);
      node = new Node(node == null ? revision.withParent(null) : revision, node);
    }
    return node == null
        ? RevisionTree.EMPTY
        : RevisionTree.ofLeaves(List.of(node)).withPinned(of.pinned());
  }

  static RevisionTree forgetBodies(RevisionTree tree, int generations, Set<RevisionId> alsoNeeded) {
    List<Node> leaves = tree.leafNodes();
    if (leaves.size() == 1) {
      return forgetBodiesOfChain(tree, generations, alsoNeeded);
    }
    Set<RevisionId> needed = mergeBases(tree);
    needed.addAll(alsoNeeded);
    needed.addAll(newest(leaves, 1 + generations, new ArrayList<>()).keySet());
    Predicate<Revision> forgotten = r -> r.hasBody() && !needed.contains(r.id());
    Collection<Revision> all = tree.revisions();
    return all.stream().noneMatch(forgotten)
        ? tree
        : RevisionTree.of(
                all.stream()
                    .map(r -> forgotten.test(r) ? r.withoutBody() : r)
                    .collect(Collectors.toList()))
            .withPinned(tree.pinned());
  }

  /** Of one branch only the nodes down to the oldest body that goes are made anew. */
  private static RevisionTree forgetBodiesOfChain(
      RevisionTree tree, int generations, Set<RevisionId> alsoNeeded) {
    List<Revision> lean = new ArrayList<>();
    int changed = 0;
    Node below = null;
    Node at = tree.leafNodes().get(0);
    for (int i = 0; at != null; i++, at = at.parent()) {
      Revision revision = at.revision();
      boolean forget = i > generations && revision.hasBody() && !alsoNeeded.contains(revision.id());
      lean.add(forget ? revision.withoutBody() : revision);
      if (forget) {
        changed = i + 1;
        below = at.parent();
      }
    }
    return changed == 0 ? tree : chain(tree, lean.subList(0, changed), below);
  }

  /**
   * What a merge may need: while there is a conflict, each place where branches part. Closed
   * branches count: what one was merged into has it among its ancestors, and where another part of
   * that branch is live, they part in the closed one. A base is an ancestor of two leaves by two
   * ways, the steps out of it are children in the tree, or tombstones that name a merge, and those
   * are children too: so there is no base but these.
   */
  static Set<RevisionId> mergeBases(RevisionTree tree) {
    Set<RevisionId> bases = new HashSet<>();
    if (!tree.hasConflicts()) {
      return bases;
    }
    Set<RevisionId> seen = new HashSet<>();
    for (Node leaf : tree.leafNodes()) {
      for (Node at = leaf; at != null; at = at.parent()) {
        if (!seen.add(at.revision().id())) {
          bases.add(at.revision().id());
          break;
        }
      }
    }
    return bases;
  }
}
