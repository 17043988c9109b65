package dev.stave.database;

import dev.stave.database.DocumentRows.State;
import dev.stave.revision.Retention;
import dev.stave.revision.RevisionTree;
import dev.stave.storage.StorageSnapshot;
import java.util.Iterator;

/** Forgets what is not to be kept of the histories of documents that nobody writes any more. */
final class Trimming {

  private static final int BATCH = 500;

  private Trimming() {}

  static void run(Database database, Retention retention) {
    WriteBatch batch = new WriteBatch();
    try (View view = database.view()) {
      long[] pins = view.pins().sequences();
      Iterator<StorageSnapshot.Row> headers =
          view.rows().scan(DocumentRows.headerKey(""), DocumentRows.afterHeaders());
      while (headers.hasNext()) {
        String id = DocumentRows.idOfHeader(headers.next().key());
        State state = view.state(id);
        RevisionTree tree = state.tree();
        if (!tree.retain(tree, retention, pins).equals(tree)) {
          batch.add(new Edit.Trim(id)); // asks again, when its turn comes
        }
        if (batch.size() == BATCH) {
          database.write(batch);
          batch = new WriteBatch();
        }
      }
    }
    database.write(batch);
  }
}
