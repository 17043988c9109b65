package dev.stave.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.Scope;
import java.util.Optional;

/**
 * The replication that it was when the peer was last reached by its name. What is kept of that
 * counts without a network too.
 */
final class LastMeeting {

  /** The server keeps ids that begin so to itself. */
  private static final String PREFIX = "stave.peer.";

  private static final String ID = "replication";

  private final Database home;
  private final String document;

  LastMeeting(Database home, Peer source, Peer target, Scope scope) {
    ArrayNode named = JsonNodeFactory.instance.arrayNode();
    named.add(source.name()).add(target.name()).add(scope.toJson());
    this.home = home;
    this.document = PREFIX + Hashes.of(named.toString());
  }

  /** Its id. */
  Optional<String> replication() {
    return home.getLocal(document).map(json -> json.sharedTree().path(ID).asText());
  }

  void note(String replication) {
    if (!replication().equals(Optional.of(replication))) {
      ObjectNode json = JsonNodeFactory.instance.objectNode().put(ID, replication);
      home.putLocal(document, JsonObject.of(json));
    }
  }
}
