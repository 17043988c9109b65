package dev.stave.server.graphql.live;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.document.Document;
import org.jspecify.annotations.Nullable;

/** A change, as it is told. */
public record DocumentChange(Database database, Change change) {

  /** The document as it is now; null if it is deleted. */
  public @Nullable Document document() {
    return database.get(change.id()).orElse(null);
  }
}
