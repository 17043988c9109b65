package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.DatabaseOptions;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.review.MergeOutcome;
import dev.stave.review.MergeRequest;
import dev.stave.review.MergeRequests;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.storage.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Strategy: three or four peers, which keep none, one or five bodies, edit one document on any
 * leaf, copy it from each other and merge as they please. Then each copies from each, twice.
 *
 * <p>Invariants: what one peer has of the bodies that a merge may need all have, in the body that
 * was written, and all make the same of the conflict.
 *
 * <p>{@code -Pproof} makes 1,000 runs; {@code -Dstave.bases.runs} as many as it says.
 */
class BasesLaws {

  private static final int RUNS = Integer.getInteger("stave.bases.runs", 40);

  @Property(tries = 1)
  void run_anyTopology_allHaveTheBasesThatOneHas(@ForAll Random seeds) throws IOException {
    for (int run = 0; run < RUNS; run++) {
      long seed = seeds.nextLong();
      Path folder = Files.createTempDirectory("stave-bases");
      List<Database> peers = new ArrayList<>();
      try {
        run(new Random(seed), folder, peers, "seed " + seed);
      } finally {
        peers.forEach(Database::close);
        delete(folder);
      }
    }
  }

  private static void run(Random random, Path folder, List<Database> peers, String seed) {
    int[] bodies = {0, 1, 5};
    for (int i = 0; i < 3 + random.nextInt(2); i++) {
      DatabaseOptions options =
          DatabaseOptions.DEFAULT
              .withDurability(Durability.NONE)
              .withRetention(1_000, bodies[random.nextInt(3)]);
      peers.add(Database.open(folder.resolve("p" + i), options));
    }
    peers.get(0).put("a", JsonObject.parse("{}"));
    peers.forEach(peer -> Replication.run(peers.get(0), peer));
    int steps = 10 + random.nextInt(40);
    for (int step = 0; step < steps; step++) {
      Database peer = peers.get(random.nextInt(peers.size()));
      int what = random.nextInt(10);
      if (what < 6) {
        edit(peer, random, step);
      } else if (what < 9) {
        Replication.run(peers.get(random.nextInt(peers.size())), peer);
      } else {
        merge(peer);
      }
    }
    for (int round = 0; round < 2; round++) {
      for (Database from : peers) {
        peers.forEach(to -> Replication.run(from, to));
      }
    }
    check(peers, seed);
  }

  private static void edit(Database peer, Random random, int step) {
    List<Revision> live =
        peer.tree("a").leaves().stream().filter(l -> !l.deleted()).collect(Collectors.toList());
    if (live.isEmpty()) {
      return;
    }
    RevisionId leaf = live.get(random.nextInt(live.size())).id();
    if (random.nextInt(12) == 0 && live.size() > 1) {
      peer.delete("a", leaf);
      return;
    }
    ObjectNode body = (ObjectNode) peer.get("a", leaf).orElseThrow().body().tree();
    body.put("f" + random.nextInt(30), step);
    peer.put("a", leaf, JsonObject.of(body));
  }

  private static Optional<RevisionId> merge(Database peer) {
    MergeRequests requests = MergeRequests.of(peer);
    return requests
        .openOf("a")
        .map(requests::mergeByPolicy)
        .filter(MergeOutcome.Merged.class::isInstance)
        .map(outcome -> ((MergeOutcome.Merged) outcome).revision());
  }

  private static void check(List<Database> peers, String seed) {
    Set<RevisionId> missing = new HashSet<>(peers.get(0).tree("a").missingBases());
    for (Database peer : peers) {
      assertThat(peer.get("a")).as(seed).isEqualTo(peers.get(0).get("a"));
      assertThat(new HashSet<>(peer.tree("a").missingBases())).as(seed).isEqualTo(missing);
      assertThat(peer.checkIndex()).as(seed).isEmpty();
      for (Revision revision : peer.tree("a").revisions()) {
        if (revision.hasBody()) {
          Document body = peer.get("a", revision.id()).orElseThrow();
          assertThat(body.revision()).isEqualTo(revision.id());
          for (Database other : peers) {
            Optional<Document> same = other.get("a", revision.id());
            assertThat(same.isPresent() && !same.get().equals(body)).as(seed).isFalse();
            assertThat(missing).as(seed).doesNotContain(revision.id());
          }
        }
      }
    }
    List<Optional<MergeRequest>> open =
        peers.stream().map(p -> MergeRequests.of(p).openOf("a")).collect(Collectors.toList());
    assertThat(new HashSet<>(open)).as(seed).hasSize(1);
    Set<Optional<RevisionId>> merged =
        peers.stream().map(BasesLaws::merge).collect(Collectors.toSet());
    assertThat(merged).as(seed).hasSize(1);
    if (missing.isEmpty() && open.get(0).isPresent()) {
      MergeRequests requests = MergeRequests.of(peers.get(0));
      requests
          .openOf("a")
          .ifPresent(o -> assertThat(requests.preview(o).isBaseKept()).as(seed).isTrue());
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
