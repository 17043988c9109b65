package dev.stave.server.replicator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.revision.RevisionId;
import dev.stave.server.exchange.JsonReply;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
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

  private static final Set<String> ENDED = Set.of("completed", "failed");

  /** What CouchDB writes into the document when its job has ended; nothing before. */
  Map<String, JsonNode> members() {
    if (job != null || !ENDED.contains(state)) {
      return Map.of();
    }
    ObjectNode members = JsonReply.object().put("_replication_state", state);
    members.put("_replication_state_time", Job.time(updated));
    if (info != null) {
      if (state.equals("failed")) {
        members.put("_replication_state_reason", info.path("error").asText());
      } else {
        members.set("_replication_stats", info);
      }
    }
    Map<String, JsonNode> all = new LinkedHashMap<>();
    members.fields().forEachRemaining(each -> all.put(each.getKey(), each.getValue()));
    return all;
  }

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
