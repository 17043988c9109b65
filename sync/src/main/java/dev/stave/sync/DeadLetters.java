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
 * The revisions that a replication could not give to its target, since that refuses them. They hold
 * up nothing else, and are kept in the database until the target takes them or something that grew
 * from them, or somebody discards them. Any thread may call any method.
 */
public final class DeadLetters {

  /** The server keeps ids that begin so to itself. */
  private static final String PREFIX = "stave.dead-letter.";

  private final Database database;
  private final Object lock;
  private final String replication; // empty for those of all
  private final String peer;
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();

  /**
   * @param peer the name of who refuses them
   */
  DeadLetters(Database database, String replication, String peer) {
    this.database = database;
    this.lock = DatabaseLock.of(database);
    this.replication = replication;
    this.peer = peer;
  }

  /**
   * Those of all replications that keep theirs in {@code database}: of those that run here, and of
   * what ran before. Who watches these is told of what is changed by these.
   */
  public static DeadLetters of(Database database) {
    return new DeadLetters(database, "", "");
  }

  boolean areOf(String other) {
    return replication.equals(other);
  }

  /** Those that are not discarded, in no order. */
  public List<DeadLetter> list() {
    return all(DeadLetters::isNotDiscarded);
  }

  private static boolean isNotDiscarded(DeadLetter letter) {
    return letter.state() != DeadLetter.State.DISCARDED;
  }

  /** Those that were given up: the record of it. */
  public List<DeadLetter> discarded() {
    return all(letter -> letter.state() == DeadLetter.State.DISCARDED);
  }

  /** The one of this revision, discarded or not; of several replications', any. */
  public Optional<DeadLetter> find(String document, RevisionId revision) {
    return replication.isEmpty()
        ? all(each -> isOf(each, document, revision)).stream().findFirst()
        : read(id(replication, document, revision));
  }

  private static boolean isOf(DeadLetter letter, String document, RevisionId revision) {
    return letter.document().equals(document) && letter.revision().equals(revision);
  }

  private Optional<DeadLetter> read(String id) {
    return database.getLocal(id).map(json -> letter(json.sharedTree()));
  }

  private List<DeadLetter> all(Predicate<DeadLetter> which) {
    return scan(allPrefix(), which);
  }

  private String allPrefix() {
    return replication.isEmpty() ? PREFIX : PREFIX + replication + ".";
  }

  private static IdRange range(String prefix) {
    return new IdRange(prefix, prefix + Character.MAX_VALUE, false);
  }

  private List<DeadLetter> scan(String ids, Predicate<DeadLetter> which) {
    List<DeadLetter> letters = new ArrayList<>();
    database.forEachLocal(
        range(ids),
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

  /**
   * Has it sent again by the next run: also if it was discarded before. {@link Replication#hint}
   * begins one. What the source has no more by then is discarded.
   */
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
    synchronized (lock) {
      Optional<DeadLetter> known = read(id(letter));
      if (!known.isPresent()) {
        return; // it has arrived meanwhile
      }
      database.putLocal(id(letter), json(known.get().in(state, why)));
    }
    changed();
  }

  /** Those that are to be sent again. */
  List<DeadLetter> toBeSent() {
    return isAny()
        ? all(letter -> letter.state() == DeadLetter.State.TO_BE_SENT)
        : new ArrayList<>();
  }

  /** The target has it, whoever brought it. */
  void arrived(DeadLetter letter) {
    synchronized (lock) {
      database.putLocal(id(letter), null);
    }
    changed();
  }

  /** Whether there are any, discarded ones too. Others may write some at any time. */
  boolean isAny() {
    boolean[] isAny = {false};
    database.forEachLocal(
        range(allPrefix()),
        (id, json) -> {
          isAny[0] = true;
          return false;
        });
    return isAny[0];
  }

  /** Takes note of what became of revisions that were sent. */
  void record(Collection<SentRevision> sent, Collection<GraftResult> results, long millis) {
    WriteBatch batch = new WriteBatch();
    synchronized (lock) {
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
    }
    changed();
  }

  private void add(WriteBatch batch, GraftResult.Refused refused, Instant now) {
    Optional<DeadLetter> known = read(id(replication, refused.id(), refused.revision()));
    DeadLetter letter =
        new DeadLetter(
            replication,
            peer,
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
    batch.putLocal(id(letter), json(letter));
  }

  /** What the target has, or has something of that grew from it. */
  private void removeArrived(WriteBatch batch, SentRevision sent, Collection<GraftResult> results) {
    boolean arrived = results.contains(new GraftResult.Taken(sent.id(), sent.revision()));
    if (arrived) {
      for (DeadLetter letter : scan(prefix(replication, sent.id()), DeadLetters::isNotDiscarded)) {
        if (letter.document().equals(sent.id()) && sent.path().ids().contains(letter.revision())) {
          batch.putLocal(id(letter), null);
        }
      }
    }
  }

  private void changed() {
    watchers.forEach(Runnable::run);
  }

  private static String id(DeadLetter letter) {
    return id(letter.replication(), letter.document(), letter.revision());
  }

  private static String id(String replication, String document, RevisionId revision) {
    return prefix(replication, document) + Hashes.of(revision.toString());
  }

  private static String prefix(String replication, String document) {
    return PREFIX + replication + "." + Hashes.of(document) + ".";
  }

  private static JsonObject json(DeadLetter letter) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("replication", letter.replication()).put("peer", letter.peer());
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
        json.path("replication").asText(),
        json.path("peer").asText(),
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
