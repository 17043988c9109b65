package dev.stave.server.feeds;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.server.documents.AttachmentMembers;
import dev.stave.server.documents.HistoryMembers;
import dev.stave.server.wire.OutgoingDocument;
import java.io.IOException;
import java.io.UncheckedIOException;

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
      write(row, attachments.upTo(MAX_TEXT_BYTES), text::append);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // of an attachment that cannot be decoded
    }
    return text.toString();
  }

  /** Hands over the text piece by piece. */
  void write(FeedRow row, AttachmentMembers.Text out) throws IOException {
    write(row, attachments, out);
  }

  /** Written by hand: a feed is as fast as its rows. */
  private void write(FeedRow told, AttachmentMembers members, AttachmentMembers.Text out)
      throws IOException {
    Change change = told.change();
    StringBuilder row = new StringBuilder(128);
    row.append("{\"seq\":").append(change.sequence());
    row.append(",\"id\":").append(TextNode.valueOf(change.id()));
    row.append(",\"changes\":[");
    if (asked.everyLeaf()) {
      for (Revision leaf : database.tree(change.id()).leaves()) {
        row.append(row.charAt(row.length() - 1) == '[' ? "" : ",");
        row.append("{\"rev\":").append(OutgoingDocument.quoted(leaf.id())).append('}');
      }
    } else {
      row.append("{\"rev\":").append(OutgoingDocument.quoted(change.revision())).append('}');
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
