package dev.stave.revision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Whatever happens to a tree, what its leaves were at a pinned sequence is known, bodies and all;
 * and what nobody pins goes.
 */
class RetentionLaws {

  private final TreeMap<Long, List<RevisionId>> pinned = new TreeMap<>();
  private RevisionTree tree = RevisionTree.EMPTY;
  private long sequence;

  @Property(tries = 500)
  void retain_anyEdits_keepsWhatWasPinned(
      @ForAll Random random,
      @ForAll @IntRange(min = 2, max = 5) int revisions,
      @ForAll @IntRange(min = 0, max = 2) int bodies) {
    pinned.clear();
    tree = RevisionTree.EMPTY;
    sequence = 0;
    Retention retention = new Retention(revisions, bodies);
    for (int step = 0; step < 60; step++) {
      int what = random.nextInt(10);
      if (what == 0) {
        pinned.put(sequence, ids(tree.leaves()));
      } else if (what == 1 && !pinned.isEmpty() && random.nextBoolean()) {
        pinned.remove(new ArrayList<>(pinned.keySet()).get(random.nextInt(pinned.size())));
      } else {
        change(random, retention);
      }
      pinned.forEach((pin, leaves) -> assertKept(pin, leaves));
    }

    pinned.clear();
    for (int step = 0; step < 10; step++) {
      change(random, retention);
      assertThat(tree.prune(revisions)).isEqualTo(tree);
      assertThat(tree.forgetBodies(bodies)).isEqualTo(tree);
    }
    assertThat(tree.pinned()).isEmpty();
    assertThat(tree.forgetBodies(bodies)).isEqualTo(tree);
    assertThat(RevisionTreeCodec.decode(RevisionTreeCodec.encode(tree))).isEqualTo(tree);
  }

  private void assertKept(long pin, List<RevisionId> leaves) {
    assertThat(ids(tree.leavesAt(pin))).as("at %s", pin).isEqualTo(leaves);
    for (RevisionId leaf : leaves) {
      assertThat(tree.withBody(leaf)).isPresent();
    }
  }

  private static List<RevisionId> ids(List<Revision> revisions) {
    return revisions.stream().map(Revision::id).collect(Collectors.toList());
  }

  /** One edit or graft, as a database takes it in. */
  private void change(Random random, Retention retention) {
    RevisionTree before = tree;
    long next = sequence + 1;
    List<RevisionId> missing = before.missingBases();
    RevisionTree grown =
        !missing.isEmpty() && random.nextInt(3) == 0
            ? before.withBase(missing.get(0), random.nextBoolean(), next)
            : random.nextInt(3) == 0 ? graft(random, next) : extend(random, next);
    if (grown == before) {
      return;
    }
    long[] pins = pinned.keySet().stream().mapToLong(pin -> pin).toArray();
    tree = grown.retain(before, retention, pins);
    Optional<Revision> winner = tree.winner();
    sequence = next;
    if (winner.isPresent() && !winner.map(Revision::id).equals(before.winner().map(Revision::id))) {
      sequence++; // an older leaf wins now: its body moves
      tree = tree.withBodyAt(winner.get().id(), sequence);
    }
    if (random.nextInt(3) == 0) { // a tree that was read anew does not know what it was before
      tree = RevisionTreeCodec.decode(RevisionTreeCodec.encode(tree));
    }
  }

  private RevisionTree extend(Random random, long next) {
    List<Revision> leaves = tree.leaves();
    RevisionId parent = leaves.isEmpty() ? null : leaves.get(random.nextInt(leaves.size())).id();
    int generation = parent == null ? 1 : parent.generation() + 1;
    RevisionId id = new RevisionId(generation, "e" + next);
    return tree.extend(new Revision(id, parent, random.nextInt(4) == 0, next));
  }

  /**
   * A path that may branch off anywhere, may be short, and may tell how two branches hang together.
   */
  private RevisionTree graft(Random random, long next) {
    List<Revision> known = new ArrayList<>(tree.revisions());
    List<RevisionId> path = new ArrayList<>();
    boolean deleted = random.nextInt(4) == 0;
    if (known.isEmpty() || random.nextInt(6) == 0) {
      path.add(new RevisionId(1 + random.nextInt(4), "g" + next));
      if (random.nextBoolean() && path.get(0).generation() > 1) {
        path.add(new RevisionId(path.get(0).generation() - 1, "h" + next));
      }
    } else {
      Revision at = known.get(random.nextInt(known.size()));
      Revision below = known.get(random.nextInt(known.size()));
      if (at.parent() == null && below.id().generation() == at.id().generation() - 1) {
        path.add(at.id()); // below turns out to be its parent
        deleted = at.deleted();
        tree.path(below.id()).forEach(revision -> path.add(revision.id()));
      } else {
        int generation = at.id().generation() + 1;
        path.add(new RevisionId(generation, "g" + next));
        tree.path(at.id()).stream()
            .limit(1 + random.nextInt(4))
            .forEach(revision -> path.add(revision.id()));
      }
    }
    return tree.graft(new RevisionPath(path, deleted), next).tree();
  }
}
