package dev.stave.fieldnotes.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.Transaction;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.merge.MergePolicy;
import dev.stave.merge.MergeResult;
import dev.stave.merge.Side;
import dev.stave.merge.ThreeWayMerge;
import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import java.util.List;
import java.util.Optional;

/**
 * Saves what somebody made of a version that they saw, whatever came in while they were typing.
 * What fits is merged, and what does not is kept beside it: nobody's words are lost.
 */
final class Saving {

  private final Database database;
  private final String author;

  Saving(Database database, String author) {
    this.database = database;
    this.author = author;
  }

  /**
   * Saves {@code wanted}, which was made of {@code seen}.
   *
   * @param moved notes that go to the region of this one with it, all or none
   */
  FieldNotes.Saved save(Document seen, ObjectNode wanted, List<String> moved) {
    boolean isMerged =
        database.transact(
            transaction -> {
              transaction.author(author);
              Document now = transaction.get(seen.id()).orElse(null);
              if (now == null) { // deleted meanwhile: what was typed brings it back
                transaction.put(seen.id(), JsonObject.of(wanted), seen.attachments());
                return true;
              }
              List<Side> sides = List.of(Side.of(now.body()), new Side(wanted, null, null));
              MergeResult merged =
                  ThreeWayMerge.merge(seen.body().sharedTree(), sides, MergePolicy.NONE);
              if (merged.isClean()) {
                JsonObject body = merged.body().orElseThrow(AssertionError::new);
                if (!body.equals(now.body())) { // else it is said already
                  transaction.put(seen.id(), now.revision(), body);
                }
                String region = body.sharedTree().path("region").asText();
                moved.forEach(id -> move(transaction, id, region));
              }
              return merged.isClean();
            });
    if (isMerged) {
      return FieldNotes.Saved.DONE;
    }
    return beside(seen, seen.revision(), wanted);
  }

  private static void move(Transaction transaction, String id, String region) {
    Document now = transaction.get(id).orElse(null);
    if (now != null && !now.body().sharedTree().path("region").asText().equals(region)) {
      transaction.put(id, now.revision(), JsonObject.of(now.body().tree().put("region", region)));
    }
  }

  /**
   * Adds an edit of {@code seen} beside what was written meanwhile, as if it had been made on
   * another device.
   *
   * @param read a version of the note: that with the edit's photos
   */
  FieldNotes.Saved beside(Document read, RevisionId seen, ObjectNode wanted) {
    Document edit = new Document(read.id(), seen, false, JsonObject.of(wanted), read.attachments());
    WriteBatch batch = new WriteBatch();
    Branch.add(batch, database, edit, seen, Optional.of(new Provenance(author, null, null)));
    database.write(batch);
    return FieldNotes.Saved.CONFLICT;
  }
}
