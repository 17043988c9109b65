package dev.stave.revision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A tree is a function of the set of paths it was made of, whatever their order. */
class RevisionTreeLaws {

  /**
   * Paths through one history. As in life a revision's parent and deletion are part of what it is:
   * the digest decides both here.
   */
  private static RevisionPath path(List<Integer> choices, int known) {
    List<RevisionId> ids = new ArrayList<>();
    String digest = "";
    for (int generation = 1; generation <= choices.size(); generation++) {
      digest += choices.get(generation - 1);
      String hex = (digest + "00000000000000000000000000000000").substring(0, 32);
      ids.add(0, new RevisionId(generation, digest.length() % 2 == 0 ? hex : "foreign" + digest));
    }
    return new RevisionPath(ids.subList(0, Math.min(ids.size(), known)), isDeletion(ids.get(0)));
  }

  private static boolean isDeletion(RevisionId id) {
    return id.digest().hashCode() % 3 == 0;
  }

  @Provide
  Arbitrary<List<RevisionPath>> paths() {
    Arbitrary<List<Integer>> choices =
        Arbitraries.integers().between(0, 2).list().ofMinSize(1).ofMaxSize(6);
    return Combinators.combine(choices, Arbitraries.integers().between(1, 6))
        .as(RevisionTreeLaws::path)
        .list()
        .ofMaxSize(12);
  }

  /** Ancestors that are deletions are known to be when a path ends in them, and not before. */
  private static RevisionTree graftAll(Collection<RevisionPath> paths) {
    RevisionTree tree = RevisionTree.EMPTY;
    for (RevisionPath path : paths) {
      tree = tree.graft(path, Revision.NO_BODY).tree();
    }
    return tree;
  }

  @Property
  void graft_anyOrder_isTheSameTreeAndWinner(
      @ForAll("paths") List<RevisionPath> paths, @ForAll Random random) {
    List<RevisionPath> shuffled = new ArrayList<>(paths);
    Collections.shuffle(shuffled, random);

    assertThat(graftAll(shuffled)).isEqualTo(graftAll(paths));
    assertThat(graftAll(shuffled).winner()).isEqualTo(graftAll(paths).winner());
    assertThat(graftAll(shuffled).leaves()).isEqualTo(graftAll(paths).leaves());
  }

  @Property
  void graft_twice_isOnce(@ForAll("paths") List<RevisionPath> paths) {
    RevisionTree tree = graftAll(paths);

    for (RevisionPath path : paths) {
      Graft again = tree.graft(path, 99);
      assertThat(again.outcome()).isEqualTo(Graft.Outcome.ALREADY_KNOWN);
      assertThat(again.tree()).isSameAs(tree);
    }
  }

  @Property
  void purge_anyLeaves_isTheTreeOfThePathsOfTheOthers(
      @ForAll("paths") List<RevisionPath> paths, @ForAll Random random) {
    RevisionTree tree = graftAll(paths);
    Set<RevisionId> purged = new HashSet<>();
    List<Revision> left = new ArrayList<>();
    for (Revision leaf : tree.leaves()) {
      if (random.nextBoolean()) {
        purged.add(leaf.id());
      } else {
        left.addAll(tree.path(leaf.id()));
      }
    }
    tree.revisions().stream()
        .map(Revision::id)
        .filter(id -> !tree.isLeaf(id) && random.nextBoolean())
        .forEach(purged::add); // which is to make no difference

    assertThat(tree.purge(purged)).isEqualTo(RevisionTree.of(left));
    assertThat(tree.purge(purged).leaves()).isEqualTo(RevisionTree.of(left).leaves());
  }

  @Property
  void winner_anyTree_isTheNaiveOne(@ForAll("paths") List<RevisionPath> paths) {
    RevisionTree tree = graftAll(paths);

    assertThat(tree.winner().map(Revision::id).orElse(null)).isEqualTo(naiveWinner(tree));
  }

