package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.changes.Change;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.sync.Replication;
import dev.stave.sync.ReplicationOptions;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.SentRevision;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is pushed is made ready before it is its turn. */
class PushAheadTest extends ServerPeerTest {

  private static final JsonObject BODY = JsonObject.parse("{}");
  private static final JsonObject EDITED = JsonObject.parse("{\"n\": 1}");

  @Test
  void prepare_notWrittenYet_isNotThere() {
    RevisionPath path = new RevisionPath(List.of(RevisionId.parse("1-" + "a".repeat(32))), false);
    SentRevision sent = new SentRevision("a", path, BODY, Map.of(), Map.of(), List.of());

    Peer.PreparedGraft ready = peer.prepare(List.of(sent));

    assertThat(there.get("a")).isEmpty();
    assertThat(ready.write()).containsExactly(new GraftResult.Taken("a", sent.revision()));
    assertThat(there.get("a")).isPresent();
  }

  @Test
  void push_ofManyBatches_arrivesInTheOrderOfTheSource() {
    for (int i = 0; i < 200; i++) {
      here.put("d" + i, BODY);
    }
    for (int i = 0; i < 200; i += 3) {
      here.put("d" + i, here.get("d" + i).orElseThrow().revision(), EDITED);
    }

    ReplicationOptions options = ReplicationOptions.DEFAULT.withBatchSize(7);
    try (Replication push = Replication.of(LocalPeer.of(here), peer, options)) {
      push.start().await();
    }

    assertThat(there.changes(0, 1_000).stream().map(Change::id).toList())
        .isEqualTo(here.changes(0, 1_000).stream().map(Change::id).toList());
  }
}
