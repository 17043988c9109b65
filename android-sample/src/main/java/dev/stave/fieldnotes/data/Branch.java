package dev.stave.fieldnotes.data;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.revision.Provenance;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a version of a note beside what the note says, as if it came from another device. */
final class Branch {

  private Branch() {}

  /**
   * Adds to {@code batch} what makes {@code parent} into {@code version}, of which body and photos
   * count.
   *
   * @param parent a revision, whether others were made of it or not; it may be forgotten
   * @param told who made it, as far as it is known
   */
  static void add(
      WriteBatch batch,
      Database database,
      Document version,
      RevisionId parent,
      Optional<Provenance> told) {
    RevisionId made =
        RevisionId.of(
            parent, false, version.body().sharedTree(), Attachment.identity(version.attachments()));
    List<RevisionId> path = new ArrayList<>(List.of(made));
    for (Revision each : database.tree(version.id()).path(parent)) {
      path.add(each.id());
    }
    if (path.size() == 1) {
      path.add(parent); // forgotten, with all before it
    }
    batch.graft(
        version.id(),
        new RevisionPath(path, false),
        version.body(),
        version.attachments(),
        told.map(by -> Map.of(made, by)).orElse(Map.of()));
  }
}
