package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Retention;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Scope;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Strategy: a replica with a scope and its peer are edited, deleted and settled at random, while
 * the line fails, the scope changes, and the replica's process ends in the middle of any step and
 * begins again, with another scope as well.
 *
 * <p>Invariants: once the line holds, the replica has just the documents of the peer that are in
 * scope, as the peer has them, and beside them only what has edits that the peer lacks: each of
 * those is a departure, or goes on being the replica's own. No edit is lost.
 */
class ScopeLaws {

  private static final List<Scope> SCOPES =
      List.of(
          Scope.selector("{\"n\": 0}"),
          Scope.selector("{\"n\": {\"$gt\": 0}}"),
          Scope.selector("{\"n\": {\"$in\": [0, 2]}}"),
          Scope.selector("{\"_id\": {\"$gte\": \"d2\", \"$lt\": \"d4\"}}"),
          Scope.ids(List.of("d0", "d1", "d2")),
          Scope.ALL);

  private record Edit(String id, RevisionId revision) {}

  private final Database phone = Database.inMemory();
  private final Database office = Database.inMemory();
  private final Set<Edit> edits = new LinkedHashSet<>();
  private int count;

  @Property(tries = 300)
  void replica_whateverHappens_hasWhatIsInScopeAndWhatNobodyElseHas(@ForAll long seed) {
    new ScopeLaws().run(new Random(seed));
  }

  /** In these an edit came just between the end of a pull and the purge that it ends with. */
  @Example
  void replica_seedsThatOnceFailed_holdToo() {
    new ScopeLaws().run(new Random(1989));
    new ScopeLaws().run(new Random(3_019_844_729_565_154_922L));
  }

  private void run(Random random) {
    // What left by an edit is known by bodies that are kept: more than there are edits.
    phone.setRetention(new Retention(1_000, 100));
    Scope scope = SCOPES.get(random.nextInt(SCOPES.size()));
    int[] failures = {0};
    FaultyPeer far = new FaultyPeer(LocalPeer.of(office), () -> random.nextInt(100) < failures[0]);
    FakeWorkers workers = new FakeWorkers(random.nextLong());
    Replica replica = start(scope, far, workers, random);
    for (int step = 0; step < 80; step++) {
      switch (random.nextInt(12)) {
        case 0 -> failures[0] = random.nextInt(3) == 0 ? random.nextInt(100) : 0;
        case 1 -> workers.pass(random.nextInt(400_000));
        case 2 -> {
          scope = SCOPES.get(random.nextInt(SCOPES.size()));
          replica.setScope(scope);
        }
        case 3 -> { // the process ends: its steps are never run on
          scope = random.nextBoolean() ? scope : SCOPES.get(random.nextInt(SCOPES.size()));
          workers = new FakeWorkers(random.nextLong());
          replica = start(scope, far, workers, random);
        }
        case 4 -> settleSome(replica.departures(), random);
        case 5, 6, 7 -> edit(office, random);
        case 8, 9 -> edit(phone, random);
        default -> {
          for (int i = random.nextInt(6); i > 0; i--) {
            workers.step();
          }
        }
      }
    }
    failures[0] = 0;
    for (int i = 0; i < 5; i++) {
      workers.pass(1_000_000);
    }
    assertThat(replica.state().isInStep()).as("in step").isTrue();
    check(replica, scope);
    phone.close();
    office.close();
  }

  private Replica start(Scope scope, FaultyPeer far, FakeWorkers workers, Random random) {
    ReplicationOptions options =
        ReplicationOptions.DEFAULT
            .withBatchSize(1 + random.nextInt(4))
            .withCheckpointMillis(random.nextInt(200));
    return Replica.of(phone).with(far).scope(scope).run(workers, options).start();
  }

  private void settleSome(Departures departures, Random random) {
    for (Departure departure : departures.open()) {
      if (random.nextBoolean()) {
        departures.keep(departure);
      } else if (departures.discard(departure, "not needed")) {
        departure
            .request()
            .sides()
            .forEach(side -> edits.removeIf(edit -> edit.id().equals(departure.document())));
      }
    }
  }

  private void edit(Database at, Random random) {
    String id = "d" + random.nextInt(6);
    int number = ++count; // no two edits are the same
    JsonObject body =
        JsonObject.parse("{\"n\": " + random.nextInt(3) + ", \"edit\": " + number + "}");
    List<Revision> leaves =
        at.tree(id).leaves().stream().filter(l -> !l.deleted()).collect(Collectors.toList());
    RevisionId made;
    if (leaves.isEmpty()) {
      made = at.put(id, body);
    } else {
      RevisionId leaf = leaves.get(random.nextInt(leaves.size())).id();
      made = random.nextInt(6) == 0 ? at.delete(id, leaf) : at.put(id, leaf, body);
    }
    edits.add(new Edit(id, made));
  }

  private void check(Replica replica, Scope scope) {
    Predicate<Document> test = scope.test().orElseThrow();
    Set<String> departed =
        replica.departures().open().stream().map(Departure::document).collect(Collectors.toSet());
    for (String id : List.of("d0", "d1", "d2", "d3", "d4", "d5")) {
      List<RevisionId> here = leaves(phone, id);
      List<RevisionId> there = leaves(office, id);
      List<RevisionId> unsent = new ArrayList<>(here);
      unsent.removeIf(leaf -> office.tree(id).get(leaf).isPresent());
      boolean isIn = office.get(id).filter(test).isPresent();
      String what = id + " here " + shown(phone, id) + " there " + shown(office, id) + " " + scope;
      if (isIn) {
        assertThat(there)
            .as("in scope: " + what)
            .allMatch(leaf -> phone.tree(id).get(leaf).isPresent());
      }
      if (isIn && unsent.isEmpty()) {
        assertThat(phone.get(id)).as("in scope: " + what).isEqualTo(office.get(id));
      }
      if (!isIn && unsent.isEmpty() && office.get(id).isPresent()) {
        assertThat(phone.get(id)).as("left: " + what).isEmpty();
      }
      if (!unsent.isEmpty() && phone.get(id).filter(test).isPresent()) {
        assertThat(departed).as("it is in scope, and was not sent: " + what).contains(id);
      }
      if (isFrom(id, unsent) && phone.get(id).filter(test.negate()).isPresent()) {
        assertThat(departed).as("unsent: " + what).contains(id);
      }
    }
    for (Edit edit : edits) {
      boolean isKept =
          phone.tree(edit.id()).get(edit.revision()).isPresent()
              || office.tree(edit.id()).get(edit.revision()).isPresent();
      assertThat(isKept).as("lost: " + edit).isTrue();
    }
  }

  /**
   * Whether any of these was made of something live that the peer has: what is made anew where it
   * was deleted is the replica's own.
   */
  private boolean isFrom(String id, List<RevisionId> leaves) {
    return leaves.stream()
        .flatMap(
            leaf ->
                phone.tree(id).path(leaf).stream()
                    .filter(each -> office.tree(id).get(each.id()).isPresent())
                    .limit(1))
        .anyMatch(base -> !base.deleted());
  }

  private static String shown(Database database, String id) {
    return database.get(id).map(d -> d.revision() + " " + d.body()).orElse("none")
        + " of "
        + leaves(database, id);
  }

  private static List<RevisionId> leaves(Database database, String id) {
    return database.tree(id).leaves().stream().map(Revision::id).collect(Collectors.toList());
  }
}
