package dev.stave.revision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.revision.RevisionTreeCodec.ChunkRange;
import dev.stave.revision.RevisionTreeCodec.Encoded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** A tree of which the old part is apart is in all that it does the tree that has all in memory. */
class TrunkLaws {

  private static final int YOUNG = 2;

  private final TreeMap<Integer, byte[]> chunks = new TreeMap<>();
  private final TreeSet<Long> pins = new TreeSet<>();
  private RevisionTree whole = RevisionTree.EMPTY;
  private RevisionTree stored = RevisionTree.EMPTY;
  private ChunkRange range = ChunkRange.NONE;
  private long sequence;
  private int chunk;

  @Property(tries = 300)
  void anyEdits_storedInTinyChunks_isTheTreeThatIsWhole(
      @ForAll Random random,
      @ForAll @IntRange(min = 1, max = 4) int chunkSize,
      @ForAll @IntRange(min = 2, max = 40) int revisions,
      @ForAll @IntRange(min = 0, max = 3) int bodies,
      @ForAll @IntRange(min = 2, max = 30) int branching,
      @ForAll boolean pinning) {
    chunks.clear();
    pins.clear();
    whole = RevisionTree.EMPTY;
    stored = RevisionTree.EMPTY;
    range = ChunkRange.NONE;
    sequence = 0;
    chunk = chunkSize;
    for (int step = 0; step < 120; step++) {
      int what = random.nextInt(20);
      if (what == 0 && pinning) {
        pins.add(sequence);
      } else if (what == 1 && !pins.isEmpty()) {
        pins.remove(random.nextBoolean() ? pins.first() : pins.last());
      }
      int limit = random.nextInt(40) == 0 ? Math.max(2, revisions / 2) : revisions;
      edit(random, new Retention(limit, bodies), branching);
      assertSame(random);
      if (random.nextInt(3) > 0) {
        store();
        assertSame(random);
      }
    }
  }

  private void edit(Random random, Retention retention, int branching) {
    RevisionTree wholeBefore = whole;
    RevisionTree storedBefore = stored;
    sequence++;
    List<RevisionId> missing = whole.missingBases();
    assertThat(stored.missingBases()).isEqualTo(missing);
    if (!missing.isEmpty() && random.nextInt(3) == 0) {
      RevisionId base = missing.get(random.nextInt(missing.size()));
      boolean deleted = random.nextBoolean();
      whole = whole.withBase(base, deleted, sequence);
      stored = stored.withBase(base, deleted, sequence);
    } else if (random.nextInt(branching) > 0) {
      List<Revision> leaves = whole.leaves();
      int place = random.nextInt(3) > 0 ? 0 : random.nextInt(Math.max(1, leaves.size()));
      Revision parent = leaves.isEmpty() ? null : leaves.get(place);
      RevisionId id =
          new RevisionId(parent == null ? 1 : parent.id().generation() + 1, "e" + sequence);
      Revision edit =
          new Revision(
              id, parent == null ? null : parent.id(), random.nextInt(branching) == 0, sequence);
      whole = whole.extend(edit);
      stored = stored.extend(edit);
    } else {
      RevisionPath path = path(random);
      Graft ofWhole = whole.graft(path, sequence);
      Graft ofStored = stored.graft(path, sequence);
      assertThat(ofStored.outcome()).isEqualTo(ofWhole.outcome());
      whole = ofWhole.tree();
      stored = ofStored.tree();
    }
    assertThat(stored).isEqualTo(whole);
    long[] pinned = pins.stream().mapToLong(pin -> pin).toArray();
    whole = whole.retain(wholeBefore, retention, pinned);
    stored = stored.retain(storedBefore, retention, pinned);
    assertThat(stored)
        .as("%s, was %s %s", retention, wholeBefore.revisions(), wholeBefore.leaves())
        .isEqualTo(whole);
    assertThat(new HashSet<>(storedBefore.without(stored)))
        .isEqualTo(new HashSet<>(wholeBefore.without(whole)));
    if (!winner(whole).equals(winner(wholeBefore)) && random.nextBoolean()) {
      sequence++;
      whole = whole.withBodyAt(winner(whole).get(0), sequence);
      stored = stored.withBodyAt(winner(stored).get(0), sequence);
    }
  }

