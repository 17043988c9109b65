package dev.stave.server.replicator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.revision.RevisionId;
import dev.stave.server.exchange.JsonReply;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A document of {@code _replicator}, and what has become of it.
 *
 * @param state what it is about while there is no job, and the last word on it
 * @param info what there is to say; null for nothing
 */
record Wish(
    String document,
    RevisionId revision,
    @Nullable Job job,
    String state,
    @Nullable ObjectNode info,
    Instant updated) {

  /** A row of {@code _scheduler/docs}. */
  ObjectNode toJson() {
    Job running = job;
    ObjectNode row = JsonReply.object();
    row.put("database", Replicator.DATABASE.value()).put("doc_id", document);
    row.put("node", "nonode@nohost").putNull("source_proxy").putNull("target_proxy");
    if (running == null) {
      row.putNull("id").put("state", state).set("info", info == null ? row.nullNode() : info);
      row.put("error_count", state.equals("failed") ? 1 : 0);
      row.put("last_updated", Job.time(updated)).put("start_time", Job.time(updated));
      return row;
    }
    row.put("id", running.request.fullId()).put("state", running.state());
    row.put("source", ReplicationRequest.shown(running.request.source()));
    row.put("target", ReplicationRequest.shown(running.request.target()));
    row.set("info", running.info());
    row.put("error_count", running.replication.progress().attempts());
    row.put("last_updated", Job.time(updated)).put("start_time", Job.time(running.started));
    return row;
  }
}
