package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.MissingRevisions;
import dev.stave.sync.peer.Scope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A target that said it lacks what it was not offered was given that, whatever the scope. */
class NosyPeerTest {

  private final Database here = Database.inMemory();
  private final Database there = Database.inMemory();
  private final FaultyPeer far = new FaultyPeer(LocalPeer.of(there), () -> false);

  private void pushPublic() {
    ReplicationOptions options =
        ReplicationOptions.DEFAULT.withScope(Scope.selector("{\"public\": true}"));
    Replication.of(LocalPeer.of(here), far, options).start().await();
  }

  @Test
  void push_targetAsksForWhatIsOutOfScope_doesNotGetIt() {
    RevisionId secret = here.put("secret", JsonObject.parse("{\"public\": false}"));
    here.put("open", JsonObject.parse("{\"public\": true}"));
    far.wishes = Map.of("secret", new MissingRevisions(List.of(secret), List.of()));

    pushPublic();

    assertThat(there.get("open")).isPresent();
    assertThat(there.get("secret")).isEmpty();
  }

  @Test
  void push_targetHasAConflictOfWhatIsOutOfScope_getsNoBaseOfThat() {
    for (String id : List.of("secret", "open")) {
      boolean isOpen = id.equals("open");
      RevisionId base = here.put(id, JsonObject.parse("{\"public\": " + isOpen + "}"));
      for (String digit : List.of("a", "b")) {
        RevisionId leaf = RevisionId.parse("2-" + digit.repeat(32));
        JsonObject body =
            JsonObject.parse("{\"public\": " + isOpen + ", \"d\": \"" + digit + "\"}");
        RevisionPath path = new RevisionPath(List.of(leaf, base), false);
        there.write(new WriteBatch().graft(id, path, body, Map.of(), Map.of()));
      }
    }

    pushPublic();

    assertThat(there.tree("open").missingBases()).isEmpty();
    assertThat(there.tree("secret").missingBases()).isNotEmpty();
  }

  @Test
  void push_targetAsksForADocumentThatCanBeNone_isNotStopped() {
    RevisionId first = here.put("open", JsonObject.parse("{\"public\": true}"));
    far.wishes = Map.of("_none", new MissingRevisions(List.of(first), List.of()));

    pushPublic();

    assertThat(there.get("open")).isPresent();
  }

  @Test
  void replica_ofWhatLeaves_targetNamesWhatItWasNotAskedFor_isNotStopped() {
    FakeWorkers workers = new FakeWorkers(1);
    Replica replica =
        Replica.of(here)
            .with(far)
            .selector("{\"public\": true}")
            .run(workers, ReplicationOptions.DEFAULT)
            .start();
    RevisionId first = here.put("open", JsonObject.parse("{\"public\": true}"));
    workers.runReady();
    far.wishes = Map.of("_none", new MissingRevisions(List.of(first), List.of()));

    here.put("open", first, JsonObject.parse("{\"public\": false}"));
    workers.runReady();

    assertThat(replica.departures().open()).extracting(Departure::document).containsExactly("open");
    assertThat(replica.state().isInStep()).isTrue();
  }
}
