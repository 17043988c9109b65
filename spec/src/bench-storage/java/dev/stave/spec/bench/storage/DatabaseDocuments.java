package dev.stave.spec.bench.storage;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Documents in a Stave database: ids, revisions, index and all. Its committer groups writers. */
final class DatabaseDocuments implements DocumentStore {

  private static final int WARM_UP = 50_000;

  private final Database database;

  DatabaseDocuments(Path folder) {
    try (Database throwAway = Database.inMemory()) {
      for (int number = 0; number < WARM_UP; number++) {
        put(throwAway, number); // compiles the code, which thousands of syncs would take minutes to
      }
    }
    this.database = Database.open(folder);
  }

  @Override
  public void put(long number) {
    put(database, number);
  }

  private static void put(Database database, long number) {
    byte[] json = Rows.smallJson(number).getBytes(StandardCharsets.UTF_8);
    database.put(Rows.id(number), JsonObject.parse(json));
  }

  @Override
  public void close() {
    database.close();
  }
}
