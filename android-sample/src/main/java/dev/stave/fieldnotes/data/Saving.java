package dev.stave.fieldnotes.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.merge.MergePolicy;
import dev.stave.merge.MergeResult;
import dev.stave.merge.Side;
import dev.stave.merge.ThreeWayMerge;
import dev.stave.revision.Provenance;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

  FieldNotes.Saved save(Document seen, ObjectNode wanted) {
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
              }
              return merged.isClean();
            });
    if (isMerged) {
      return FieldNotes.Saved.DONE;
    }
    return beside(seen, seen.revision(), wanted);
  }

  /**
   * Adds an edit of {@code seen} beside what was written meanwhile, as if it had been made on
   * another device.
   *
   * @param read a version of the note: that with the edit's photos
   */
  FieldNotes.Saved beside(Document read, RevisionId seen, ObjectNode wanted) {
    JsonObject body = JsonObject.of(wanted);
    RevisionId edit =
        RevisionId.of(
            seen, false, body.sharedTree(), Attachment.identity(new TreeMap<>(read.attachments())));
    List<RevisionId> path = new ArrayList<>(List.of(edit));
    for (Revision each : database.tree(read.id()).path(seen)) {
      path.add(each.id());
    }
    if (path.size() == 1) {
      path.add(seen); // forgotten, with all before it
    }
    database.write(
        new WriteBatch()
            .graft(
                read.id(),
                new RevisionPath(path, false),
                body,
                read.attachments(),
                Map.of(edit, new Provenance(author, null, null))));
    return FieldNotes.Saved.CONFLICT;
  }
}
