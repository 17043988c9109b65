package dev.stave.revision;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The edit history of one document. Immutable. */
public final class RevisionTree {

  /*
   * Replicas graft the same paths in any order, so nothing here may depend on arrival: the tree is a
   * set of revisions with parent links, and leaves and winner are functions of that set alone. Two
   * accounts of one revision are joined by Revision.and, which does not care for their order either.
   *
   * A tree need not have one root. Older ancestors are pruned, and a peer may send a path that
   * meets none of ours: then there are several roots, and a later path may join them.
   *
   * It is kept as its leaves, each linked to its parent and so on. A new edit is one more node on a
   * chain that is shared, however long the history is.
   */

  public static final RevisionTree EMPTY = new RevisionTree(List.of());

  /** Live before deleted, then deepest, then largest digest: CouchDB's order of leaves. */
  private static final Comparator<Revision> WINNER_FIRST =
      Comparator.comparing(Revision::deleted)
          .thenComparing(Revision::id, Comparator.reverseOrder());

  /** A revision and the node of its parent. */
  record Node(Revision revision, @Nullable Node parent) {}

  private final List<Node> leaves; // in winner order

  private RevisionTree(List<Node> leaves) {
    this.leaves = leaves;
  }

  /** The tree with exactly these leaves and what they are linked to. */
  static RevisionTree ofLeaves(List<Node> leaves) {
    List<Node> sorted = new ArrayList<>(leaves);
    sorted.sort(Comparator.comparing(Node::revision, WINNER_FIRST));
    return new RevisionTree(sorted);
  }

  /** The tree of exactly these revisions. */
  public static RevisionTree of(Collection<Revision> revisions) {
    Map<RevisionId, Revision> byId = new HashMap<>();
    revisions.forEach(revision -> byId.merge(revision.id(), revision, Revision::and));
    List<Revision> parentsFirst = new ArrayList<>(byId.values());
    parentsFirst.sort(Comparator.comparing(Revision::id));
    Map<RevisionId, Node> leaves = new HashMap<>();
    Map<RevisionId, Node> nodes = new HashMap<>();
    for (Revision revision : parentsFirst) {
      Node parent = revision.parent() == null ? null : nodes.get(revision.parent());
      Node node = new Node(parent == null ? revision.withoutParent() : revision, parent);
      nodes.put(revision.id(), node);
      leaves.put(revision.id(), node);
      if (parent != null) {
        leaves.remove(parent.revision().id());
      }
    }
    return ofLeaves(new ArrayList<>(leaves.values()));
  }

  List<Node> leafNodes() {
    return leaves;
  }

  /** All revisions without a child, in the order in which they would win. */
  public List<Revision> leaves() {
    return leaves.stream().map(Node::revision).collect(Collectors.toList());
  }

  /** The leaf every replica shows: live before deleted, then deepest, then largest digest. */
  public Optional<Revision> winner() {
    return leaves.isEmpty() ? Optional.empty() : Optional.of(leaves.get(0).revision());
  }

  /** The live leaves that lost, in the order in which they would win. Empty: no conflict. */
  public List<Revision> conflicts() {
    return leaves.stream()
        .skip(1)
        .map(Node::revision)
        .filter(leaf -> !leaf.deleted())
        .collect(Collectors.toList());
  }

  /** Every revision that is known, children before their parents. */
  public Collection<Revision> revisions() {
    if (leaves.size() == 1) {
      return path(leaves.get(0), Integer.MAX_VALUE);
    }
    Map<RevisionId, Revision> all = new LinkedHashMap<>();
    for (Node leaf : leaves) {
      for (Node at = leaf; at != null && !all.containsKey(at.revision().id()); at = at.parent()) {
        all.put(at.revision().id(), at.revision());
      }
    }
    return all.values();
  }

  public Optional<Revision> get(RevisionId id) {
    return Optional.ofNullable(find(id)).map(Node::revision);
  }

  private @Nullable Node find(RevisionId id) {
    for (Node leaf : leaves) {
      Node at = leaf;
      while (at != null && at.revision().id().generation() > id.generation()) {
        at = at.parent();
      }
      if (at != null && at.revision().id().equals(id)) {
        return at;
      }
    }
    return null;
  }

  public boolean isLeaf(RevisionId id) {
    return leaves.stream().anyMatch(leaf -> leaf.revision().id().equals(id));
  }

  /** The revision and its known ancestors, newest first; empty if it is not known. */
  public List<Revision> path(RevisionId id) {
    Node node = find(id);
    return path(node, Integer.MAX_VALUE);
  }

  /** The newest {@code limit} from {@code from} on. */
  private static List<Revision> path(@Nullable Node from, int limit) {
    List<Revision> path = new ArrayList<>();
    for (Node at = from; at != null && path.size() < limit; at = at.parent()) {
      path.add(at.revision());
    }
    return path;
  }

  /**
   * Adds {@code path} and says what changed. Grafting twice is the same as once. If its leaf is
   * new, its body is kept at {@code sequence}.
   */
  public Graft graft(RevisionPath path, long sequence) {
    boolean known = find(path.leaf()) != null;
    boolean deleted = path.deleted() && !isLeaf(path.leaf()); // what is known of a leaf stands
    List<RevisionId> ids = path.ids();
    List<Revision> all = new ArrayList<>(revisions());
    boolean disputed = false;
    for (int i = 0; i < ids.size() && !disputed; i++) {
      RevisionId parent = i + 1 < ids.size() ? ids.get(i + 1) : null;
      disputed = isDisputed(ids.get(i), parent);
      all.add(
          new Revision(
              ids.get(i),
              disputed ? null : parent,
              i == 0 && deleted,
              i == 0 && !known ? sequence : Revision.NO_BODY));
    }
    RevisionTree tree = of(all);
    if (known) {
      boolean same = tree.equals(this);
      return new Graft(
          same ? this : tree, same ? Graft.Outcome.ALREADY_KNOWN : Graft.Outcome.ANCESTOR);
    }
    boolean branches = tree.leaves.size() > leaves.size();
    return new Graft(tree, branches ? Graft.Outcome.NEW_BRANCH : Graft.Outcome.LONGER_BRANCH);
  }

