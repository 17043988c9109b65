package dev.stave.spec.bench.query;

import dev.stave.policy.IndexPolicy;
import java.nio.file.Path;
import java.util.Set;

/** Who runs. Stave is measured against all others. */
enum Contender {
  STAVE("Stave"),
  NO_INDEX("Stave, nothing indexed"),
  STORAGE("Stave's storage, bare rows"),
  SQLITE("SQLite, 5 expressions"),
  SQLITE_PATHS("SQLite, table of paths"),
  ROCKSDB("RocksDB, paths by hand"),
  NITRITE("Nitrite, 5 paths"),
  ARCADEDB("ArcadeDB, 5 paths"),
  POSTGRESQL("PostgreSQL, GIN"),
  POSTGRESQL_PATHS("PostgreSQL, GIN of paths");

  private final String title;

  Contender(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  boolean runs(Job job) {
    return switch (job) {
      case BULK -> true;
      case QUERY -> this != STORAGE && this != NO_INDEX;
      // ArcadeDB 25.3.1's index forgets documents when others of the same value are updated.
      case UPDATE -> this != STORAGE && this != NO_INDEX && this != ARCADEDB;
      case CHURN -> Set.of(STAVE, ROCKSDB).contains(this);
      case CURVE -> this == STAVE;
    };
  }

  Engine open(Path folder) {
    return switch (this) {
      case STAVE -> new StaveEngine(folder, IndexPolicy.NONE);
      case NO_INDEX -> new StaveEngine(folder, IndexPolicy.NONE.exclude("*"));
      case STORAGE -> new StorageEngine(folder);
      case SQLITE -> new SqliteEngine(folder, false);
      case SQLITE_PATHS -> new SqliteEngine(folder, true);
      case ROCKSDB -> new RocksPathsEngine(folder);
      case NITRITE -> new NitriteEngine(folder);
      case ARCADEDB -> new ArcadeEngine(folder);
      case POSTGRESQL -> new PostgresEngine(folder, "jsonb_ops");
      case POSTGRESQL_PATHS -> new PostgresEngine(folder, "jsonb_path_ops");
    };
  }
}
