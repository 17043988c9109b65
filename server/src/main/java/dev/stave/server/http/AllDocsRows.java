package dev.stave.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.server.wire.IncomingDocument;
import dev.stave.server.wire.OutgoingDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Writes the rows of {@code _all_docs}. */
final class AllDocsRows {

  private final Database database;
  private final boolean includeDocs;
  private final Parameters history;

  AllDocsRows(Parameters parameters, Database database) {
    this.database = database;
    this.includeDocs = parameters.flag("include_docs");
    this.history = parameters.flag("conflicts") ? HistoryMembers.CONFLICTS : HistoryMembers.NONE;
  }

  /** The live documents in {@code bounds}. */
  void writeRange(IdBounds bounds, long skip, long limit, JsonGenerator out) throws IOException {
    long[] place = new long[1];
    if (limit == 0) {
      return;
    }
    try {
      database.forEach(
          bounds.range(),
          document -> {
            if (bounds.contain(document.id()) && place[0]++ >= skip) {
              writeUnchecked(document, out);
            }
            return place[0] - skip < limit;
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void writeUnchecked(Document document, JsonGenerator out) {
    try {
      writeLive(document, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a visitor may not throw it
    }
  }

  private void writeLive(Document document, JsonGenerator out) throws IOException {
    begin(document.id(), document.revision().toString(), false, out);
    if (includeDocs) {
      out.writeFieldName("doc");
      out.writeRawValue(
          OutgoingDocument.text(document, HistoryMembers.of(history, database, document)));
    }
    out.writeEndObject();
  }

  private static void begin(String id, String revision, boolean deleted, JsonGenerator out)
      throws IOException {
    ObjectNode value = JsonReply.object().put("rev", revision);
    if (deleted) {
      value.put("deleted", true);
    }
    out.writeStartObject();
    out.writeStringField("id", id);
    out.writeStringField("key", id);
    out.writeFieldName("value");
    out.writeTree(value);
  }

  /** The document that {@code key} names: live, deleted, or none. */
  void writeKey(JsonNode key, JsonGenerator out) throws IOException {
    String id = IncomingDocument.isId(key) ? key.textValue() : null;
    Optional<Document> document = id == null ? Optional.empty() : database.get(id);
    if (document.isPresent()) {
      writeLive(document.get(), out);
      return;
    }
    Optional<Revision> tombstone = id == null ? Optional.empty() : database.tree(id).winner();
    if (id != null && tombstone.isPresent()) {
      begin(id, tombstone.get().id().toString(), true, out);
      if (includeDocs) {
        out.writeNullField("doc");
      }
    } else {
      out.writeStartObject();
      out.writeFieldName("key");
      out.writeTree(key);
      out.writeStringField("error", "not_found");
    }
    out.writeEndObject();
  }
}
