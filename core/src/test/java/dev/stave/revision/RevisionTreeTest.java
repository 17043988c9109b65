package dev.stave.revision;

import static dev.stave.revision.Graft.Outcome.ALREADY_KNOWN;
import static dev.stave.revision.Graft.Outcome.ANCESTOR;
import static dev.stave.revision.Graft.Outcome.LONGER_BRANCH;
import static dev.stave.revision.Graft.Outcome.NEW_BRANCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RevisionTreeTest {

  private static RevisionId id(String text) {
    return RevisionId.parse(text);
  }

  /** Newest first. */
  private static RevisionPath path(String... ids) {
    return new RevisionPath(
        Stream.of(ids).map(RevisionTreeTest::id).collect(Collectors.toList()), false);
  }

  private static RevisionPath deleted(String... ids) {
    return new RevisionPath(path(ids).ids(), true);
  }

  /** The bodies are kept at sequences 1, 2, … in the order of the paths. */
  private static RevisionTree tree(RevisionPath... paths) {
    RevisionTree tree = RevisionTree.EMPTY;
    long sequence = 0;
    for (RevisionPath path : paths) {
      tree = tree.graft(path, ++sequence).tree();
    }
    return tree;
  }

  private static List<String> ids(Iterable<Revision> revisions) {
    List<String> ids = new ArrayList<>();
    revisions.forEach(revision -> ids.add(revision.id().toString()));
    return ids;
  }

  private static String winner(RevisionTree tree) {
    return tree.winner().orElseThrow().id().toString();
  }

  @Test
  void winner_emptyTree_isNone() {
    assertThat(RevisionTree.EMPTY.winner()).isEmpty();
    assertThat(RevisionTree.EMPTY.leaves()).isEmpty();
    assertThat(RevisionTree.EMPTY.path(id("1-a"))).isEmpty();
  }

  @Test
  void winner_liveAndDeletedLeaves_isLiveThenDeepestThenLargestDigest() {
    assertThat(winner(tree(path("1-a"), deleted("3-c", "2-c", "1-a"), path("2-b", "1-a"))))
        .isEqualTo("2-b");
    assertThat(winner(tree(path("2-z", "1-a"), path("3-b", "2-c", "1-a")))).isEqualTo("3-b");
    assertThat(winner(tree(path("2-aa", "1-a"), path("2-b", "1-a")))).isEqualTo("2-b");
    assertThat(winner(tree(deleted("2-aa", "1-a"), deleted("2-b", "1-a")))).isEqualTo("2-b");
    assertThat(winner(tree(path("10-a"), path("9-z")))).isEqualTo("10-a");
  }

  @Test
  void conflicts_severalLeaves_areTheLiveLosersInOrder() {
    RevisionTree tree =
        tree(path("2-b", "1-a"), path("2-d", "1-a"), deleted("2-e", "1-a"), path("2-c", "1-a"));

    assertThat(winner(tree)).isEqualTo("2-d");
    assertThat(ids(tree.conflicts())).containsExactly("2-c", "2-b");
    assertThat(ids(tree.leaves())).containsExactly("2-d", "2-c", "2-b", "2-e");
  }

  @Test
  void graft_first_isANewBranch() {
    Graft graft = RevisionTree.EMPTY.graft(path("2-b", "1-a"), 7);

    assertThat(graft.outcome()).isEqualTo(NEW_BRANCH);
    assertThat(graft.tree().get(id("2-b")).orElseThrow().sequence()).isEqualTo(7);
    assertThat(graft.tree().get(id("1-a")).orElseThrow().hasBody()).isFalse();
  }

  @Test
  void graft_childOfALeaf_makesTheBranchLonger() {
    Graft graft = tree(path("1-a")).graft(path("3-c", "2-b", "1-a"), 2);

    assertThat(graft.outcome()).isEqualTo(LONGER_BRANCH);
    assertThat(ids(graft.tree().leaves())).containsExactly("3-c");
  }

  @Test
  void graft_pathFromACommonAncestor_addsABranch() {
    Graft graft = tree(path("2-b", "1-a")).graft(path("3-d", "2-c", "1-a"), 2);

    assertThat(graft.outcome()).isEqualTo(NEW_BRANCH);
    assertThat(winner(graft.tree())).isEqualTo("3-d");
  }

  @Test
  void graft_known_changesNothing() {
    RevisionTree tree = tree(path("3-c", "2-b", "1-a"));

    for (RevisionPath known :
        List.of(path("3-c", "2-b", "1-a"), path("3-c"), path("2-b", "1-a"), path("1-a"))) {
      Graft graft = tree.graft(known, 9);

      assertThat(graft.outcome()).isEqualTo(ALREADY_KNOWN);
      assertThat(graft.tree()).isSameAs(tree);
    }
  }

  @Test
  void graft_longerHistoryOfAKnownLeaf_learnsTheAncestry() {
    RevisionTree tree = tree(path("3-c"), path("2-x", "1-a"));
    Graft graft = tree.graft(path("3-c", "2-b", "1-a"), 9);

    assertThat(graft.outcome()).isEqualTo(ANCESTOR);
    assertThat(ids(graft.tree().path(id("3-c")))).containsExactly("3-c", "2-b", "1-a");
    assertThat(graft.tree().get(id("3-c")).orElseThrow().sequence()).isEqualTo(1);
  }

  @Test
  void graft_pathThatJoinsTwoRoots_makesThemOneBranch() {
    RevisionTree apart = tree(path("4-d"), path("2-b", "1-a"));

    assertThat(ids(apart.leaves())).containsExactly("4-d", "2-b");
    assertThat(ids(tree(path("4-d"), path("2-b", "1-a"), path("4-d", "3-c", "2-b")).leaves()))
        .containsExactly("4-d");
  }

  @Test
  void graft_deletionClaimedOfALiveLeaf_isNotBelieved() {
    Graft graft = tree(path("2-b", "1-a")).graft(deleted("2-b", "1-a"), 9);

    assertThat(graft.outcome()).isEqualTo(ALREADY_KNOWN);
    assertThat(graft.tree().winner().orElseThrow().deleted()).isFalse();
  }

  @Test
  void graft_anotherParentOfAKnownRevision_isNotBelieved() {
    RevisionTree tree = tree(deleted("3-c", "2-a", "1-x"));

    Graft same = tree.graft(deleted("3-c", "2-b", "1-x"), 9);
    Graft longer = tree.graft(path("4-d", "3-c", "2-b", "1-x"), 9);

    assertThat(same.outcome()).isEqualTo(ALREADY_KNOWN);
    assertThat(ids(longer.tree().leaves())).containsExactly("4-d");
    assertThat(ids(longer.tree().path(id("4-d")))).containsExactly("4-d", "3-c", "2-a", "1-x");
    assertThat(longer.tree().leaves()).allMatch(Revision::hasBody);
  }

  @Test
  void extend_leaf_becomesItsChild() {
    RevisionTree tree = tree(path("1-a")).extend(new Revision(id("2-b"), id("1-a"), true, 2));

    assertThat(tree.winner().orElseThrow().deleted()).isTrue();
    assertThatThrownBy(() -> tree.extend(new Revision(id("2-c"), id("1-a"), false, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1-a");
  }

  @Test
  void prune_longBranch_keepsItsNewest() {
    RevisionTree tree = tree(path("5-e", "4-d", "3-c", "2-b", "1-a"), path("4-y", "3-c"));

    assertThat(ids(tree.prune(2).revisions()))
        .containsExactlyInAnyOrder("5-e", "4-d", "4-y", "3-c");
    assertThat(tree.prune(2).get(id("3-c")).orElseThrow().parent()).isNull();
    assertThat(tree.prune(5)).isSameAs(tree);
    assertThat(ids(tree.prune(1).revisions())).containsExactlyInAnyOrder("5-e", "4-y");
  }

  @Test
  void forgetBodies_branches_keepsLeavesTheLastFewAndTheBases() {
    RevisionTree tree = RevisionTree.EMPTY;
    String parent = null;
    for (int i = 1; i <= 6; i++) {
      String next = i + "-" + (char) ('a' + i);
      tree = tree.extend(new Revision(id(next), parent == null ? null : id(parent), false, i));
      parent = next;
    }
    RevisionTree branched = tree.graft(path("3-x", "2-c"), 7).tree();

    assertThat(bodies(tree.forgetBodies(1))).containsExactlyInAnyOrder("6-g", "5-f");
    assertThat(bodies(branched.forgetBodies(0))).containsExactlyInAnyOrder("6-g", "3-x", "2-c");
    assertThat(bodies(tree.forgetBodies(99))).hasSize(6);
  }

  private static List<String> bodies(RevisionTree tree) {
    return ids(tree.revisions().stream().filter(Revision::hasBody).collect(Collectors.toList()));
  }

  @Test
  void forgetBodies_branchThatIsDeleted_needsNoBase() {
    RevisionTree tree = tree(path("1-a"), path("2-b", "1-a"), deleted("2-c", "1-a"));

    assertThat(bodies(tree.forgetBodies(0))).containsExactlyInAnyOrder("2-b", "2-c");
  }

  @Test
  void withBodyAt_known_movesTheBody() {
    RevisionTree moved = tree(path("2-b", "1-a")).withBodyAt(id("2-b"), 8);

    assertThat(moved.get(id("2-b")).orElseThrow().sequence()).isEqualTo(8);
    assertThatThrownBy(() -> moved.withBodyAt(id("1-a"), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a leaf: 1-a");
  }

  @Test
  @Timeout(20)
  void everything_tenThousandLeaves_takesReasonableTime() {
    List<Revision> revisions = new ArrayList<>();
    revisions.add(new Revision(id("1-root"), null, false, 1));
    for (int i = 0; i < 10_000; i++) {
      revisions.add(new Revision(id("2-" + i), id("1-root"), i % 3 == 0, 2 + i));
    }
    assertSound(RevisionTree.of(revisions), 10_000);
  }

  @Test
  @Timeout(20)
  void everything_branchOfAHundredThousand_takesReasonableTime() {
    List<Revision> revisions = new ArrayList<>();
    for (int i = 1; i <= 100_000; i++) {
      RevisionId parent = i == 1 ? null : new RevisionId(i - 1, "r");
      revisions.add(new Revision(new RevisionId(i, "r"), parent, false, i));
    }
    assertSound(RevisionTree.of(revisions), 1);
  }

  /** A deep trunk under many leaves: a peer may send it, and every step must not walk it anew. */
  @Test
  @Timeout(20)
  void everything_manyLeavesOnALongTrunk_takesReasonableTime() {
    List<Revision> revisions = new ArrayList<>();
    for (int i = 1; i <= 20_000; i++) {
      RevisionId parent = i == 1 ? null : new RevisionId(i - 1, "r");
      revisions.add(new Revision(new RevisionId(i, "r"), parent, false, i));
    }
    for (int i = 0; i < 5_000; i++) {
      revisions.add(new Revision(id("20001-" + i), id("20000-r"), false, 30_000 + i));
    }
    assertSound(RevisionTree.of(revisions), 5_000);
  }

  @Test
  @Timeout(60)
  void graft_tenThousandLeavesOneByOne_takesReasonableTime() {
    RevisionTree tree = tree(path("2-b", "1-a"));
    for (int i = 0; i < 10_000; i++) {
      tree = tree.graft(path("3-" + i, "2-b", "1-a"), 2 + i).tree();
    }
    for (Revision leaf : tree.leaves()) {
      assertThat(tree.path(leaf.id())).hasSize(3);
      assertThat(tree.isLeaf(leaf.id())).isTrue();
    }
    assertSound(tree, 10_000);
  }

  private static void assertSound(RevisionTree tree, int leaves) {
    assertThat(tree.leaves()).hasSize(leaves);
    assertThat(RevisionTreeCodec.decode(RevisionTreeCodec.encode(tree).tree())).isEqualTo(tree);
    RevisionTree pruned = tree.prune(1_000).forgetBodies(5);
    assertThat(pruned.leaves()).extracting(Revision::id).hasSize(leaves);
    assertThat(pruned.winner().orElseThrow().id()).isEqualTo(tree.winner().orElseThrow().id());
  }
}
