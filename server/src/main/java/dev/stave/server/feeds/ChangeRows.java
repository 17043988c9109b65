package dev.stave.server.feeds;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.server.documents.AttachmentMembers;
import dev.stave.server.documents.HistoryMembers;
import dev.stave.server.wire.OutgoingDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Changes as JSON, each with what was asked for. */
final class ChangeRows {

  private static final long MAX_TEXT_BYTES = 16 << 20;

  private final Database database;
  private final ChangesRequest asked;
  private final AttachmentMembers attachments;
  private long transaction; // of the row before

  ChangeRows(Database database, ChangesRequest asked) {
    this.database = database;
    this.asked = asked;
    this.attachments = AttachmentMembers.of(asked.members(), database);
  }

  /** As text that is held in memory: without the bytes of attachments that are too long for it. */
  String text(FeedRow row) {
    StringBuilder text = new StringBuilder(128);
    try {
      List<RevisionId> revisions = revisions(List.of(row)).get(0);
      write(row, revisions, attachments.upTo(MAX_TEXT_BYTES), text::append);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // of an attachment that cannot be decoded
    }
    return text.toString();
  }

  /** Writes some, a value each. */
  void write(List<FeedRow> rows, JsonGenerator out) throws IOException {
    Iterator<List<RevisionId>> revisions = revisions(rows).iterator();
    for (FeedRow row : rows) {
      write(row, revisions.next(), attachments, AttachmentMembers.valueOf(out));
    }
  }

  /** What each names: as of one commit, which nobody holds while a client takes its time. */
  private List<List<RevisionId>> revisions(List<FeedRow> rows) {
    if (!asked.everyLeaf()) {
      return rows.stream().map(row -> List.of(row.change().revision())).toList();
    }
    List<List<RevisionId>> leaves = new ArrayList<>(rows.size());
    database.inspectAll(
        rows.stream().map(row -> row.change().id()).toList(),
        found -> leaves.add(found.tree().leaves().stream().map(Revision::id).toList()));
    return leaves;
  }

  /** Written by hand: a feed is as fast as its rows. */
  private void write(
      FeedRow told,
      List<RevisionId> revisions,
      AttachmentMembers members,
      AttachmentMembers.Text out)
      throws IOException {
    Change change = told.change();
    StringBuilder row = new StringBuilder(128);
    row.append("{\"seq\":").append(change.sequence());
    row.append(",\"id\":").append(TextNode.valueOf(change.id()));
    row.append(",\"changes\":[");
    for (RevisionId revision : revisions) {
      row.append(row.charAt(row.length() - 1) == '[' ? "" : ",");
      row.append("{\"rev\":").append(OutgoingDocument.quoted(revision)).append('}');
    }
    row.append(']');
    if (change.deleted()) {
      row.append(",\"deleted\":true");
    }
    if (asked.moreTogether() > 0 && change.isTogetherAfter(transaction)) {
      row.append(",\"together\":").append(change.together());
    }
    transaction = change.together();
    if (told.isLeaving()) {
      row.append(",\"leaving\":true"); // and what it is now is not for who asks
    } else if (asked.includeDocs()) {
      out.append(row.append(",\"doc\":").toString());
      row.setLength(0);
      Document document = database.get(change.id(), change.revision()).orElse(null);
      if (document == null) {
        row.append("null"); // changed again meanwhile: a later change has it
      } else {
        members.write(document, HistoryMembers.of(asked.members(), database, document), out);
      }
    }
    out.append(row.append('}').toString());
  }
}
