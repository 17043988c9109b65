package dev.stave.server.replicator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.MadeId;
import dev.stave.sync.Progress;
import dev.stave.sync.Replication;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A replication that the server runs, and what is told of it. */
final class Job {

  private static final DateTimeFormatter HTTP_TIME =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  final ReplicationRequest request;
  final @Nullable String document;
  final Replication replication;
  final Instant started = Instant.now();
  private final Peer source;
  private final Peer target;
  private final String session = MadeId.next();
  private volatile Instant updated = started;

  /**
   * @param document of {@code _replicator} that asks for it; null if none does
   */
  Job(ReplicationRequest request, @Nullable String document, Peer source, Peer target) {
    this.request = request;
    this.document = document;
    this.source = source;
    this.target = target;
    this.replication = Replication.of(source, target, request.options());
    replication.watch(progress -> updated = Instant.now());
  }

  /**
   * Has it look at once whether there is something to copy, if it is from or to {@code database}.
   */
  void hintIfWith(Database database) {
    if (is(source, database) || is(target, database)) {
      replication.hint();
    }
  }

  private static boolean is(Peer peer, Database database) {
    return peer instanceof LocalPeer local && local.database() == database;
  }

  /** Ends it, whatever it is about. */
  void stop() {
    replication.stop();
    breakOff();
  }

  /** Has what is in flight fail, if it is elsewhere. */
  void breakOff() {
    source.close();
    target.close();
  }

  /** CouchDB's word for what it is about. */
  String state() {
    return switch (replication.progress().state()) {
      case NEW -> "initializing";
      case RUNNING, IDLE -> "running";
      case RETRYING -> "crashing";
      case PAUSED -> "pending";
      case DONE -> "completed";
      case STOPPED, FAILED -> "failed";
    };
  }

  private static JsonNode sequence(String text) {
    boolean isNumber = text.length() < 19 && text.chars().allMatch(Character::isDigit);
    return isNumber
        ? JsonReply.object().numberNode(Long.parseLong(text))
        : JsonReply.object().textNode(text);
  }

  /** What it has done, as the scheduler tells it. */
  ObjectNode info() {
    Progress now = replication.progress();
    ObjectNode info = JsonReply.object();
    info.put("revisions_checked", now.changes()).put("missing_revisions_found", now.missing());
    info.put("docs_read", now.read()).put("docs_written", now.written());
    info.put("doc_write_failures", now.refused()).put("bulk_get_attempts", 0);
    info.put("changes_pending", now.pending() < 0 ? null : now.pending());
    info.set("checkpointed_source_seq", sequence(now.checkpoint()));
    info.set("source_seq", sequence(now.sequence()));
    info.set("through_seq", sequence(now.sequence()));
    if (now.error() != null) {
      info.put("error", now.error());
    }
    return info;
  }

  private ObjectNode described(ObjectNode json) {
    String database = document == null ? null : Replicator.DATABASE.value();
    json.put("database", database).put("doc_id", document);
    json.put("node", "nonode@nohost").put("pid", "<0." + Math.abs(hashCode()) + ".0>");
    json.put("source", ReplicationRequest.shown(request.source()));
    json.put("target", ReplicationRequest.shown(request.target()));
    return json.putNull("user");
  }

  /** A row of {@code _scheduler/jobs}. */
  ObjectNode toJob() {
    ObjectNode job = described(JsonReply.object().put("id", request.fullId()));
    job.set("info", info());
    job.put("start_time", time(started));
    Progress now = replication.progress();
    if (now.error() != null) {
      event(job, updated, "crashed").put("reason", now.error());
    }
    event(job, started, "started");
    event(job, started, "added");
    return job;
  }

  private static ObjectNode event(ObjectNode job, Instant at, String type) {
    return job.withArray("/history").addObject().put("timestamp", time(at)).put("type", type);
  }

  static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A row of {@code _active_tasks}. */
  ObjectNode toTask() {
    ObjectNode task = described(JsonReply.object().put("type", "replication"));
    task.put("replication_id", request.fullId());
    task.put("continuous", request.options().continuous());
    task.put("checkpoint_interval", request.options().checkpointMillis());
    task.setAll(info());
    task.put("started_on", started.getEpochSecond()).put("updated_on", updated.getEpochSecond());
    return task;
  }

  /** What {@code _replicate} answers when it is done. */
  ObjectNode toResult() {
    Progress now = replication.progress();
    ObjectNode result = JsonReply.okay();
    if (now.changes() == 0) {
      result.put("no_changes", true);
    }
    result.put("session_id", session);
    result.set("source_last_seq", sequence(now.sequence()));
    result.put("replication_id_version", 4);
    ObjectNode run = result.putArray("history").addObject();
    run.put("session_id", session).put("start_time", HTTP_TIME.format(started));
    run.put("end_time", HTTP_TIME.format(updated));
    run.set("end_last_seq", sequence(now.sequence()));
    run.set("recorded_seq", sequence(now.checkpoint()));
    run.put("missing_checked", now.changes()).put("missing_found", now.missing());
    run.put("docs_read", now.read()).put("docs_written", now.written());
    run.put("doc_write_failures", now.refused());
    return result;
  }
}
