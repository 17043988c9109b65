package dev.stave.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.database.WriteBatch;
import dev.stave.database.WriteResult;
import dev.stave.json.JsonObject;
import dev.stave.review.MergeRequest;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a database that have left the scope of its replica and are kept all the same,
 * since the peer has not acknowledged all edits of them: open merge requests, which somebody {@link
 * #keep keeps} or {@link #discard discards}. They end by themselves when the peer has the edits, or
 * the document comes back into the scope. To see what the edits are: {@code
 * MergeRequests.of(database).preview(departure.request())}. Any thread may call any method.
 */
public final class Departures {

  /** The server keeps ids that begin so to itself. */
  private static final String OPEN = "stave.departure.open.";

  private static final String DISCARDED = "stave.departure.discarded.";

  /** Documents that were given up here: what the peer has of them in scope is to come again. */
  private static final String AGAIN = "stave.departure.again.";

  private final Database database;
  private final Object lock;
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  private final RememberedScopes scopes;
  private final boolean isPushed;
  private final boolean isPulled;
  private volatile int count; // when it was last counted

  /**
   * @param isPushed whether the replica sends what is new in it
   * @param isPulled whether it gets what is new at the peer, and so purges what has left
   */
  Departures(Database database, boolean isPushed, boolean isPulled) {
    this.database = database;
    this.lock = DatabaseLock.of(database);
    this.scopes = new RememberedScopes(database);
    this.isPushed = isPushed;
    this.isPulled = isPulled;
  }

  /** Those of {@code replica}, whoever it is in step with. */
  public static Departures of(Database replica) {
    return new Departures(replica, false, true);
  }

  /** For what the database has documents of its peers. */
  RememberedScopes scopes() {
    return scopes;
  }

  boolean isPushed() {
    return isPushed;
  }

  boolean isPulled() {
    return isPulled;
  }

  /** Those that are not settled, in no order. */
  public List<Departure> open() {
    List<Departure> open = new ArrayList<>();
    forEachOpen("", (peer, departure) -> open.add(departure));
    return open;
  }

  /** That of a document; empty if it has none that is not settled. */
  public Optional<Departure> of(String document) {
    return open().stream().filter(each -> each.document().equals(document)).findFirst();
  }

  /** Those that were given up: the record of it. */
  public List<Departure> discarded() {
    List<Departure> discarded = new ArrayList<>();
    scan(DISCARDED, json -> discarded.add(record(json)));
    return discarded;
  }

  /**
   * Has the peer get the edits, though they are out of scope: by the next push to it, of a replica
   * or another {@link Replication} from here, which {@link Replica#hint} begins. When the peer has
   * them the document is purged here by the next pull. If the peer refuses them they are a
   * {@linkplain DeadLetters dead letter}, and the departure is open again. A replica that only
   * pulls sends nothing.
   */
  public void keep(Departure departure) {
    setState(Departure.State.TO_BE_SENT, json -> isOf(json, departure));
  }

  /**
   * Gives the edits up: the document is purged here. It stays on record what was given up and why.
   *
   * @param departure as it was read and looked at
   * @param why for people who look at the record
   * @return whether it was as it was read: if not, nothing was done, since somebody has edited or
   *     settled it meanwhile. An edit that comes just while it is purged stays, and so does the
   *     departure: then this returns false too, and those of several leaves that were not edited
   *     are gone, and on record
   */
  public boolean discard(Departure departure, String why) {
    String id = departure.document();
    List<RevisionId> purged;
    boolean isGone;
    synchronized (lock) {
      boolean isCurrent =
          open().stream()
              .anyMatch(
                  now -> now.document().equals(id) && now.leaves().equals(departure.leaves()));
      if (!isCurrent) {
        return false;
      }
      // First what is to come again, since after a crash the document is gone, and its departure is
      // settled by that. To ask for it needlessly does no harm.
      database.write(toComeAgainFromAll(id));
      purged = purge(id, departure.leaves());
      isGone = database.tree(id).leaves().isEmpty();
      WriteBatch batch = new WriteBatch();
      if (!purged.isEmpty()) {
        String name = Hashes.of(id) + "." + Hashes.of(purged.toString());
        batch.putLocal(DISCARDED + name, json(departure, purged, why));
      }
      if (isGone) {
        forEachPeerOf(id, open -> batch.putLocal(openId(open.path("peer").asText(), id), null));
      }
      if (batch.size() > 0) {
        database.write(batch);
      }
    }
    changed();
    return isGone && new HashSet<>(purged).equals(new HashSet<>(departure.leaves()));
  }

  /** Returns those that were leaves still. */
  private List<RevisionId> purge(String id, List<RevisionId> leaves) {
    WriteResult result = database.write(new WriteBatch().purge(id, leaves)).get(0);
    return result instanceof WriteResult.Purged gone ? gone.revisions() : List.of();
  }

  private WriteBatch toComeAgainFromAll(String document) {
    WriteBatch batch = new WriteBatch();
    long now = database.lastSequence();
    forEachPeerOf(
        document,
        open -> {
          // With what has become of it here since, it is another note than that of an earlier time.
          JsonObject note = JsonObject.of(open.put("discarded_at", now));
          batch.putLocal(againId(open.path("peer").asText(), document), note);
        });
    return batch;
  }

  private void forEachPeerOf(String document, Visitor visitor) {
    scan(
        OPEN,
        json -> {
          if (json.path("document").asText().equals(document)) {
            visitor.take(json);
          }
        });
  }

  /** Calls {@code watcher} after each change, on the thread that made it, until it is closed. */
  public AutoCloseable watch(Runnable watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  // What a replication tells

  /** Whether there are any that somebody wants some peer to have. */
  boolean isAnyToBeSent() {
    boolean[] isAny = {false};
    scan(
        OPEN,
        json -> isAny[0] |= json.path("state").asText().equals(Departure.State.TO_BE_SENT.name()));
    return isAny[0];
  }

  /** Those that somebody wants {@code peer} to have. */
  List<Departure> toBeSent(String peer) {
    List<Departure> wanted = new ArrayList<>();
    forEachOpen(
        prefixOf(peer),
        (of, departure) -> {
          if (departure.state() == Departure.State.TO_BE_SENT) {
            wanted.add(departure);
          }
        });
    return wanted;
  }

  /**
   * They were sent to {@code peer}, and it has them or has refused them. What was edited meanwhile
   * is to be sent still.
   */
  void sent(String peer, List<Departure> departures) {
    setState(
        Departure.State.OPEN,
        json ->
            json.path("peer").asText().equals(peer)
                && departures.stream()
                    .filter(each -> isOf(json, each))
                    .anyMatch(each -> each.leaves().equals(leaves(each.document()))));
  }

  private static boolean isOf(JsonNode json, Departure departure) {
    return json.path("document").asText().equals(departure.document());
  }

  /**
   * Documents of which nothing is here any more, by somebody's wish, and that may be in scope: each
   * with the note of it, for {@link #cameAgain}. Nothing is being discarded meanwhile: of what is
   * here still, the peer would be asked for nothing.
   */
  Map<String, JsonObject> toComeAgain(String peer) {
    Map<String, JsonObject> notes = new LinkedHashMap<>();
    synchronized (lock) {
      scan(
          AGAIN + prefixOf(peer),
          json -> notes.put(json.path("document").asText(), JsonObject.of(json)));
    }
    return notes;
  }

  /** They came, as far as they are in scope. What was discarded once more meanwhile did not. */
  void cameAgain(String peer, Map<String, JsonObject> notes) {
    if (notes.isEmpty()) {
      return;
    }
    synchronized (lock) {
      WriteBatch batch = new WriteBatch();
      notes.forEach(
          (document, note) -> {
            String id = againId(peer, document);
            if (database.getLocal(id).equals(Optional.of(note))) {
              batch.putLocal(id, null);
            }
          });
      if (batch.size() > 0) {
        database.write(batch);
      }
    }
  }

  /** The documents of those that are open with {@code peer}, those that are gone here too. */
  List<String> documents(String peer) {
    List<String> documents = new ArrayList<>();
    scan(OPEN + prefixOf(peer), json -> documents.add(json.path("document").asText()));
    return documents;
  }

  /** The documents of those that are open with other peers. */
  Set<String> documentsOfOthers(String peer) {
    Set<String> documents = new HashSet<>();
    scan(
        OPEN,
        json -> {
          if (!json.path("peer").asText().equals(peer)) {
            documents.add(json.path("document").asText());
          }
        });
    return documents;
  }

  /**
   * A document has left, and the peer has not all of it. Nothing is noted of one that somebody has
   * discarded meanwhile.
   *
   * @param base the newest revision that the peer has of what it lacks; null if it has none
   * @param known leaves that the peer has
   */
  void add(
      String peer,
      String document,
      @Nullable RevisionId base,
      Collection<RevisionId> known,
      Instant now) {
    String id = openId(peer, document);
    synchronized (lock) {
      if (database.tree(document).leaves().isEmpty()) {
        return;
      }
      Optional<JsonObject> before = database.getLocal(id);
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("document", document).put("peer", peer);
      json.put("base", base == null ? null : base.toString());
      known.forEach(revision -> json.withArray("/known").add(revision.toString()));
      json.put("since", now.toString()).put("state", Departure.State.OPEN.name());
      before.ifPresent( // what somebody said of it holds
          old -> json.setAll((ObjectNode) old.tree().retain("since", "state")));
      JsonObject body = JsonObject.of(json);
      if (before.isPresent() && before.get().equals(body)) {
        return;
      }
      database.putLocal(id, body);
    }
    changed();
  }

  /** These are settled, if they were open, in one commit with {@code more}. */
  void settle(String peer, Collection<String> documents, WriteBatch more) {
    synchronized (lock) {
      for (String document : documents) {
        if (database.getLocal(openId(peer, document)).isPresent()) {
          more.putLocal(openId(peer, document), null);
        }
      }
      if (more.size() == 0) {
        return;
      }
      database.write(more);
    }
    changed();
  }

  /** How many are open, as of the last {@link #recount}: it asks the database nothing. */
  int count() {
    return count;
  }

  void recount() {
    count = open().size();
  }

  private void changed() {
    recount();
    watchers.forEach(Runnable::run);
  }

  private void setState(Departure.State state, Predicate<JsonNode> condition) {
    synchronized (lock) {
      WriteBatch batch = new WriteBatch();
      scan(
          OPEN,
          json -> {
            if (condition.test(json)) {
              ObjectNode now = json.deepCopy();
              now.put("state", state.name());
              String id = json.path("document").asText();
              batch.putLocal(openId(json.path("peer").asText(), id), JsonObject.of(now));
            }
          });
      if (batch.size() > 0) {
        database.write(batch);
      }
    }
    changed();
  }

  // How they are written down

  private static String prefixOf(String peer) {
    return Hashes.of(peer) + ".";
  }

  private static String openId(String peer, String document) {
    return OPEN + prefixOf(peer) + Hashes.of(document);
  }

  private static String againId(String peer, String document) {
    return AGAIN + prefixOf(peer) + Hashes.of(document);
  }

  private interface Visitor {
    void take(ObjectNode json);
  }

  private void scan(String ids, Visitor visitor) {
    List<ObjectNode> found = new ArrayList<>();
    database.forEachLocal(
        new IdRange(ids, ids + Character.MAX_VALUE, false), (id, json) -> found.add(json.tree()));
    found.forEach(visitor::take);
  }

  private void forEachOpen(String prefix, BiConsumer<String, Departure> visitor) {
    scan(
        OPEN + prefix,
        json -> {
          String document = json.path("document").asText();
          List<RevisionId> leaves = leaves(document);
          List<RevisionId> sides = new ArrayList<>(leaves);
          sides.removeAll(revisions(json.path("known")));
          if (!sides.isEmpty()) {
            visitor.accept(json.path("peer").asText(), departure(json, leaves, sides));
          }
        });
  }

  private List<RevisionId> leaves(String document) {
    return database.tree(document).leaves().stream().map(Revision::id).collect(Collectors.toList());
  }

  private static Departure departure(
      JsonNode json, List<RevisionId> leaves, List<RevisionId> sides) {
    String base = json.path("base").textValue();
    return new Departure(
        new MergeRequest(
            json.path("document").asText(),
            base == null ? null : RevisionId.parse(base),
            sides,
            MergeRequest.State.OPEN,
            null,
            Optional.empty()),
        leaves,
        Instant.parse(json.path("since").asText()),
        Departure.State.valueOf(json.path("state").asText()),
        json.path("discarded").textValue());
  }

  private static Departure record(JsonNode json) {
    return departure(json, revisions(json.path("leaves")), revisions(json.path("sides")));
  }

  private static JsonObject json(Departure discarded, List<RevisionId> purged, String why) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    RevisionId base = discarded.request().base();
    json.put("document", discarded.document()).put("base", base == null ? null : base.toString());
    add(json.putArray("leaves"), purged);
    List<RevisionId> sides = new ArrayList<>(discarded.request().sides());
    sides.retainAll(purged);
    add(json.putArray("sides"), sides);
    json.put("since", discarded.since().toString());
    json.put("state", Departure.State.DISCARDED.name()).put("discarded", why);
    return JsonObject.of(json);
  }

  private static void add(ArrayNode array, List<RevisionId> revisions) {
    revisions.forEach(revision -> array.add(revision.toString()));
  }

  private static List<RevisionId> revisions(JsonNode array) {
    List<RevisionId> revisions = new ArrayList<>();
    array.forEach(each -> revisions.add(RevisionId.parse(each.asText())));
    return revisions;
  }
}
