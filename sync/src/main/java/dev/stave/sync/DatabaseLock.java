package dev.stave.sync;

import dev.stave.database.Database;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * What is read from a database and then written to it, by replicas, jobs and people, is so by one
 * of them at a time: all of a database hold the same lock.
 */
final class DatabaseLock {

  private static final Map<Database, Object> LOCKS =
      Collections.synchronizedMap(new WeakHashMap<>());

  private DatabaseLock() {}

  static Object of(Database database) {
    return LOCKS.computeIfAbsent(database, each -> new Object());
  }
}
