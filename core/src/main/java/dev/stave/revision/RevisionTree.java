package dev.stave.revision;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
   */

  public static final RevisionTree EMPTY = new RevisionTree(Map.of());

  /** Live before deleted, then deepest, then largest digest: CouchDB's order of leaves. */
  private static final Comparator<Revision> WINNER_FIRST =
      Comparator.comparing(Revision::deleted)
          .thenComparing(Revision::id, Comparator.reverseOrder());

  private final Map<RevisionId, Revision> revisions;
  private final List<Revision> leaves;

  private RevisionTree(Map<RevisionId, Revision> revisions) {
    this.revisions = revisions;
    this.leaves = leavesOf(revisions);
  }

  /** The tree of exactly these revisions. */
  public static RevisionTree of(Collection<Revision> revisions) {
    Map<RevisionId, Revision> byId = new HashMap<>();
    revisions.forEach(revision -> byId.merge(revision.id(), revision, Revision::and));
    return new RevisionTree(byId);
  }

  private static List<Revision> leavesOf(Map<RevisionId, Revision> revisions) {
    Set<RevisionId> parents = new HashSet<>();
    for (Revision revision : revisions.values()) {
      if (revision.parent() != null) {
        parents.add(revision.parent());
      }
    }
    List<Revision> leaves = new ArrayList<>();
    for (Revision revision : revisions.values()) {
      if (!parents.contains(revision.id())) {
        leaves.add(revision);
      }
    }
    leaves.sort(WINNER_FIRST);
    return List.copyOf(leaves);
  }

  /** All revisions without a child, in the order in which they would win. */
  public List<Revision> leaves() {
    return leaves;
  }

  /** The leaf every replica shows: live before deleted, then deepest, then largest digest. */
  public Optional<Revision> winner() {
    return leaves.stream().findFirst();
  }

  /** The live leaves that lost, in the order in which they would win. Empty: no conflict. */
  public List<Revision> conflicts() {
    return leaves.stream().skip(1).filter(leaf -> !leaf.deleted()).collect(Collectors.toList());
  }

  /** Every revision that is known, in no order. */
  public Collection<Revision> revisions() {
    return revisions.values();
  }

  public Optional<Revision> get(RevisionId id) {
    return Optional.ofNullable(revisions.get(id));
  }

  public boolean isLeaf(RevisionId id) {
    return leaves.stream().anyMatch(leaf -> leaf.id().equals(id));
  }

  /** The revision and its known ancestors, newest first; empty if it is not known. */
  public List<Revision> path(RevisionId id) {
    return path(id, revisions.size());
  }

  /** The newest {@code limit} of the path. */
  private List<Revision> path(RevisionId id, int limit) {
    List<Revision> path = new ArrayList<>();
    Revision at = revisions.get(id);
    while (at != null && path.size() < limit) {
      path.add(at);
      at = parentOf(at);
    }
    return path;
  }

  /** The parent, if it is known: what walks many branches need not walk their trunk each time. */
  @Nullable Revision parentOf(Revision revision) {
    return revision.parent() == null ? null : revisions.get(revision.parent());
  }

  /**
   * Adds {@code path} and says what changed. Grafting twice is the same as once. If its leaf is
   * new, its body is kept at {@code sequence}.
   */
  public Graft graft(RevisionPath path, long sequence) {
    Map<RevisionId, Revision> grown = new HashMap<>(revisions);
    boolean known = revisions.containsKey(path.leaf());
    boolean deleted = path.deleted() && !isLeaf(path.leaf()); // what is known of a leaf stands
    List<RevisionId> ids = path.ids();
    boolean disputed = false;
    for (int i = 0; i < ids.size() && !disputed; i++) {
      RevisionId parent = i + 1 < ids.size() ? ids.get(i + 1) : null;
      disputed = isDisputed(ids.get(i), parent);
      Revision revision =
          new Revision(
              ids.get(i),
              disputed ? null : parent,
              i == 0 && deleted,
              i == 0 && !known ? sequence : Revision.NO_BODY);
      grown.merge(revision.id(), revision, Revision::and);
    }
    RevisionTree tree = new RevisionTree(grown);
    if (known) {
      boolean same = grown.equals(revisions);
      return new Graft(
          same ? this : tree, same ? Graft.Outcome.ALREADY_KNOWN : Graft.Outcome.ANCESTOR);
    }
    return new Graft(
        tree,
        tree.leaves.size() > leaves.size()
            ? Graft.Outcome.NEW_BRANCH
            : Graft.Outcome.LONGER_BRANCH);
  }

  /**
   * Whether another parent of {@code id} is known. Digests cover the parent, so only a mistaken
   * peer says so; to believe it would make the parent that is known a leaf, perhaps without a body.
   */
  private boolean isDisputed(RevisionId id, @Nullable RevisionId parent) {
    Revision known = revisions.get(id);
    return known != null
        && known.parent() != null
        && parent != null
        && !parent.equals(known.parent());
  }

  /** Adds one edit. Its parent must be a leaf, or null for a document's first edit. */
  public RevisionTree extend(Revision edit) {
    RevisionId parent = edit.parent();
    if (parent != null && !isLeaf(parent)) {
      throw new IllegalArgumentException("parent is not a leaf: " + parent);
    }
    Map<RevisionId, Revision> grown = new HashMap<>(revisions);
    grown.merge(edit.id(), edit, Revision::and);
    return new RevisionTree(grown);
  }

  /** The same, but that the body of {@code id} is kept at {@code sequence}. */
  public RevisionTree withBodyAt(RevisionId id, long sequence) {
    Map<RevisionId, Revision> moved = new HashMap<>(revisions);
    Revision revision = known(id);
    moved.put(id, new Revision(id, revision.parent(), revision.deleted(), sequence));
    return new RevisionTree(moved);
  }

  /**
   * Forgets every revision that has {@code limit} or more descendants in line to each leaf it leads
   * to, so that no branch is longer than {@code limit}.
   */
  public RevisionTree prune(int limit) {
    Set<RevisionId> kept = new HashSet<>();
    for (Revision leaf : leaves) {
      path(leaf.id(), limit).forEach(revision -> kept.add(revision.id()));
    }
    if (kept.size() == revisions.size()) {
      return this;
    }
    Map<RevisionId, Revision> young = new HashMap<>();
    for (RevisionId id : kept) {
      Revision revision = known(id);
      RevisionId parent = revision.parent();
      young.put(id, parent != null && !kept.contains(parent) ? revision.withoutParent() : revision);
    }
    return new RevisionTree(young);
  }

  /**
   * Forgets where the bodies are that nobody may need: all but those of leaves, of the last {@code
   * generations} ancestors on each branch, and of each place where branches to live leaves part,
   * which is the base of a merge.
   */
  public RevisionTree forgetBodies(int generations) {
    Set<RevisionId> needed = mergeBases();
    for (Revision leaf : leaves) {
      path(leaf.id(), 1 + generations).forEach(revision -> needed.add(revision.id()));
    }
    Map<RevisionId, Revision> lean = new HashMap<>();
    revisions.forEach(
        (id, revision) ->
            lean.put(
                id,
                revision.hasBody() && !needed.contains(id) ? revision.withoutBody() : revision));
    return new RevisionTree(lean);
  }

  private Set<RevisionId> mergeBases() {
    Set<RevisionId> seen = new HashSet<>();
    Set<RevisionId> bases = new HashSet<>();
    for (Revision leaf : leaves) {
      Revision at = leaf.deleted() ? null : leaf;
      while (at != null && seen.add(at.id())) {
        at = parentOf(at);
      }
      if (at != null) {
        bases.add(at.id());
      }
    }
    return bases;
  }

  private Revision known(RevisionId id) {
    Revision revision = revisions.get(id);
    if (revision == null) {
      throw new IllegalStateException("not in this tree: " + id);
    }
    return revision;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RevisionTree that && revisions.equals(that.revisions);
  }

  @Override
  public int hashCode() {
    return revisions.hashCode();
  }

  @Override
  public String toString() {
    return leaves.toString();
  }
}
