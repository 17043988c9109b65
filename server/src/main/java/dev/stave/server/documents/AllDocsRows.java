package dev.stave.server.documents;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Revision;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Parameters;
import dev.stave.server.wire.IncomingDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Writes the rows of {@code _all_docs} and its like. */
final class AllDocsRows {

  private static final String LOCAL = "_local/";

  private final DocumentKind kind;
  private final Database database;
  private final boolean includeDocs;
  private final Parameters history;
  private final AttachmentMembers attachments;

  AllDocsRows(DocumentKind kind, Parameters parameters, Database database) {
    this.kind = kind;
    this.database = database;
    this.includeDocs = parameters.flag("include_docs");
    this.history = parameters.flag("conflicts") ? HistoryMembers.CONFLICTS : Parameters.NONE;
    this.attachments = AttachmentMembers.of(parameters, database);
  }

  /** The live documents in {@code bounds}. */
  void writeRange(IdBounds bounds, long skip, long limit, JsonGenerator out) throws IOException {
    if (limit == 0) {
      return;
    }
    Counter counter = new Counter(skip, limit);
    try {
      if (kind == DocumentKind.LOCAL) {
        IdRange all = new IdRange("", null, bounds.descending());
        database.forEachLocal(
            all, (id, body) -> counter.take(isShown(id, bounds), () -> writeLocal(id, body, out)));
      } else {
        database.forEach(
            range(bounds),
            document ->
                counter.take(bounds.contain(document.id()), () -> writeLive(document, out)));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isShown(String localId, IdBounds bounds) {
    return bounds.contain(LOCAL + localId) && !localId.startsWith(LocalDocumentEndpoint.OWN);
  }

  private IdRange range(IdBounds bounds) {
    IdRange designs = DocumentKind.DESIGN_IDS; // few: the bounds are for each of them to meet
    return kind == DocumentKind.DESIGN
        ? new IdRange(designs.from(), designs.to(), bounds.descending())
        : bounds.range();
  }

  /** Counts what is in the bounds, and writes it from one number to another. */
  private static final class Counter {
    private final long skip;
    private final long limit;
    private long place;

    Counter(long skip, long limit) {
      this.skip = skip;
      this.limit = limit;
    }

    /** Returns whether there may be more to write. */
    boolean take(boolean isIn, Row row) {
      if (isIn && place++ >= skip) {
        try {
          row.write();
        } catch (IOException e) {
          throw new UncheckedIOException(e); // a visitor may not throw it
        }
      }
      return place - skip < limit;
    }
  }

  private interface Row {
    void write() throws IOException;
  }

  private void writeLive(Document document, JsonGenerator out) throws IOException {
    begin(document.id(), document.revision().toString(), false, out);
    if (includeDocs) {
      out.writeFieldName("doc");
      attachments.write(document, HistoryMembers.of(history, database, document), out);
    }
    out.writeEndObject();
  }

  private void writeLocal(String id, JsonObject body, JsonGenerator out) throws IOException {
    begin(LOCAL + id, body.sharedTree().path("_rev").asText(), false, out);
    if (includeDocs) {
      out.writeFieldName("doc");
      out.writeTree(JsonReply.object().put("_id", LOCAL + id).setAll(body.tree()));
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
    if (kind == DocumentKind.LOCAL) {
      writeLocalKey(key, out);
      return;
    }
    boolean named = IncomingDocument.isId(key);
    boolean isOfKind = kind == DocumentKind.ANY || Document.isDesign(key.asText());
    String id = named && isOfKind ? key.textValue() : null;
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
      beginUnknown(key, out);
    }
    out.writeEndObject();
  }

  private static void beginUnknown(JsonNode key, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeFieldName("key");
    out.writeTree(key);
    out.writeStringField("error", "not_found");
  }

  private void writeLocalKey(JsonNode key, JsonGenerator out) throws IOException {
    String name = key.asText();
    String id = name.startsWith(LOCAL) ? name.substring(LOCAL.length()) : "";
    boolean isId = IncomingDocument.isLocalId(id) && !id.startsWith(LocalDocumentEndpoint.OWN);
    Optional<JsonObject> local = isId ? database.getLocal(id) : Optional.empty();
    if (local.isPresent()) {
      writeLocal(id, local.get(), out);
    } else {
      beginUnknown(key, out);
      out.writeEndObject();
    }
  }
}
