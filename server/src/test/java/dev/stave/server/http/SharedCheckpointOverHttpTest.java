package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.sync.DeadLetter;
import dev.stave.sync.Replication;
import dev.stave.sync.ReplicationOptions;
import dev.stave.sync.http.HttpPeer;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.Scope;
import dev.stave.sync.peer.SentRevision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What the other side's run of the same replication was refused is not taken for acknowledged. */
class SharedCheckpointOverHttpTest extends ServerPeerTest {

  private static final String CHECK = "function(doc) { if (doc.bad) throw({forbidden: 'bad'}); }";

  /** Refuses what {@link #CHECK} refuses, of what does not come by HTTP. */
  private static final class Rules implements LocalPeer.Rules {
    @Override
    public Predicate<Change> filter(Scope scope) {
      throw new IllegalArgumentException("there are none");
    }

    @Override
    public Function<SentRevision, Optional<String>> checks() {
      return sent -> sent.body().sharedTree().has("bad") ? Optional.of("bad") : Optional.empty();
    }
  }

  /** A source and a target that the server has both, so that either side can run it. */
  private Database source() {
    Database source = create("source");
    there.put(
        "_design/check",
        JsonObject.from(Map.of("language", "javascript", "validate_doc_update", CHECK)));
    source.put("good", JsonObject.parse("{}"));
    source.put("bad", JsonObject.parse("{\"bad\": true}"));
    return source;
  }

  private static List<DeadLetter> run(Peer from, Peer to) {
    try (Replication run = Replication.of(from, to, ReplicationOptions.DEFAULT)) {
      run.start().await();
      return run.deadLetters().orElseThrow().list();
    }
  }

  private List<DeadLetter> push(Database source) {
    return run(LocalPeer.of(source), peer);
  }

  private List<DeadLetter> pull() {
    try (HttpPeer source = HttpPeer.at(at("/source"))) {
      return run(source, LocalPeer.of(there, "the target", new Rules()));
    }
  }

  @Test
  void push_pullOfTheTargetWasRefused_isRefusedItself() {
    Database source = source();
    assertThat(pull()).hasSize(1);

    assertThat(push(source)).extracting(DeadLetter::document).containsExactly("bad");

    assertThat(there.get("good")).isPresent();
  }

  @Test
  void pull_pushOfTheSourceWasRefused_isRefusedItself() {
    Database source = source();
    assertThat(push(source)).hasSize(1);

    assertThat(pull()).extracting(DeadLetter::document).containsExactly("bad");
  }
}