  private static List<RevisionId> winner(RevisionTree tree) {
    return tree.winner().map(Revision::id).map(List::of).orElse(List.of());
  }

  /** One that may branch off anywhere, may be known, and may tell how branches hang together. */
  private RevisionPath path(Random random) {
    List<Revision> known = new ArrayList<>(whole.revisions());
    boolean deleted = random.nextInt(4) == 0;
    List<RevisionId> ids = new ArrayList<>();
    if (known.isEmpty()) {
      return new RevisionPath(List.of(new RevisionId(1 + random.nextInt(9), "g0")), deleted);
    }
    Revision at = known.get(random.nextInt(known.size()));
    int what = random.nextInt(6);
    if (what == 0) { // an ancestor that is not known any more, or never was
      whole.path(at.id()).forEach(revision -> ids.add(revision.id()));
      int root = ids.get(ids.size() - 1).generation();
      for (int generation = root - 1; generation > Math.max(0, root - 4); generation--) {
        ids.add(new RevisionId(generation, "r" + generation));
      }
      return new RevisionPath(ids, at.deleted());
    }
    for (int more = 1 + random.nextInt(3); what > 1 && more > 0; more--) {
      ids.add(new RevisionId(at.id().generation() + more, "g" + sequence + "." + more));
    }
    whole.path(at.id()).stream()
        .limit(1 + random.nextInt(what == 5 ? 100 : 4))
        .forEach(revision -> ids.add(revision.id()));
    return new RevisionPath(ids, deleted);
  }

  /** As a database does: rows that are not needed go, and new ones come. */
  private void store() {
    Encoded encoded = RevisionTreeCodec.encode(stored, chunk, YOUNG);
    for (int number = range.first(); number < range.end(); number++) {
      if (!encoded.chunks().has(number)) {
        chunks.remove(number);
      }
    }
    chunks.putAll(encoded.newChunks());
    Map<Integer, byte[]> there = new TreeMap<>(chunks);
    range = encoded.chunks();
    assertThat(there.keySet()).allMatch(range::has).hasSize(range.end() - range.first());
    stored =
        RevisionTreeCodec.decode(
            encoded.tree(),
            chunk,
            number -> {
              byte @Nullable [] bytes = there.get(number);
              assertThat(bytes).as("chunk %s", number).isNotNull();
              return bytes;
            });
    assertThat(RevisionTreeCodec.chunks(stored)).isEqualTo(range);
  }

  private void assertSame(Random random) {
    assertThat(stored.leaves()).isEqualTo(whole.leaves());
    assertThat(stored.pinned()).isEqualTo(whole.pinned());
    assertThat(stored.knowsLeavesAt(sequence / 2)).isEqualTo(whole.knowsLeavesAt(sequence / 2));
    assertThat(stored.leavesAt(sequence / 2)).isEqualTo(whole.leavesAt(sequence / 2));
    List<Revision> known = new ArrayList<>(whole.revisions());
    Revision any = known.get(random.nextInt(known.size()));
    assertThat(stored.get(any.id())).contains(any);
    assertThat(stored.withBody(any.id())).isEqualTo(whole.withBody(any.id()));
    assertThat(stored.get(new RevisionId(any.id().generation(), "none"))).isEmpty();
    assertThat(stored.path(any.id())).isEqualTo(whole.path(any.id()));
    assertThat(new HashSet<>(stored.revisions())).isEqualTo(new HashSet<>(known));
    assertThat(stored.youngRevisions().size()).isLessThanOrEqualTo(known.size());
    assertThat(known.containsAll(stored.youngRevisions())).isTrue();
    assertThat(stored).isEqualTo(whole).isEqualTo(stored.loaded());
  }
}
