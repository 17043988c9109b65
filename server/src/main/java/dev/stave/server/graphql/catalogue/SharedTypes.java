package dev.stave.server.graphql.catalogue;

import dev.stave.database.Database;
import dev.stave.json.JsonPath;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The types of a database by one path of the type, which all its catalogues in this process have
 * together: two that gave names by themselves would write over each other's records. They are read
 * when the first joins, and forgotten when the last has left. Any thread may call any method.
 */
final class SharedTypes {

  // neither it nor the types hold the database: one that nobody has any more can go
  private static final Map<Database, Map<JsonPath, SharedTypes>> IN_USE = new WeakHashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable GivenTypes types; // guarded by the lock
  private int users; // guarded by IN_USE

  private SharedTypes() {}

  /**
   * Those of {@code database}, to be left again.
   *
   * @throws IllegalArgumentException if a name that {@code terms} keep is that of a field
   */
  static SharedTypes join(
      Database database,
      CatalogueTerms terms,
      Predicate<String> isTypeReserved,
      Predicate<String> isFieldReserved) {
    SharedTypes shared;
    synchronized (IN_USE) {
      shared =
          IN_USE
              .computeIfAbsent(database, key -> new HashMap<>())
              .computeIfAbsent(terms.typePath(), key -> new SharedTypes());
      shared.users++;
    }
    shared.lock.lock();
    boolean isUsed = false;
    try {
      GivenTypes known = shared.types;
      if (known == null) {
        known = new GivenTypes(database, terms.typePath(), isTypeReserved, isFieldReserved);
        shared.types = known;
      }
      known.use(terms);
      isUsed = true;
      return shared;
    } finally {
      if (!isUsed) {
        shared.forget(database, terms);
      }
      shared.lock.unlock();
    }
  }

  /** To be held by whoever uses the types, or what was made of them. */
  ReentrantLock lock() {
    return lock;
  }

  /** For whoever holds the lock, and has not left. */
  GivenTypes types() {
    GivenTypes known = types;
    if (known == null) {
      throw new IllegalStateException("nobody has joined");
    }
    return known;
  }

  /** Takes back what {@link #join} did; it waits for whoever holds the lock. */
  void leave(Database database, CatalogueTerms terms) {
    lock.lock();
    try {
      types().leave(terms);
      forget(database, terms);
    } finally {
      lock.unlock();
    }
  }

  private void forget(Database database, CatalogueTerms terms) {
    synchronized (IN_USE) {
      users--;
      Map<JsonPath, SharedTypes> ofDatabase = IN_USE.get(database);
      if (users == 0 && ofDatabase != null) {
        ofDatabase.remove(terms.typePath());
        if (ofDatabase.isEmpty()) {
          IN_USE.remove(database);
        }
      }
    }
  }
}
