package dev.stave.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.sync.peer.Greeting;
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
 *
 * <p>Whoever finds it may not know what the target refused of that, since it is kept where the
 * session ran. So where a session of somebody else had refusals, or did not say, since the newest
 * of one's own, one's own counts. Between two servers nobody keeps it: what was refused is offered
 * anew by the next session.
 */
final class Checkpoints {

  private static final int VERSION = 4;
  private static final int HISTORY = 50;
  private static final int LONGEST_NUMBER = 18;

  private static final String SESSION = "session_id";
  private static final String SEQUENCE = "source_last_seq";
  private static final String BEGAN = "start_last_seq";
  private static final String RECORDED = "recorded_seq";
  private static final String REFUSED = "doc_write_failures";

  /** Stave's own: the UUID of the database that keeps what was refused. */
  private static final String KEPT_BY = "failures_kept_by";

  private final Peer source;
  private final Peer target;
  private final Workers workers;
  private final String id;
  private final String session;
  private final @Nullable String keeper;
  private final String began;
  private final ArrayNode history = JsonNodeFactory.instance.arrayNode(); // of earlier sessions
  private @Nullable String beganAt;

  /** Of a replication of which nobody keeps what is refused. */
  Checkpoints(Peer source, Peer target, String id, Workers workers) {
    this(source, target, id, workers, null);
  }

  /**
   * @param home keeps what is refused; null if nobody does
   */
  Checkpoints(Peer source, Peer target, String id, Workers workers, @Nullable Database home) {
    this.source = source;
    this.target = target;
    this.workers = workers;
    this.keeper = home == null ? null : home.uuid();
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
    return idOf(source, target, scope, null);
  }

  /**
   * As {@link #idOf(Peer, Peer, JsonNode)}.
   *
   * @param since where it is to begin, whatever is known: it says nothing of what was before, so
   *     that what it writes down is for another one that begins there only
   */
  static String idOf(Peer source, Peer target, JsonNode scope, @Nullable String since) {
    ArrayNode named = JsonNodeFactory.instance.arrayNode();
    named.add(VERSION).add(source.identity()).add(target.identity()).add(scope);
    if (since != null) {
      named.add(since);
    }
    return "stave-" + Hashes.of(named.toString());
  }

  /** What a source in this process has written down of a replication, and can stand for. */
  static String saidBy(Database source, String id) {
    return source
        .getLocal(id)
        .map(JsonObject::sharedTree)
        .filter(json -> json.path(SEQUENCE).isIntegralNumber())
        .map(json -> new Agreed(json.path("history"), 0, json.path(SEQUENCE)))
        .map(agreed -> agreed.asKnownTo(source.uuid()))
        .orElse(Peer.BEGINNING);
  }

  /** As {@link #latest(Optional, Optional)}, of peers that have said nothing. */
  String latest() {
    return latest(Optional.empty(), Optional.empty());
  }

  /**
   * The source sequence below which all is on the target.
   *
   * @param ofSource how the source has said that it stands, with the document of this replication
   */
  String latest(Optional<Greeting.State> ofSource, Optional<Greeting.State> ofTarget) {
    Optional<JsonObject> atTarget =
        ofTarget.isPresent() ? ofTarget.get().checkpoint() : target.getLocal(id);
    Optional<JsonObject> atSource =
        ofSource.isPresent() ? ofSource.get().checkpoint() : source.getLocal(id);
    String known = Peer.BEGINNING;
    history.removeAll();
    if (atTarget.isPresent() && atSource.isPresent()) {
      JsonNode one = atSource.get().sharedTree();
      known =
          agreed(one, atTarget.get().sharedTree())
              .map(it -> keeper == null ? it.beforeRefusals(session) : it.asKnownTo(keeper))
              .orElse(known);
      for (JsonNode entry : one.path("history")) {
        if (!entry.path(SESSION).asText().equals(session)) {
          history.add(entry);
        }
      }
    }
    JsonNode began = json(beganAt == null ? known : beganAt); // of the whole session
    beganAt = earlier(began, json(known)).orElse(began.asText());
    return known;
  }

  /**
   * What both sides say.
   *
   * @param history sessions of the source, newest first
   * @param place the session in it that both know
   */
  private record Agreed(JsonNode history, int place, JsonNode sequence) {

    /** What of it {@code keeper} knows the refusals of. */
    String asKnownTo(String keeper) {
      boolean isRefused = false;
      for (int i = place; i < history.size(); i++) {
        JsonNode entry = history.get(i);
        if (entry.path(KEPT_BY).asText().equals(keeper)) {
          return isRefused
              ? earlier(entry.path(RECORDED), sequence).orElse(Peer.BEGINNING)
              : sequence.asText();
        }
        isRefused |= entry.path(REFUSED).asLong(1) > 0;
      }
      boolean mayBeMore = history.size() >= HISTORY;
      return isRefused || mayBeMore ? Peer.BEGINNING : sequence.asText();
    }

    /**
     * Where to begin to come by all that was refused and not offered again by a later session,
     * since it is on nobody's list. Sequences that are no numbers have no order that we know: of
     * those it is the newest session that counts.
     */
    String beforeRefusals(String session) {
      boolean areNumbers = sequence.isIntegralNumber();
      JsonNode from = sequence;
      long offeredSince = sequence.asLong();
      for (int i = place; i < history.size() && (areNumbers || i == place); i++) {
        JsonNode entry = history.get(i);
        JsonNode began = entry.path(BEGAN);
        boolean isOffered = areNumbers && began.asLong() >= offeredSince;
        boolean isOwn = entry.path(SESSION).asText().equals(session);
        if (entry.path(REFUSED).asLong() > 0 && !isOffered && !isOwn) {
          from = began;
        }
        offeredSince = Math.min(offeredSince, began.asLong());
      }
      return from.asText(Peer.BEGINNING);
    }
  }

  /** The newest session that both know, and of two words on it the one that is not too late. */
  private static Optional<Agreed> agreed(JsonNode one, JsonNode other) {
    JsonNode history = one.path("history");
    if (isSame(one, other)) {
      Optional<String> sequence = earlier(one.path(SEQUENCE), other.path(SEQUENCE));
      if (sequence.isPresent()) {
        return sequence.map(known -> new Agreed(history, 0, json(known)));
      }
    }
    for (int i = 0; i < history.size(); i++) {
      for (JsonNode theirs : other.path("history")) {
        if (isSame(history.get(i), theirs)) {
          Optional<String> sequence = earlier(history.get(i).path(RECORDED), theirs.path(RECORDED));
          if (sequence.isPresent()) {
            int place = i;
            return sequence.map(known -> new Agreed(history, place, json(known)));
          }
        }
      }
    }
    return Optional.empty();
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
    entry.set(BEGAN, json(beganAt == null ? Peer.BEGINNING : beganAt));
    entry.set("end_last_seq", json(sequence));
    entry.set(RECORDED, json(sequence));
    entry.put("missing_checked", counts.checked()).put("missing_found", counts.missing());
    entry.put("docs_read", counts.read()).put("docs_written", counts.written());
    entry.put(REFUSED, counts.refused());
    if (keeper != null) {
      entry.put(KEPT_BY, keeper);
    }
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
