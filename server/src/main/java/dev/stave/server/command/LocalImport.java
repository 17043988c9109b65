package dev.stave.server.command;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.database.WriteResult;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import java.nio.file.Path;
import java.util.List;

/** Imports into a data folder that this process has to itself. */
final class LocalImport implements ImportTarget {

  private final Databases databases;
  private final Database database;

  LocalImport(Path folder, String name) {
    DatabaseName checked = new DatabaseName(name);
    this.databases = Databases.open(folder);
    try {
      this.database = databases.create(checked).or(() -> databases.find(checked)).orElseThrow();
    } catch (RuntimeException e) {
      databases.close();
      throw e;
    }
  }

  /** Refuses a name or a folder that cannot be, and makes nothing. */
  static void check(Path folder, String name) {
    new DatabaseName(name);
    Databases.requireUsable(folder);
  }

  @Override
  public List<Result> write(List<ImportDocument> documents) {
    WriteBatch batch = new WriteBatch();
    documents.forEach(document -> batch.put(document.id(), document.body()));
    List<WriteResult> results = database.writeEach(batch);
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i) instanceof WriteResult.Refused refused) {
        throw new CommandException(
            "the database refused the document of line "
                + documents.get(i).line()
                + ": "
                + refused.problems());
      }
    }
    return results.stream()
        .map(result -> result instanceof WriteResult.Written ? Result.WRITTEN : Result.EXISTING)
        .toList();
  }

  @Override
  public void close() {
    databases.close();
  }
}
