package dev.stave.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.DatabaseOptions;
import dev.stave.database.SmallDatabases;
import dev.stave.database.StaleRevisionException;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPointer;
import dev.stave.merge.Clash;
import dev.stave.merge.MergePolicy;
import dev.stave.merge.Resolution;
import dev.stave.merge.Strategy;
import dev.stave.revision.Provenance;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.revision.RevisionTree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Strategy: three or four peers edit one document, take each other's revisions in any order and
 * direction, and merge, undo and close as they please. Then everybody gets everything and merges by
 * policy.
 *
 * <p>Invariants: within a few rounds all have the same leaves and nothing is open but what a person
 * is to settle; no edit is lost; counters count each edit once, and sets have each element.
 *
 * <p>{@code -Pproof} makes 1,000 runs of each; {@code -Dstave.peers.runs} as many as it says.
 */
class PeersProperties {

  private static final String ID = "a";
  private static final int RUNS = Integer.getInteger("stave.peers.runs", 60);

  @Property(tries = 1)
  void counters_anyTopology_countEachEditOnce(@ForAll Random seeds) {
    for (int run = 0; run < RUNS; run++) {
      long seed = seeds.nextLong();
      try (Peers peers = new Peers(seed)) {
        peers.run(peers::count, false, false);
        peers.settle();
        assertThat(peers.body().path("n").asInt())
            .as("seed %s", seed)
            .isEqualTo(peers.deltas.values().stream().mapToInt(delta -> delta).sum());
      }
    }
  }

  @Property(tries = 1)
  void counters_withUndoneMerges_countEachEditOnce(@ForAll Random seeds) {
    for (int run = 0; run < RUNS; run++) {
      long seed = seeds.nextLong();
      try (Peers peers = new Peers(seed)) {
        peers.run(peers::count, true, false);
        peers.settle();
        assertThat(peers.body().path("n").asInt())
            .as("seed %s", seed)
            .isEqualTo(peers.deltas.values().stream().mapToInt(delta -> delta).sum());
      }
    }
  }

  @Property(tries = 1)
  void sets_anyTopology_haveEachElement(@ForAll Random seeds) {
    for (int run = 0; run < RUNS; run++) {
      long seed = seeds.nextLong();
      try (Peers peers = new Peers(seed)) {
        peers.run(peers::add, true, false);
        peers.settle();
        Set<Integer> elements = new TreeSet<>();
        peers.body().path("s").forEach(element -> elements.add(element.asInt()));
        assertThat(elements).as("seed %s", seed).isEqualTo(new TreeSet<>(peers.added));
        assertThat(peers.body().path("s")).hasSameSizeAs(elements);
      }
    }
  }

  @Property(tries = 1)
  void anyEdits_deletionsUndoingAndClosing_endEqualAndLoseNothing(@ForAll Random seeds) {
    for (int run = 0; run < RUNS; run++) {
      long seed = seeds.nextLong();
      try (Peers peers = new Peers(seed)) {
        peers.run(peers::anything, true, true);
        peers.settle();
        peers.checkNothingLost();
      }
    }
  }

  /** The peers of one run. */
  private static final class Peers implements AutoCloseable {
    private final long seed;
    private final Random random;
    private final List<Database> peers = new ArrayList<>();
    private final Map<RevisionId, Integer> deltas = new HashMap<>();
    private final List<Integer> added = new ArrayList<>();
    private final Set<RevisionId> edits = new HashSet<>();
    private int edited;

    private interface Step {
      void on(Database peer, Document leaf);
    }

    Peers(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      DatabaseOptions options = DatabaseOptions.DEFAULT.withRetention(1_000, 1_000);
      MergePolicy policy =
          MergePolicy.NONE
              .with("n", Strategy.Plain.COUNTER)
              .with("s", Strategy.Plain.SET_UNION)
              .with("late", Strategy.Plain.MAX);
      for (int i = 0; i < 3 + random.nextInt(2); i++) {
        Database peer = SmallDatabases.inMemory(options);
        MergeRequests.of(peer).setRules(new ReviewRules(policy, List.of()));
        peer.put(ID, JsonObject.parse("{\"n\": 0, \"s\": []}"));
        peers.add(peer);
      }
    }

