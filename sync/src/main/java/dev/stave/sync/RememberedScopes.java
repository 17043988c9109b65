package dev.stave.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.sync.peer.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The scopes that a replica holds documents for, by peer, as local documents: so it knows after a
 * restart what is to go, and leaves alone what another peer's scope holds. Any thread may call any
 * method.
 */
final class RememberedScopes {

  /** The server keeps ids that begin so to itself. */
  private static final String PREFIX = "stave.scope.";

  private final Database replica;
  private final Object lock;

  RememberedScopes(Database replica) {
    this.replica = replica;
    this.lock = DatabaseLock.of(replica);
  }

  /** Adds to the scopes of {@code peer}. Returns all that something here is of. */
  Set<Scope> add(String peer, Collection<Scope> more) {
    synchronized (lock) {
      Set<Scope> all =
          replica.getLocal(id(peer)).map(RememberedScopes::scopes).orElseGet(LinkedHashSet::new);
      if (all.addAll(more)) {
        write(peer, all);
      }
      return all;
    }
  }

  /** Nothing is here of {@code gone} any more; of {@code now} there is, or will be. */
  void replace(String peer, Set<Scope> gone, Scope now) {
    synchronized (lock) {
      Set<Scope> all = add(peer, List.of());
      if (all.removeAll(gone) | all.add(now)) {
        write(peer, all);
      }
    }
  }

  /** What other peers' scopes hold. Of a filter function nothing is known: all of it. */
  List<Predicate<Document>> ofOthers(String peer) {
    List<Predicate<Document>> others = new ArrayList<>();
    replica.forEachLocal(
        all(),
        (id, remembered) -> {
          if (!remembered.sharedTree().path("peer").asText().equals(peer)) {
            scopes(remembered).forEach(each -> others.add(each.test().orElse(document -> true)));
          }
          return true;
        });
    return others;
  }

  void forgetAll() {
    synchronized (lock) {
      WriteBatch batch = new WriteBatch();
      replica.forEachLocal(all(), (id, remembered) -> batch.putLocal(id, null).size() > 0);
      if (batch.size() > 0) {
        replica.write(batch);
      }
    }
  }

  private static IdRange all() {
    return new IdRange(PREFIX, PREFIX + Character.MAX_VALUE, false);
  }

  private static String id(String peer) {
    return PREFIX + Hashes.of(peer);
  }

  private void write(String peer, Set<Scope> scopes) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode all = json.put("peer", peer).putArray("scopes");
    scopes.forEach(each -> all.add(each.toJson()));
    replica.putLocal(id(peer), JsonObject.of(json));
  }

  private static Set<Scope> scopes(JsonObject remembered) {
    Set<Scope> scopes = new LinkedHashSet<>();
    remembered.sharedTree().path("scopes").forEach(each -> scopes.add(Scope.of(each)));
    return scopes;
  }
}
