package dev.stave.revision;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
   * chain that is shared, however long the history is. What is old of a tree that was read may be on
   * a trunk, and is read when somebody walks there. No body is kept of it: so whoever looks for
   * bodies stays with the young nodes, and an edit of the document costs what it did when it was new.
   */

  public static final RevisionTree EMPTY = new RevisionTree(List.of(), List.of(), null);

  /** Live before deleted, then deepest, then largest digest: CouchDB's order of leaves. */
  static final Comparator<Revision> WINNER_FIRST =
      Comparator.comparing(Revision::deleted)
          .thenComparing(Revision::id, Comparator.reverseOrder());

  private static final Comparator<Node> NODES_WINNER_FIRST =
      Comparator.comparing(Node::revision, WINNER_FIRST);

  /** So many steps along branches are taken before all revisions are put into a map. */
  private static final int STEPS_WITHOUT_MAP = 2_000;

  private final List<Node> leaves; // in winner order
  private final List<PinnedRevision> pinned;
  private final @Nullable Trunk trunk;

  private @Nullable Retention settled; // what it has forgotten all of that it should, without pins
  private @Nullable Node newLeaf; // by which alone it grew out of a tree that was settled so

  private int stepsLeft; // which thread counts does not matter
  private @Nullable Map<RevisionId, Node> nodes; // the young; made when it begins to pay

  private RevisionTree(List<Node> leaves, List<PinnedRevision> pinned, @Nullable Trunk trunk) {
    this.leaves = leaves;
    this.pinned = pinned;
    this.trunk = trunk;
    this.stepsLeft = STEPS_WITHOUT_MAP + 4 * leaves.size();
  }

  /** The tree with exactly these leaves and what they are linked to, on {@code trunk} or not. */
  static RevisionTree ofLeaves(List<Node> leaves, @Nullable Trunk trunk) {
    List<Node> sorted = new ArrayList<>(leaves);
    sorted.sort(NODES_WINNER_FIRST);
    return new RevisionTree(sorted, List.of(), trunk);
  }

  /** The same, and beside it {@code pinned}. */
  RevisionTree withPinned(List<PinnedRevision> newPinned) {
    return newPinned.equals(pinned)
        ? this
        : new RevisionTree(leaves, List.copyOf(newPinned), trunk);
  }

  /** The tree of exactly these revisions. */
  public static RevisionTree of(Collection<Revision> revisions) {
    Map<RevisionId, Revision> byId = new HashMap<>();
    revisions.forEach(revision -> byId.merge(revision.id(), revision, Revision::and));
    List<Node> nodes = new ArrayList<>(byId.size());
    byId.values().forEach(revision -> nodes.add(new Node(revision, (Node) null)));
    return ofNodes(nodes, null);
  }

  /** The tree of exactly these nodes, linked anew by their parents, and of {@code trunk}. */
  static RevisionTree ofNodes(List<Node> nodes, @Nullable Trunk trunk) {
    List<Node> parentsFirst = new ArrayList<>(nodes);
    parentsFirst.sort(Comparator.comparing(node -> node.revision().id()));
    Map<RevisionId, Node> leaves = new HashMap<>();
    Map<RevisionId, Node> linked = new HashMap<>();
    for (Node old : parentsFirst) {
      Revision revision = old.revision();
      Node parent = revision.parent() == null ? null : linked.get(revision.parent());
      Node node;
      if (parent != null) {
        node = new Node(revision, parent);
        leaves.remove(parent.revision().id());
      } else if (old.trunk() != null && trunk != null && trunk.has(old.generation() - 1)) {
        node = new Node(revision, trunk);
      } else {
        node = new Node(revision.withParent(null), (Node) null);
      }
      linked.put(revision.id(), node);
      leaves.put(revision.id(), node);
    }
    return ofLeaves(new ArrayList<>(leaves.values()), trunk);
  }

  /** The same with nothing on a trunk: all of it is read. */
  public RevisionTree loaded() {
    return trunk == null ? this : of(revisions()).withPinned(pinned);
  }

  /** The same without what is on a trunk, which is not read. */
  public RevisionTree withoutTrunk() {
    return trunk == null ? this : ofNodes(youngNodes(), null).withPinned(pinned);
  }

  @Nullable Trunk trunk() {
    return trunk;
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

  /** Whether there are {@link #conflicts}. */
  public boolean hasConflicts() {
    return leaves.size() > 1 && !leaves.get(1).revision().deleted(); // in winner order: live first
  }

  /** Every revision that is known, children before their parents. */
  public Collection<Revision> revisions() {
    if (leaves.size() == 1) {
      return path(leaves.get(0), end -> false);
    }
    Map<RevisionId, Revision> all = new LinkedHashMap<>();
    for (Node leaf : leaves) {
      for (Node at = leaf; at != null && !all.containsKey(at.revision().id()); at = at.parent()) {
        all.put(at.revision().id(), at.revision());
      }
    }
    return all.values();
  }

  /** As {@link #revisions}, without those that are so old that no body is kept of them. */
  public List<Revision> youngRevisions() {
    List<Revision> young = new ArrayList<>();
    youngNodes().forEach(node -> young.add(node.revision()));
    return young;
  }

  /** From {@code leaf} down to the trunk or the root. */
  static List<Node> young(Node leaf) {
    List<Node> young = new ArrayList<>();
    for (Node at = leaf; at != null; at = at.youngParent()) {
      young.add(at);
    }
    return young;
  }

  /** All that are not on the trunk, children before their parents. */
  List<Node> youngNodes() {
    boolean single = leaves.size() == 1;
    Set<RevisionId> seen = new HashSet<>();
    List<Node> young = new ArrayList<>();
    for (Node leaf : leaves) {
      Node at = leaf;
      while (at != null && (single || seen.add(at.revision().id()))) {
        young.add(at);
        at = at.youngParent();
      }
    }
    return young;
  }

  public Optional<Revision> get(RevisionId id) {
    return Optional.ofNullable(find(id)).map(Node::revision);
  }

  private @Nullable Node find(RevisionId id) {
    Node young = findYoung(id);
    return young != null || trunk == null ? young : trunk.find(id);
  }

  private @Nullable Node findYoung(RevisionId id) {
    Map<RevisionId, Node> known = nodes == null && stepsLeft < 0 ? nodes() : nodes;
    if (known != null) {
      return known.get(id);
    }
    int leaf = leaf(id);
    if (leaf >= 0) {
      return leaves.get(leaf);
    }
    int deleted = firstDeleted();
    Node found = findBelow(id, 0, deleted);
    return found != null ? found : findBelow(id, deleted, leaves.size());
  }

  /** Looks below some leaves, the highest first, of which only those above {@code id} matter. */
  private @Nullable Node findBelow(RevisionId id, int from, int to) {
    int steps = stepsLeft;
    Node found = null;
    for (int i = from; i < to && found == null; i++) {
      Node at = leaves.get(i);
      if (at.generation() <= id.generation()) {
        break;
      }
      while (at != null && at.generation() > id.generation()) {
        at = at.youngParent();
        steps--;
      }
      found = at != null && at.revision().id().equals(id) ? at : null;
    }
    stepsLeft = steps;
    return found;
  }

  /** The place of the first leaf that deletes: live ones come first. */
  private int firstDeleted() {
    int from = 0;
    int to = leaves.size();
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (leaves.get(middle).revision().deleted()) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }

  private Map<RevisionId, Node> nodes() {
    Map<RevisionId, Node> made = new HashMap<>();
    for (Node leaf : leaves) {
      for (Node at = leaf; at != null; at = at.youngParent()) {
        if (made.putIfAbsent(at.revision().id(), at) != null) {
          break;
        }
      }
    }
    nodes = made;
    return made;
  }

  public boolean isLeaf(RevisionId id) {
    return leaf(id) >= 0;
  }

  /** The place of the leaf {@code id}, negative if it is none. */
  private int leaf(RevisionId id) {
    int live = leaf(new Revision(id, null, false, Revision.NO_BODY));
    return live >= 0 ? live : leaf(new Revision(id, null, true, Revision.NO_BODY));
  }

  private int leaf(Revision like) {
    return Collections.binarySearch(leaves, new Node(like, (Node) null), NODES_WINNER_FIRST);
  }

  /** The tree with {@code added} in the place of the leaf at {@code replaced}, if not negative. */
  private RevisionTree withLeaf(int replaced, Node added) {
    List<Node> grown = new ArrayList<>(leaves.size() + 1);
    grown.addAll(leaves);
    if (replaced >= 0) {
      grown.remove(replaced);
    }
    int place = Collections.binarySearch(grown, added, NODES_WINNER_FIRST);
    grown.add(place < 0 ? -1 - place : place, added);
    return new RevisionTree(grown, pinned, trunk);
  }

  /** As {@link #withLeaf}, of a new revision. */
  private RevisionTree grown(int replaced, Node added) {
    RevisionTree tree = withLeaf(replaced, added);
    boolean closes =
        replaced >= 0
            && added.revision().deleted()
            && !leaves.get(replaced).revision().deleted(); // a base may be needed no more
    if (settled != null && newLeaf == null && !closes) {
      tree.settled = settled;
      tree.newLeaf = added;
    }
    return tree;
  }

  /** The revision and its known ancestors, newest first; empty if it is not known. */
  public List<Revision> path(RevisionId id) {
    return path(find(id), end -> false);
  }

  /** As {@link #path(RevisionId)}, down to the first for which {@code end} holds, included. */
  public List<Revision> path(RevisionId id, Predicate<RevisionId> end) {
    return path(find(id), end);
  }

  /** From {@code from} down. */
  static List<Revision> path(@Nullable Node from, Predicate<RevisionId> end) {
    List<Revision> path = new ArrayList<>();
    Node at = from;
    while (at != null) {
      path.add(at.revision());
      at = end.test(at.revision().id()) ? null : at.parent();
    }
    return path;
  }

  /**
   * Adds {@code path} and says what changed. Grafting twice is the same as once. If its leaf is
   * new, its body is kept at {@code sequence}.
   */
  public Graft graft(RevisionPath path, long sequence) {
    List<RevisionId> ids = path.ids();
    int met = 0;
    Node known = find(ids.get(0));
    while (known == null && ++met < ids.size()) {
      known = find(ids.get(met));
    }
    if (known != null && !isOnBranchOf(known, ids.subList(met, ids.size()))) {
      return graftAnew(path, sequence);
    }
    if (known != null && met == 0) {
      boolean isNews = path.deleted() && !known.revision().deleted() && !isLeaf(ids.get(0));
      return isNews ? graftAnew(path, sequence) : new Graft(this, Graft.Outcome.ALREADY_KNOWN);
    }
    Node node = known;
    for (int i = met - 1; i >= 0; i--) {
      RevisionId parent = node == null ? null : node.revision().id();
      boolean deleted = i == 0 && path.deleted();
      long body = i == 0 ? sequence : Revision.NO_BODY;
      node = child(new Revision(ids.get(i), parent, deleted, body), node);
    }
    int replaced = known == null ? -1 : leaf(known.revision().id());
    return new Graft(
        grown(replaced, Objects.requireNonNull(node)),
        replaced < 0 ? Graft.Outcome.NEW_BRANCH : Graft.Outcome.LONGER_BRANCH);
  }

  private Node child(Revision revision, @Nullable Node parent) {
    if (trunk != null && parent != null && trunk.find(parent.revision().id()) == parent) {
      return new Node(revision, trunk);
    }
    return new Node(revision, parent);
  }

  /** Whether {@code newestFirst} says nothing of ancestors that is not known of {@code from}'s. */
  private static boolean isOnBranchOf(Node from, List<RevisionId> newestFirst) {
    Node at = from;
    for (RevisionId id : newestFirst) {
      if (at == null || !at.revision().id().equals(id)) {
        return false;
      }
      at = at.parent();
    }
    return true;
  }

  /** As {@link #graft}, where the path may tell more than one branch growing. */
  private Graft graftAnew(RevisionPath path, long sequence) {
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
    RevisionTree tree = of(all).withPinned(pinned);
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
    int place = parent == null ? -1 : leaf(parent);
    if (parent != null && place < 0) {
      throw new IllegalArgumentException("parent is not a leaf: " + parent);
    }
    return grown(place, new Node(edit, place < 0 ? null : leaves.get(place)));
  }

  /** The same, but that the body of the leaf {@code id} is kept at {@code sequence}. */
  public RevisionTree withBodyAt(RevisionId id, long sequence) {
    int place = leaf(id);
    if (place < 0) {
      throw new IllegalArgumentException("not a leaf: " + id);
    }
    Node old = leaves.get(place);
    RevisionTree moved = withLeaf(place, old.with(old.revision().withBodyAt(sequence)));
    moved.settled = newLeaf == null ? settled : null;
    return moved;
  }

  /**
   * Forgets every revision that has {@code limit} or more descendants in line to each leaf it leads
   * to, so that no branch is longer than {@code limit}.
   */
  public RevisionTree prune(int limit) {
    return Forgetting.prune(this, limit);
  }

  /**
   * Forgets where the bodies are that nobody may need: all but those of leaves, of the last {@code
   * generations} ancestors on each branch, and, while there is a conflict, of each place where
   * branches part, which may be the base of its merge.
   */
  public RevisionTree forgetBodies(int generations) {
    return Forgetting.forgetBodies(this, generations, Set.of());
  }

  /**
   * What a merge of the conflict may need, see {@link #forgetBodies}, and has no body here, in
   * order. None if there is no conflict.
   */
  public List<RevisionId> missingBases() {
    return Forgetting.mergeBases(this, Node::parent).stream()
        .filter(base -> !withBody(base).isPresent())
        .sorted()
        .collect(Collectors.toList());
  }

  /**
   * The same with the body of one of {@link #missingBases} at {@code sequence}; this, if it is none
   * of them.
   *
   * @param deleted whether it deletes the document, which its descendants do not tell
   */
  public RevisionTree withBase(RevisionId id, boolean deleted, long sequence) {
    if (!missingBases().contains(id)) {
      return this;
    }
    return of(revisions().stream()
            .map(r -> r.id().equals(id) ? r.withLateBodyAt(deleted, sequence) : r)
            .collect(Collectors.toList()))
        .withPinned(pinned);
  }

  /**
   * Forgets what {@code retention} does not keep, but never the body of what was a leaf at one of
   * the sequences {@code pins}: where a branch grew too long for it, it is kept beside the tree.
   *
   * @param before the tree before it grew, which knows what the leaves were at all of {@code pins}
   */
  public RevisionTree retain(RevisionTree before, Retention retention, long... pins) {
    boolean plain = pins.length == 0 && pinned.isEmpty();
    if (plain && retention.equals(settled) && (newLeaf == null || isShort(newLeaf, retention))) {
      newLeaf = null;
      return this;
    }
    RevisionTree kept = Forgetting.retain(before, this, retention, pins);
    kept.settled = plain ? retention : null;
    kept.newLeaf = null;
    return kept;
  }

  /** Whether nothing on the branch of a new leaf is so old that it may have to be forgotten. */
  private static boolean isShort(Node leaf, Retention retention) {
    int length = 0;
    for (Node at = leaf; at != null; at = at.youngParent()) {
      if (length > retention.bodies() && at.revision().hasBody()) {
        return false;
      }
      length++;
    }
    return leaf.depth() <= retention.revisions();
  }

  /** What is known here and not in {@code later}, which this has become, or once was. */
  public List<RevisionId> without(RevisionTree later) {
    Trunk mine = trunk;
    Trunk kept = later.trunk;
    if (mine == null || kept == null || !kept.isPartOf(mine)) {
      return revisions().stream()
          .map(Revision::id)
          .filter(id -> later.find(id) == null)
          .collect(Collectors.toList());
    }
    List<Revision> without = mine.below(kept.lowest());
    youngRevisions().stream()
        .filter(revision -> later.findYoung(revision.id()) == null)
        .forEach(without::add);
    return without.stream().map(Revision::id).collect(Collectors.toList());
  }

  /**
   * The same without the leaves {@code purged}, and without what of their ancestry no other leaf
   * needs, as if they had never been. What is no leaf stays. An empty tree, if no leaf is left.
   */
  public RevisionTree purge(Collection<RevisionId> purged) {
    Set<RevisionId> gone = new HashSet<>(purged);
    List<Node> left =
        leaves.stream()
            .filter(leaf -> !gone.contains(leaf.revision().id()))
            .collect(Collectors.toList());
    if (left.size() == leaves.size()) {
      return this;
    }
    if (left.isEmpty()) {
      return EMPTY;
    }
    if (trunk != null) {
      return loaded().purge(purged); // the trunk may have been the purged branch's
    }
    RevisionTree tree = ofLeaves(left, null);
    return tree.withPinned(
        pinned.stream()
            .filter(
                pin -> {
                  RevisionId id = pin.revision().id();
                  return find(id) == null || tree.find(id) != null; // of others none can tell
                })
            .collect(Collectors.toList()));
  }

  /** What is kept for a pin, and is no longer in the tree. */
  public List<PinnedRevision> pinned() {
    return pinned;
  }

  /** The revision with where its body is, in the tree or beside it; empty if it is not kept. */
  public Optional<Revision> withBody(RevisionId id) {
    Optional<Revision> inTree =
        Optional.ofNullable(findYoung(id)).map(Node::revision).filter(Revision::hasBody);
    return inTree.isPresent()
        ? inTree
        : pinned.stream()
            .map(PinnedRevision::revision)
            .filter(revision -> revision.hasBody() && revision.id().equals(id))
            .findFirst();
  }

  /**
   * What the leaves were at {@code sequence}, in the order in which they would have won. All of
   * them, if it is pinned or {@link #knowsLeavesAt}; else only those of which the body is kept.
   */
  public List<Revision> leavesAt(long sequence) {
    return new PointInTime(this, sequence).leaves();
  }

  /** Whether nothing that may have been a leaf at {@code sequence} has lost its body since. */
  public boolean knowsLeavesAt(long sequence) {
    return new PointInTime(this, sequence).isKnown();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof RevisionTree that)
        || !new HashSet<>(pinned).equals(new HashSet<>(that.pinned))) {
      return false;
    }
    return trunk == that.trunk
        ? new HashSet<>(youngRevisions()).equals(new HashSet<>(that.youngRevisions()))
        : new HashSet<>(revisions()).equals(new HashSet<>(that.revisions()));
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