    void run(Step edit, boolean byHand, boolean closing) {
      int steps = 10 + random.nextInt(40);
      for (int i = 0; i < steps; i++) {
        Database peer = any(peers);
        int what = random.nextInt(20);
        if (what < 8) {
          leaf(peer).ifPresent(leaf -> edit.on(peer, leaf));
        } else if (what < 13) {
          replicate(any(peers), peer, random.nextInt(4) > 0);
        } else if (what < 17 || !byHand) {
          mergeByPolicy(peer);
        } else if (what == 17) {
          mergeByHand(peer);
        } else if (what == 18) {
          undo(peer);
        } else if (closing) {
          close(peer);
        }
      }
    }

    private <T> T any(List<T> some) {
      return some.get(random.nextInt(some.size()));
    }

    /** A live leaf, most often the winner. */
    private Optional<Document> leaf(Database peer) {
      List<RevisionId> live = live(peer);
      if (live.isEmpty()) {
        return Optional.empty();
      }
      return peer.get(ID, random.nextInt(4) > 0 ? live.get(0) : any(live));
    }

    private RevisionId write(Database peer, Document leaf, ObjectNode body) {
      WriteBatch batch = new WriteBatch().put(ID, leaf.revision(), JsonObject.of(body));
      if (random.nextBoolean()) {
        batch.author("peer " + peers.indexOf(peer));
      }
      peer.write(batch);
      RevisionId written = RevisionId.of(leaf.revision(), false, body);
      edits.add(written);
      return written;
    }

    private static ObjectNode copy(Document leaf) {
      return (ObjectNode) leaf.body().tree();
    }

    void count(Database peer, Document leaf) {
      int delta = 1 + random.nextInt(2);
      ObjectNode body = copy(leaf);
      body.put("n", body.path("n").asInt() + delta);
      deltas.put(write(peer, leaf, body), delta);
    }

    void add(Database peer, Document leaf) {
      ObjectNode body = copy(leaf);
      body.withArray("s").add(++edited);
      added.add(edited);
      write(peer, leaf, body);
    }

    void anything(Database peer, Document leaf) {
      if (random.nextInt(12) == 0) {
        peer.write(new WriteBatch().delete(ID, leaf.revision()));
        if (peer.get(ID).isEmpty() && random.nextBoolean()) {
          edits.add(peer.put(ID, JsonObject.parse("{\"again\": " + ++edited + "}")));
        }
        return;
      }
      ObjectNode body = copy(leaf);
      for (int i = 0; i <= random.nextInt(3); i++) {
        String name = any(List.of("late", "x", "y", "z", "f" + random.nextInt(100)));
        if (random.nextInt(5) == 0) {
          body.remove(name);
        } else {
          body.put(name, ++edited);
        }
      }
      write(peer, leaf, body);
    }

    private boolean mergeByPolicy(Database peer) {
      MergeRequests requests = MergeRequests.of(peer);
      return requests
          .openOf(ID)
          .filter(open -> requests.mergeByPolicy(open) instanceof MergeOutcome.Merged)
          .isPresent();
    }

    private boolean mergeByHand(Database peer) {
      MergeRequests requests = MergeRequests.of(peer);
      Optional<MergeRequest> open = requests.openOf(ID);
      open.ifPresent(
          request -> {
            Map<JsonPointer, Resolution> choices = new HashMap<>();
            for (Clash clash : requests.preview(request).result().clashes()) {
              int side = random.nextInt(request.sides().size());
              choices.put(clash.path(), new Resolution.Take(side));
            }
            requests.merge(request, choices, "somebody", null);
          });
      return open.isPresent();
    }

