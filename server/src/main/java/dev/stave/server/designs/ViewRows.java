package dev.stave.server.designs;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.server.documents.AttachmentMembers;
import dev.stave.server.documents.HistoryMembers;
import dev.stave.server.documents.Partition;
import dev.stave.server.exchange.Parameters;
import dev.stave.server.view.DesignViews;
import dev.stave.server.view.ViewIndex;
import dev.stave.server.view.ViewRange;
import dev.stave.server.view.ViewReader;
import dev.stave.server.view.ViewRow;
import dev.stave.server.wire.IncomingDocument;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes what a view answers, row by row while it is read. */
final class ViewRows {

  private final ViewQuery query;
  private final ViewIndex index;
  private final DesignViews.View view;
  private final Database database;
  private final AttachmentMembers attachments;
  private final Optional<Partition> partition;
  private long skip;
  private long left;

  ViewRows(
      ViewQuery query,
      ViewIndex index,
      DesignViews.View view,
      Database database,
      Optional<Partition> partition) {
    this.query = query;
    this.index = index;
    this.view = view;
    this.database = database;
    this.attachments = AttachmentMembers.of(query.attachments(), database);
    this.partition = partition;
    this.skip = query.skip();
    this.left = query.limit();
  }

  void writeTo(JsonGenerator out) throws IOException {
    try (ViewReader reader = reader()) {
      out.writeStartObject();
      if (query.groupLevel().isEmpty() && query.sorted()) {
        out.writeNumberField("total_rows", reader.count());
        OptionalLong before = offset(reader);
        if (before.isPresent()) {
          out.writeNumberField("offset", before.getAsLong());
        } else {
          out.writeNullField("offset");
        }
      }
      if (query.updateSequence()) {
        out.writeNumberField("update_seq", reader.sequence());
      }
      out.writeArrayFieldStart("rows");
      for (ViewRange range : query.ranges()) {
        if (query.groupLevel().isPresent()) {
          writeReduced(reader.reduce(range, query.groupLevel().getAsInt()), out);
        } else {
          writeRows(reader.rows(range), out);
        }
      }
      out.writeEndArray();
      out.writeEndObject();
    }
  }

  private ViewReader reader() {
    return partition.isPresent() ? index.read(view, partition.get()::contains) : index.read(view);
  }

  private OptionalLong offset(ViewReader reader) {
    if (query.byKeys()) {
      return OptionalLong.of(0);
    }
    OptionalLong before = reader.countBefore(query.ranges().get(0));
    return before.isEmpty()
        ? before
        : OptionalLong.of(Math.min(before.getAsLong() + query.skip(), reader.count()));
  }

  private void writeReduced(Iterator<ViewReader.Reduced> groups, JsonGenerator out)
      throws IOException {
    while (left > 0 && groups.hasNext()) {
      ViewReader.Reduced group = groups.next();
      if (skip > 0) {
        skip--;
        continue;
      }
      left--;
      out.writeStartObject();
      out.writeFieldName("key");
      out.writeTree(group.key());
      out.writeFieldName("value");
      out.writeTree(group.value());
      out.writeEndObject();
    }
  }

  private void writeRows(Iterator<ViewRow> rows, JsonGenerator out) throws IOException {
    while (left > 0 && rows.hasNext()) {
      ViewRow row = rows.next();
      if (skip > 0) {
        skip--;
        continue;
      }
      left--;
      out.writeStartObject();
      out.writeStringField("id", row.id());
      out.writeFieldName("key");
      out.writeTree(row.key());
      out.writeFieldName("value");
      out.writeRawValue(row.valueText());
      if (query.includeDocs()) {
        out.writeFieldName("doc");
        writeDocument(row, out);
      }
      out.writeEndObject();
    }
  }

  /** The document of the row, or the one that its value links to. */
  private void writeDocument(ViewRow row, JsonGenerator out) throws IOException {
    JsonNode value = row.value();
    JsonNode link = value.path("_id");
    boolean links = value.isObject() && IncomingDocument.isId(link);
    String id = links ? link.textValue() : row.id();
    JsonNode revision = value.path("_rev");
    Optional<Document> document =
        links && revision.isTextual()
            ? database.get(id, IncomingDocument.revision(revision.textValue()))
            : database.get(id);
    Parameters history = query.conflicts() ? HistoryMembers.CONFLICTS : Parameters.NONE;
    if (document.isPresent()) {
      Document found = document.get();
      attachments.write(found, HistoryMembers.of(history, database, found), out);
    } else {
      out.writeNull();
    }
  }
}
