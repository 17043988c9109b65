package dev.stave.fieldnotes.data;

import dev.stave.database.Database;
import dev.stave.database.StaleRevisionException;
import dev.stave.database.Transaction;
import dev.stave.database.WriteBatch;
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
public record Deleted(Map<String, List<Version>> notes) {

  /**
   * One version of a note: of several there was something to settle.
   *
   * @param last the revision that it was
   * @param deletion the revision that deleted it
   */
  public record Version(RevisionId last, RevisionId deletion) {}

  public Deleted {
    notes = Map.copyOf(notes);
  }

  /** Deletes these, all or none. What is not there is left out. */
  static Deleted of(List<String> ids, Database database, String author) {
    return database.transact(
        transaction -> {
          transaction.author(author);
          Map<String, List<Version>> deleted = new TreeMap<>();
          for (String id : ids) {
            List<Version> versions = delete(id, transaction);
            if (!versions.isEmpty()) {
              deleted.put(id, List.copyOf(versions));
            }
          }
          return new Deleted(deleted);
        });
  }

  /** Each version of a note: that of the winner alone would bring the next one to the front. */
  private static List<Version> delete(String id, Transaction transaction) {
    List<Version> deleted = new ArrayList<>();
    Optional<Document> now = transaction.get(id);
    for (; now.isPresent(); now = transaction.get(id)) {
      RevisionId last = now.get().revision();
      deleted.add(new Version(last, transaction.delete(id, last)));
    }
    return deleted;
  }

  /**
   * Makes them what they said last, all or none, but for those that are not deleted any more; says
   * how many. Where there was something to settle there is again: nobody has chosen.
   *
   * @throws IllegalStateException if what one said is not kept
   */
  int undo(Database database, String author) {
    while (true) {
      WriteBatch batch = new WriteBatch().author(author);
      int count = 0;
      for (Map.Entry<String, List<Version>> note : notes.entrySet()) {
        if (!database.get(note.getKey()).isPresent()) {
          undo(note.getKey(), note.getValue(), database, batch);
          count++;
        }
      }
      try {
        if (count > 0) {
          database.write(batch);
        }
        return count;
      } catch (StaleRevisionException e) {
        continue; // somebody brought one back just now, and it stays as it is
      }
    }
  }

  private static void undo(String id, List<Version> versions, Database database, WriteBatch batch) {
    if (versions.size() == 1) {
      Document last = version(database, id, versions.get(0).last());
      batch.put(id, null, last.body(), last.attachments());
      return;
    }
    for (Version each : versions) { // by whom it was made: that is who has to agree with whom
      Document last = version(database, id, each.last());
      Branch.add(
          batch,
          database,
          last,
          each.deletion(),
          database.inspect(id, inspection -> inspection.provenance(each.last())));
    }
  }

  private static Document version(Database database, String id, RevisionId revision) {
    return database
        .get(id, revision)
        .orElseThrow(() -> new IllegalStateException("what it said is not kept: " + id));
  }
}