  /** Goes over every pair of revisions, and knows nothing of how the tree does it. */
  private static RevisionId naiveWinner(RevisionTree tree) {
    Revision best = null;
    for (Revision candidate : tree.revisions()) {
      boolean leaf =
          tree.revisions().stream().noneMatch(other -> candidate.id().equals(other.parent()));
      if (leaf && (best == null || beats(candidate, best))) {
        best = candidate;
      }
    }
    return best == null ? null : best.id();
  }

  private static boolean beats(Revision a, Revision b) {
    if (a.deleted() != b.deleted()) {
      return b.deleted();
    }
    if (a.id().generation() != b.id().generation()) {
      return a.id().generation() > b.id().generation();
    }
    return a.id().digest().compareTo(b.id().digest()) > 0;
  }

  @Property
  void codec_anyTree_isReadBack(@ForAll("paths") List<RevisionPath> paths) {
    RevisionTree tree = RevisionTree.EMPTY;
    long sequence = 0;
    for (RevisionPath path : paths) {
      tree = tree.graft(path, sequence += 1L << 3 * paths.indexOf(path)).tree();
    }

    assertThat(RevisionTreeCodec.decode(RevisionTreeCodec.encode(tree).tree())).isEqualTo(tree);
  }

  @Property
  void codec_sameTreeMadeInAnyOrder_isTheSameBytes(
      @ForAll("paths") List<RevisionPath> paths, @ForAll Random random) {
    List<RevisionPath> shuffled = new ArrayList<>(paths);
    Collections.shuffle(shuffled, random);

    assertThat(RevisionTreeCodec.encode(graftAll(shuffled)).tree())
        .isEqualTo(RevisionTreeCodec.encode(graftAll(paths)).tree());
  }

  @Property
  void prune_anyTree_keepsLeavesAndWinnerAndNoLongBranch(
      @ForAll("paths") List<RevisionPath> paths) {
    RevisionTree tree = graftAll(paths);
    for (int limit = 1; limit <= 7; limit++) {
      RevisionTree pruned = tree.prune(limit);

      assertThat(ids(pruned.leaves())).isEqualTo(ids(tree.leaves()));
      assertThat(ids(tree.revisions())).containsAll(ids(pruned.revisions()));
      for (Revision leaf : tree.leaves()) {
        List<Revision> before = tree.path(leaf.id());
        List<Revision> after = pruned.path(leaf.id());
        int kept = Math.min(limit, before.size());
        assertThat(ids(after).subList(0, kept)).isEqualTo(ids(before).subList(0, kept));
      }
      assertThat(pruned.prune(limit)).isEqualTo(pruned);
    }
  }

  private static List<RevisionId> ids(Collection<Revision> revisions) {
    return revisions.stream().map(Revision::id).collect(Collectors.toList());
  }

  @Property
  void forgetBodies_anyTree_keepsWhatMayBeNeeded(@ForAll("paths") List<RevisionPath> paths) {
    List<Revision> withBodies = new ArrayList<>();
    for (Revision revision : graftAll(paths).revisions()) {
      withBodies.add(new Revision(revision.id(), revision.parent(), revision.deleted(), 7));
    }
    RevisionTree tree = RevisionTree.of(withBodies);
    for (int generations = 0; generations < 4; generations++) {
      Set<RevisionId> needed = new HashSet<>();
      for (Revision leaf : tree.leaves()) {
        tree.path(leaf.id()).stream()
            .limit(generations + 1L)
            .map(Revision::id)
            .forEach(needed::add);
        for (Revision other : tree.leaves()) {
          if (!leaf.equals(other) && tree.hasConflicts()) {
            base(tree, leaf, other).ifPresent(needed::add);
          }
        }
      }

      Set<RevisionId> kept =
          tree.forgetBodies(generations).revisions().stream()
              .filter(Revision::hasBody)
              .map(Revision::id)
              .collect(Collectors.toSet());

      assertThat(kept).isEqualTo(needed);
    }
  }

  private static Optional<RevisionId> base(RevisionTree tree, Revision a, Revision b) {
    List<RevisionId> ofA = ids(tree.path(a.id()));
    return ids(tree.path(b.id())).stream().filter(ofA::contains).findFirst();
  }
}
