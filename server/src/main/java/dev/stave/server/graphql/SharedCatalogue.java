package dev.stave.server.graphql;

import dev.stave.database.Database;
import dev.stave.json.JsonPath;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue of a database by one path of the type, which all its GraphQLs in this process have
 * together: two that gave names by themselves would write over each other's records. It is read
 * when the first joins, and forgotten when the last has left. Any thread may call any method.
 */
final class SharedCatalogue {

  // neither it nor a catalogue holds the database: one that nobody has any more can go
  private static final Map<Database, Map<JsonPath, SharedCatalogue>> IN_USE = new WeakHashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Catalogue catalogue; // guarded by the lock
  private int users; // guarded by IN_USE

  private SharedCatalogue() {}

  /**
   * That of {@code database}, to be left again.
   *
   * @param fixed what every schema has
   * @throws IllegalArgumentException if a link of {@code options} has the name of a field
   */
  static SharedCatalogue join(Database database, GraphQLOptions options, SchemaParts fixed) {
    SharedCatalogue shared;
    synchronized (IN_USE) {
      shared =
          IN_USE
              .computeIfAbsent(database, key -> new HashMap<>())
              .computeIfAbsent(options.typePath(), key -> new SharedCatalogue());
      shared.users++;
    }
    shared.lock.lock();
    boolean isUsed = false;
    try {
      Catalogue known = shared.catalogue;
      if (known == null) {
        known = new Catalogue(database, options.typePath(), fixed::hasType, fixed::hasField);
        shared.catalogue = known;
      }
      known.use(options);
      isUsed = true;
      return shared;
    } finally {
      if (!isUsed) {
        shared.forget(database, options);
      }
      shared.lock.unlock();
    }
  }

  /** To be held by whoever uses the catalogue, or what was made of it. */
  ReentrantLock lock() {
    return lock;
  }

  /** For whoever holds the lock, and has not left. */
  Catalogue catalogue() {
    Catalogue known = catalogue;
    if (known == null) {
      throw new IllegalStateException("nobody has joined");
    }
    return known;
  }

  /** Takes back what {@link #join} did; it waits for whoever holds the lock. */
  void leave(Database database, GraphQLOptions options) {
    lock.lock();
    try {
      catalogue().leave(options);
      forget(database, options);
    } finally {
      lock.unlock();
    }
  }

  private void forget(Database database, GraphQLOptions options) {
    synchronized (IN_USE) {
      users--;
      Map<JsonPath, SharedCatalogue> ofDatabase = IN_USE.get(database);
      if (users == 0 && ofDatabase != null) {
        ofDatabase.remove(options.typePath());
        if (ofDatabase.isEmpty()) {
          IN_USE.remove(database);
        }
      }
    }
  }
}
