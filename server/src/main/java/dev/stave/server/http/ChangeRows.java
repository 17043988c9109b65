package dev.stave.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.server.wire.OutgoingDocument;
import java.util.Map;

/** Changes as JSON, each with what was asked for. */
final class ChangeRows {

  private final Database database;
  private final ChangesRequest asked;

  ChangeRows(Database database, ChangesRequest asked) {
    this.database = database;
    this.asked = asked;
  }

  /** Written by hand: a feed is as fast as its rows. */
  String text(Change change) {
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
    if (asked.includeDocs()) {
      row.append(",\"doc\":").append(document(change));
    }
    return row.append('}').toString();
  }

  private String document(Change change) {
    Document document = database.get(change.id(), change.revision()).orElse(null);
    if (document == null) {
      return "null"; // changed again meanwhile: a later change has it
    }
    Map<String, JsonNode> history = HistoryMembers.of(asked.history(), database, document);
    return OutgoingDocument.text(document, history);
  }
}