  /**
   * Whether another parent of {@code id} is known. Digests cover the parent, so only a mistaken
   * peer says so; to believe it would make the parent that is known a leaf, perhaps without a body.
   */
  private boolean isDisputed(RevisionId id, @Nullable RevisionId parent) {
    Node known = find(id);
    RevisionId knownParent = known == null ? null : known.revision().parent();
    return knownParent != null && parent != null && !parent.equals(knownParent);
  }

  /** Adds one new edit. Its parent must be a leaf, or null for a document's first edit. */
  public RevisionTree extend(Revision edit) {
    RevisionId parent = edit.parent();
    if (find(edit.id()) != null) {
      throw new IllegalArgumentException("known already: " + edit.id());
    }
    if (parent != null && !isLeaf(parent)) {
      throw new IllegalArgumentException("parent is not a leaf: " + parent);
    }
    List<Node> grown = new ArrayList<>(leaves);
    grown.removeIf(leaf -> leaf.revision().id().equals(parent));
    grown.add(new Node(edit, parent == null ? null : find(parent)));
    return ofLeaves(grown);
  }

  /** The same, but that the body of the leaf {@code id} is kept at {@code sequence}. */
  public RevisionTree withBodyAt(RevisionId id, long sequence) {
    if (!isLeaf(id)) {
      throw new IllegalArgumentException("not a leaf: " + id);
    }
    return ofLeaves(
        leaves.stream()
            .map(leaf -> leaf.revision().id().equals(id) ? withBodyAt(leaf, sequence) : leaf)
            .collect(Collectors.toList()));
  }

  private static Node withBodyAt(Node leaf, long sequence) {
    Revision old = leaf.revision();
    return new Node(new Revision(old.id(), old.parent(), old.deleted(), sequence), leaf.parent());
  }

  /**
   * Forgets every revision that has {@code limit} or more descendants in line to each leaf it leads
   * to, so that no branch is longer than {@code limit}.
   */
  public RevisionTree prune(int limit) {
    if (leaves.stream().noneMatch(leaf -> isLonger(leaf, limit))) {
      return this;
    }
    if (leaves.size() == 1) {
      return chain(path(leaves.get(0), limit), null);
    }
    Map<RevisionId, Revision> kept = new HashMap<>();
    for (Node leaf : leaves) {
      path(leaf, limit).forEach(revision -> kept.put(revision.id(), revision));
    }
    return of(kept.values());
  }

  private static boolean isLonger(Node leaf, int limit) {
    Node at = leaf;
    for (int i = 0; i < limit && at != null; i++) {
      at = at.parent();
    }
    return at != null;
  }

  /** The tree of one branch: {@code newestFirst}, and below them {@code below}. */
  private static RevisionTree chain(List<Revision> newestFirst, @Nullable Node below) {
    Node node = below;
    for (int i = newestFirst.size() - 1; i >= 0; i--) {
      Revision revision = newestFirst.get(i);
      node = new Node(node == null ? revision.withoutParent() : revision, node);
    }
    return node == null ? EMPTY : new RevisionTree(List.of(node));
  }

  /**
   * Forgets where the bodies are that nobody may need: all but those of leaves, of the last {@code
   * generations} ancestors on each branch, and of each place where branches to live leaves part,
   * which is the base of a merge.
   */
  public RevisionTree forgetBodies(int generations) {
    if (leaves.size() == 1) {
      return forgetBodiesOfChain(leaves.get(0), generations);
    }
    Set<RevisionId> needed = mergeBases();
    for (Node leaf : leaves) {
      path(leaf, 1 + generations).forEach(revision -> needed.add(revision.id()));
    }
    Predicate<Revision> forgotten = r -> r.hasBody() && !needed.contains(r.id());
    Collection<Revision> all = revisions();
    return all.stream().noneMatch(forgotten)
        ? this
        : of(
            all.stream()
                .map(r -> forgotten.test(r) ? r.withoutBody() : r)
                .collect(Collectors.toList()));
  }

  /** Of one branch only the nodes down to the oldest body that goes are made anew. */
  private RevisionTree forgetBodiesOfChain(Node leaf, int generations) {
    List<Revision> lean = new ArrayList<>();
    int changed = 0;
    Node below = null;
    Node at = leaf;
    for (int i = 0; at != null; i++, at = at.parent()) {
      boolean forget = i > generations && at.revision().hasBody();
      lean.add(forget ? at.revision().withoutBody() : at.revision());
      if (forget) {
        changed = i + 1;
        below = at.parent();
      }
    }
    return changed == 0 ? this : chain(lean.subList(0, changed), below);
  }

  private Set<RevisionId> mergeBases() {
    Set<RevisionId> seen = new HashSet<>();
    Set<RevisionId> bases = new HashSet<>();
    for (Node leaf : leaves) {
      for (Node at = leaf.revision().deleted() ? null : leaf; at != null; at = at.parent()) {
        if (!seen.add(at.revision().id())) {
          bases.add(at.revision().id());
          break;
        }
      }
    }
    return bases;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RevisionTree that
        && new HashSet<>(revisions()).equals(new HashSet<>(that.revisions()));
  }

  @Override
  public int hashCode() {
    return new HashSet<>(revisions()).hashCode();
  }

  @Override
  public String toString() {
    return leaves().toString();
  }
}
