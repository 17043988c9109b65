package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.LocalPeer;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Strategy: two databases are replicated both ways, live, over a line that fails in the middle of
 * anything, while documents are edited, the replications paused, stopped and begun anew, and some
 * documents are refused for a while. Steps run in any order, on a clock of the test's.
 *
 * <p>Invariants: once the line is good, and dead letters are sent again, both hold the same; what
 * is refused is a dead letter, and nothing else is; no checkpoint is ahead of what the target has.
 */
class BadLineLaws {

  @Property(tries = 150)
  void live_overABadLine_bothEndTheSame(@ForAll long seed) {
    new Run(seed).go();
  }

  private static final class Run {
    final Random random;
    final FakeWorkers workers;
    final Database one = Database.inMemory();
    final Database two = Database.inMemory();
    double failing;
    boolean isRefusing = true;
    Replication there;
    Replication back;

    Run(long seed) {
      random = new Random(seed);
      workers = new FakeWorkers(seed);
    }

    Replication between(Database source, Database target) {
      FaultyPeer far = new FaultyPeer(LocalPeer.of(target), () -> random.nextDouble() < failing);
      far.refuses = sent -> isRefusing && sent.id().equals("d0");
      FaultyPeer near = new FaultyPeer(LocalPeer.of(source), () -> random.nextDouble() < failing);
      ReplicationOptions options =
          ReplicationOptions.DEFAULT.continuously().withBatchSize(1 + random.nextInt(4));
      return new Replication(near, far, options, workers, source).start();
    }

    void go() {
      there = between(one, two);
      back = between(two, one);
      for (int step = 0; step < 150; step++) {
        failing = random.nextInt(3) == 0 ? 0 : 0.1;
        act();
        checkCheckpoints();
      }
      failing = 0;
      settle();
      assertThat(ids(there)).isEqualTo(differing(one, two));
      isRefusing = false;
      for (Replication each : List.of(there, back)) {
        each.deadLetters().ifPresent(DeadLetters::retryAll);
        each.hint();
      }
      settle();
      assertThat(there.deadLetters().orElseThrow().list()).isEmpty();
      assertThat(back.deadLetters().orElseThrow().list()).isEmpty();
      assertSame();
      assertThat(workers.nextTimer()).as("nothing is left to be done").isEqualTo(-1);
      one.close();
      two.close();
    }

    void act() {
      switch (random.nextInt(8)) {
        case 0 -> workers.pass(random.nextInt(20_000));
        case 1 -> restart();
        case 2 -> {
          there.pause();
          workers.runReady();
          there.resume();
        }
        case 3, 4 -> workers.step();
        default -> edit(random.nextBoolean() ? one : two);
      }
    }

    void restart() {
      Replication old = random.nextBoolean() ? there : back;
      workers.runReady(); // a stop waits for what is in flight, which only this thread could end
      old.stopLater();
      workers.runReady();
      assertThat(old.progress().state()).isEqualTo(Progress.State.STOPPED);
      if (old == there) {
        there = between(one, two);
      } else {
        back = between(two, one);
      }
    }

    void edit(Database peer) {
      String id = "d" + random.nextInt(6);
      JsonObject body = JsonObject.parse("{\"n\": " + random.nextInt(5) + "}");
      List<Revision> live = peer.tree(id).leaves().stream().filter(l -> !l.deleted()).toList();
      if (live.isEmpty()) {
        peer.put(id, body);
        return;
      }
      RevisionId leaf = live.get(random.nextInt(live.size())).id();
      if (random.nextInt(5) == 0) {
        peer.delete(id, leaf);
      } else {
        peer.put(id, leaf, body);
      }
    }

    void settle() {
      for (int i = 0; i < 10; i++) {
        workers.pass(600_000);
      }
      for (Replication each : List.of(there, back)) {
        assertThat(each.progress().state())
            .as("%s", each.progress())
            .isEqualTo(Progress.State.IDLE);
      }
    }

    /** Up to its checkpoint, the target has all leaves of the source, or has refused them. */
    void checkCheckpoints() {
      for (Replication each : List.of(there, back)) {
        Database source = each == there ? one : two;
        Database target = each == there ? two : one;
        long done = Long.parseLong(each.progress().checkpoint());
        for (Change change : source.changes(0, 1_000)) {
          if (change.sequence() <= done && !change.id().equals("d0")) {
            for (Revision leaf : source.tree(change.id()).leaves()) {
              assertThat(target.tree(change.id()).get(leaf.id())).isPresent();
            }
          }
        }
      }
    }

    /** The documents with dead letters, but what the target has made by itself since. */
    Set<String> ids(Replication replication) {
      Set<String> ids = new HashSet<>();
      for (DeadLetter letter : replication.deadLetters().orElseThrow().list()) {
        if (two.tree(letter.document()).get(letter.revision()).isEmpty()) {
          ids.add(letter.document());
        }
      }
      return ids;
    }

    /** The documents of which {@code target} lacks a leaf of {@code source}. */
    Set<String> differing(Database source, Database target) {
      Set<String> differing = new HashSet<>();
      for (Change change : source.changes(0, 1_000)) {
        for (Revision leaf : source.tree(change.id()).leaves()) {
          if (target.tree(change.id()).get(leaf.id()).isEmpty()) {
            differing.add(change.id());
          }
        }
      }
      return differing;
    }

    void assertSame() {
      assertThat(differing(one, two)).isEmpty();
      assertThat(differing(two, one)).isEmpty();
      for (Change change : one.changes(0, 1_000)) {
        assertThat(two.get(change.id())).isEqualTo(one.get(change.id()));
      }
    }
  }
}
