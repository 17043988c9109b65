package dev.stave.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.SentRevision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The revisions that one replication could not give to its target, since that refuses them. They
 * hold up nothing else, and are kept in the database until the target takes them or something that
 * grew from them, or somebody discards them. Any thread may call any method.
 */
public final class DeadLetters {

  /** The server keeps ids that begin so to itself. */
  private static final String PREFIX = "stave.dead-letter.";

  private final Database database;
  private final String prefix;
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  private long count = -1; // of all that are kept; not counted yet

  DeadLetters(Database database, String replication) {
    this.database = database;
    this.prefix = PREFIX + replication + ".";
  }

  boolean areOf(String replication) {
    return prefix.equals(PREFIX + replication + ".");
  }

  /** Those that are not discarded, in no order. */
  public List<DeadLetter> list() {
    return all(letter -> letter.state() != DeadLetter.State.DISCARDED);
  }

  /** Those that were given up: the record of it. */
  public List<DeadLetter> discarded() {
    return all(letter -> letter.state() == DeadLetter.State.DISCARDED);
  }

  /** The one of this revision, discarded or not. */
  public Optional<DeadLetter> find(String document, RevisionId revision) {
    return database.getLocal(id(document, revision)).map(json -> letter(json.sharedTree()));
  }

  private List<DeadLetter> all(Predicate<DeadLetter> which) {
    return scan(prefix, which);
  }

  private List<DeadLetter> scan(String ids, Predicate<DeadLetter> which) {
    List<DeadLetter> letters = new ArrayList<>();
    database.forEachLocal(
        new IdRange(ids, ids + Character.MAX_VALUE, false),
        (id, json) -> {
          DeadLetter letter = letter(json.sharedTree());
          if (which.test(letter)) {
            letters.add(letter);
          }
          return true;
        });
    return letters;
  }

  /** Calls {@code watcher} after each change, on the thread that made it, until it is closed. */
  public AutoCloseable watch(Runnable watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  /** Has it sent again by the next run: also if it was discarded before. Wake the replication. */
  public void retry(DeadLetter letter) {
    change(letter, DeadLetter.State.TO_BE_SENT, null);
  }

  /** Has all that are open sent again. */
  public void retryAll() {
    all(letter -> letter.state() == DeadLetter.State.OPEN).forEach(this::retry);
  }

  /**
   * Gives it up: the target will never have this revision. It stays on record.
   *
   * @param why for people who look at the record
   */
  public void discard(DeadLetter letter, String why) {
    change(letter, DeadLetter.State.DISCARDED, why);
  }

  private void change(DeadLetter letter, DeadLetter.State state, @Nullable String why) {
    synchronized (this) {
      Optional<DeadLetter> known = find(letter.document(), letter.revision());
      if (!known.isPresent()) {
        return; // it has arrived meanwhile
      }
      DeadLetter now = known.get();
      put(
          new WriteBatch(),
          new DeadLetter(
              now.document(),
              now.revision(),
              now.reason(),
              now.attempts(),
              now.first(),
              now.last(),
              state,
              why));
    }
    changed();
  }

  /** Those that are to be sent again. */
  List<DeadLetter> toBeSent() {
    return isAny() ? all(letter -> letter.state() == DeadLetter.State.TO_BE_SENT) : List.of();
  }

  /** The target has it, whoever brought it. */
  void arrived(DeadLetter letter) {
    synchronized (this) {
      database.putLocal(id(letter.document(), letter.revision()), null);
      count = -1;
    }
    changed();
  }

  /** It was not sent, since the source has it no more. */
  void reopen(DeadLetter letter) {
    change(letter, DeadLetter.State.OPEN, null);
  }

  synchronized boolean isAny() {
    if (count < 0) {
      count = all(letter -> true).size();
    }
    return count > 0;
  }

  /** Takes note of what became of revisions that were sent. */
  void record(Collection<SentRevision> sent, Collection<GraftResult> results, long millis) {
    WriteBatch batch = new WriteBatch();
    synchronized (this) {
      for (GraftResult result : results) {
        if (result instanceof GraftResult.Refused refused) {
          add(batch, refused, Instant.ofEpochMilli(millis));
        }
      }
      if (isAny()) {
        sent.forEach(each -> removeArrived(batch, each, results));
      }
      if (batch.size() == 0) {
        return;
      }
      database.write(batch);
      count = -1;
    }
    changed();
  }

  private void add(WriteBatch batch, GraftResult.Refused refused, Instant now) {
    Optional<DeadLetter> known = find(refused.id(), refused.revision());
    DeadLetter letter =
        new DeadLetter(
            refused.id(),
            refused.revision(),
            refused.reason(),
            known.map(DeadLetter::attempts).orElse(0) + 1,
            known.map(DeadLetter::first).orElse(now),
            now,
            known.map(DeadLetter::discarded).isPresent()
                ? DeadLetter.State.DISCARDED
                : DeadLetter.State.OPEN,
            known.map(DeadLetter::discarded).orElse(null));
    batch.putLocal(id(letter.document(), letter.revision()), json(letter));
  }

  /** What the target has, or has something of that grew from it. */
  private void removeArrived(WriteBatch batch, SentRevision sent, Collection<GraftResult> results) {
    boolean arrived = results.contains(new GraftResult.Taken(sent.id(), sent.revision()));
    if (arrived) {
      for (DeadLetter letter : scan(prefix + Hashes.of(sent.id()) + ".", any -> true)) {
        if (letter.document().equals(sent.id()) && sent.path().ids().contains(letter.revision())) {
          batch.putLocal(id(letter.document(), letter.revision()), null);
        }
      }
    }
  }

  private void put(WriteBatch batch, DeadLetter letter) {
    database.write(batch.putLocal(id(letter.document(), letter.revision()), json(letter)));
  }

  private void changed() {
    watchers.forEach(Runnable::run);
  }

  private String id(String document, RevisionId revision) {
    return prefix + Hashes.of(document) + "." + Hashes.of(revision.toString());
  }

  private static JsonObject json(DeadLetter letter) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("document", letter.document()).put("revision", letter.revision().toString());
    json.put("reason", letter.reason()).put("attempts", letter.attempts());
    json.put("first", letter.first().toString()).put("last", letter.last().toString());
    json.put("state", letter.state().name());
    if (letter.discarded() != null) {
      json.put("discarded", letter.discarded());
    }
    return JsonObject.of(json);
  }

  private static DeadLetter letter(JsonNode json) {
    return new DeadLetter(
        json.path("document").asText(),
        RevisionId.parse(json.path("revision").asText()),
        json.path("reason").asText(),
        json.path("attempts").asInt(),
        Instant.parse(json.path("first").asText()),
        Instant.parse(json.path("last").asText()),
        DeadLetter.State.valueOf(json.path("state").asText()),
        json.path("discarded").textValue());
  }
}
