package dev.stave.fieldnotes.data;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.revision.RevisionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was deleted, so that it can be brought back.
 *
 * @param notes what each of them said last, by id
 */
public record Deleted(Map<String, RevisionId> notes) {

  public Deleted {
    notes = Map.copyOf(notes);
  }

  /** Deletes these, all or none. What is not there is left out. */
  static Deleted of(List<String> ids, Database database, String author) {
    return database.transact(
        transaction -> {
          transaction.author(author);
          Map<String, RevisionId> last = new TreeMap<>();
          for (String id : ids) {
            Optional<Document> now = transaction.get(id);
            for (; now.isPresent(); now = transaction.get(id)) { // each side of a conflict
              last.putIfAbsent(id, now.get().revision());
              transaction.delete(id, now.get().revision());
            }
          }
          return new Deleted(last);
        });
  }

  /**
   * Makes them what they said last, all or none, but for those that are not deleted any more; says
   * how many.
   *
   * @throws IllegalStateException if what one said is not kept
   */
  int undo(Database database, String author) {
    List<Document> last = new ArrayList<>();
    notes.forEach((id, revision) -> last.add(version(database, id, revision)));
    return database.transact(
        transaction -> {
          transaction.author(author);
          int count = 0;
          for (Document each : last) {
            if (!transaction.get(each.id()).isPresent()) {
              transaction.put(each.id(), each.body(), each.attachments());
              count++;
            }
          }
          return count;
        });
  }

  private static Document version(Database database, String id, RevisionId revision) {
    return database
        .get(id, revision)
        .orElseThrow(() -> new IllegalStateException("what it said is not kept: " + id));
  }
}