    private void undo(Database peer) {
      MergeRequests requests = MergeRequests.of(peer);
      List<MergeRequest> settled =
          requests.of(ID).stream()
              .filter(request -> request.state() != MergeRequest.State.OPEN)
              .collect(Collectors.toList());
      if (!settled.isEmpty()) {
        try {
          requests.undo(any(settled), "undoer", null);
        } catch (StaleRevisionException e) {
          // it was edited since
        }
      }
    }

    private void close(Database peer) {
      MergeRequests requests = MergeRequests.of(peer);
      requests
          .openOf(ID)
          .ifPresent(request -> requests.close(request, any(request.sides()), "closer", null));
    }

    /** Hands over what {@code to} lacks, the oldest first, so that bodies of ancestors come too. */
    private static void replicate(Database from, Database to, boolean tells) {
      RevisionTree tree = from.tree(ID);
      RevisionTree known = to.tree(ID);
      Map<RevisionId, Provenance> told = tells ? from.history(ID).provenances() : Map.of();
      WriteBatch batch = new WriteBatch();
      List<Revision> revisions = new ArrayList<>(tree.revisions());
      Collections.sort(revisions, (a, b) -> a.id().compareTo(b.id()));
      for (Revision revision : revisions) {
        Optional<Document> document = from.get(ID, revision.id());
        if (!known.get(revision.id()).isPresent() && document.isPresent()) {
          List<RevisionId> path =
              tree.path(revision.id()).stream().map(Revision::id).collect(Collectors.toList());
          batch.graft(ID, new RevisionPath(path, revision.deleted()), document.get().body(), told);
        }
      }
      to.writeEach(batch);
    }

    /** All get everything, and merge it, until nothing changes. */
    void settle() {
      for (int round = 0; ; round++) {
        assertThat(round).as("rounds, seed %s", seed).isLessThan(30);
        for (Database from : peers) {
          for (Database to : peers) {
            replicate(from, to, true);
          }
        }
        for (Database peer : peers) {
          assertThat(leaves(peer)).as("seed %s", seed).isEqualTo(leaves(peers.get(0)));
        }
        List<RevisionId> merged = new ArrayList<>();
        boolean any = false;
        for (Database peer : peers) {
          boolean mine = mergeByPolicy(peer);
          any |= mine;
          live(peer).stream().findFirst().ifPresent(merged::add);
        }
        assertThat(new HashSet<>(merged)).as("the same merge, seed %s", seed).hasSizeLessThan(2);
        if (!any && !mergeByHand(peers.get(0))) {
          break; // else what a person settles
        }
      }
      for (Database peer : peers) {
        assertThat(live(peer)).as("seed %s", seed).hasSizeLessThan(2);
        assertThat(leaves(peer)).as("seed %s", seed).isEqualTo(leaves(peers.get(0)));
        assertThat(peer.get(ID)).isEqualTo(peers.get(0).get(ID));
      }
    }

    JsonNode body() {
      return peers.get(0).get(ID).orElseThrow().body().sharedTree();
    }

    /** Each edit is part of what is there, or ended with a tombstone that merges nothing. */
    void checkNothingLost() {
      for (Database peer : peers) {
        Set<RevisionId> accounted = new HashSet<>();
        peer.inspect(
            ID,
            document -> {
              Ancestry ancestry = new Ancestry(document.tree(), document::get);
              for (Revision leaf : document.tree().leaves()) {
                boolean merges =
                    leaf.deleted()
                        && Closing.mergedInto(document.get(leaf.id()).orElseThrow().body())
                            .isPresent();
                if (!merges) {
                  accounted.addAll(ancestry.withAncestors(leaf.id()));
                }
              }
              return null;
            });
        assertThat(accounted).as("seed %s", seed).containsAll(edits);
      }
    }

    private static Set<RevisionId> leaves(Database peer) {
      return peer.tree(ID).leaves().stream().map(Revision::id).collect(Collectors.toSet());
    }

    private static List<RevisionId> live(Database peer) {
      return peer.tree(ID).leaves().stream()
          .filter(leaf -> !leaf.deleted())
          .map(Revision::id)
          .collect(Collectors.toList());
    }

    @Override
    public void close() {
      peers.forEach(Database::close);
    }
  }
}
