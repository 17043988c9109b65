package dev.stave.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.json.JsonObject;
import dev.stave.sync.peer.Peer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far one peer has been copied to another: the same document on both sides, as CouchDB writes
 * it. Each side may be set back by a backup, or begin anew, so only what both say counts. Whoever
 * runs the replication, on whichever side, finds it.
 */
final class Checkpoints {

  private static final int VERSION = 4;
  private static final int HISTORY = 50;
  private static final int LONGEST_NUMBER = 18;

  private static final String SESSION = "session_id";
  private static final String SEQUENCE = "source_last_seq";
  private static final String RECORDED = "recorded_seq";

  private final Peer source;
  private final Peer target;
  private final Workers workers;
  private final String id;
  private final String session;
  private final String began;
  private final ArrayNode history = JsonNodeFactory.instance.arrayNode(); // of earlier sessions
  private @Nullable String beganAt;

  Checkpoints(Peer source, Peer target, String id, Workers workers) {
    this.source = source;
    this.target = target;
    this.workers = workers;
    this.id = id;
    this.began = time();
    this.session = hex(workers.random(Long.MAX_VALUE)) + hex(workers.random(Long.MAX_VALUE));
  }

  private static String hex(long number) {
    String digits = Long.toHexString(number);
    return "0000000000000000".substring(digits.length()) + digits;
  }

  private String time() {
    Instant now = Instant.ofEpochMilli(workers.millis());
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC));
  }

  /** What names the replication of {@code scope} between these two: no password is in it. */
  static String idOf(Peer source, Peer target, JsonNode scope) {
    ArrayNode named = JsonNodeFactory.instance.arrayNode();
    named.add(VERSION).add(source.identity()).add(target.identity()).add(scope);
    return "stave-" + Hashes.of(named.toString());
  }

  /** The source sequence below which all is on the target. */
  String latest() {
    Optional<JsonObject> ofTarget = target.getLocal(id);
    Optional<JsonObject> ofSource = source.getLocal(id);
    String agreed = Peer.BEGINNING;
    history.removeAll();
    if (ofTarget.isPresent() && ofSource.isPresent()) {
      JsonNode one = ofSource.get().sharedTree();
      JsonNode other = ofTarget.get().sharedTree();
      agreed = agreed(one, other);
      for (JsonNode entry : one.path("history")) {
        if (!entry.path(SESSION).asText().equals(session)) {
          history.add(entry);
        }
      }
    }
    beganAt = agreed;
    return agreed;
  }

  /** The newest session that both know, and of two words on it the one that is not too late. */
  private static String agreed(JsonNode one, JsonNode other) {
    if (isSame(one, other)) {
      Optional<String> sequence = earlier(one.path(SEQUENCE), other.path(SEQUENCE));
      if (sequence.isPresent()) {
        return sequence.get();
      }
    }
    for (JsonNode mine : one.path("history")) {
      for (JsonNode theirs : other.path("history")) {
        if (isSame(mine, theirs)) {
          Optional<String> sequence = earlier(mine.path(RECORDED), theirs.path(RECORDED));
          if (sequence.isPresent()) {
            return sequence.get();
          }
        }
      }
    }
    return Peer.BEGINNING;
  }

  private static boolean isSame(JsonNode one, JsonNode other) {
    String session = one.path(SESSION).asText("");
    return !session.isEmpty() && session.equals(other.path(SESSION).asText());
  }

  /** Empty if that cannot be told: sequences of other databases have no order that we know. */
  private static Optional<String> earlier(JsonNode one, JsonNode other) {
    if (one.isIntegralNumber() && other.isIntegralNumber()) {
      return Optional.of(Long.toString(Math.min(one.longValue(), other.longValue())));
    }
    boolean isText = one.isTextual() && !one.textValue().isEmpty(); // else it is none of ours
    return isText && one.equals(other) ? Optional.of(one.textValue()) : Optional.empty();
  }

  /** What a run has done so far. */
  record Counts(long checked, long missing, long read, long written, long refused) {}

  /** Of what is durable at the target, whose is written first: a crash between the two repeats. */
  void record(String sequence, Counts counts) {
    ObjectNode checkpoint = JsonNodeFactory.instance.objectNode();
    checkpoint.put(SESSION, session);
    checkpoint.set(SEQUENCE, json(sequence));
    checkpoint.put("replication_id_version", VERSION);
    ArrayNode all = checkpoint.putArray("history");
    ObjectNode entry = all.addObject();
    entry.put(SESSION, session).put("start_time", began).put("end_time", time());
    entry.set("start_last_seq", json(beganAt == null ? Peer.BEGINNING : beganAt));
    entry.set("end_last_seq", json(sequence));
    entry.set(RECORDED, json(sequence));
    entry.put("missing_checked", counts.checked()).put("missing_found", counts.missing());
    entry.put("docs_read", counts.read()).put("docs_written", counts.written());
    entry.put("doc_write_failures", counts.refused());
    for (int i = 0; i < history.size() && all.size() < HISTORY; i++) {
      all.add(history.get(i));
    }
    JsonObject body = JsonObject.of(checkpoint);
    target.putLocal(id, body);
    source.putLocal(id, body);
  }

  /** A number if it is one. */
  static JsonNode json(String sequence) {
    boolean isNumber =
        !sequence.isEmpty()
            && sequence.length() <= LONGEST_NUMBER
            && sequence.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber
        ? JsonNodeFactory.instance.numberNode(Long.parseLong(sequence))
        : TextNode.valueOf(sequence);
  }
}
