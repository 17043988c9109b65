package dev.stave.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.server.wire.OutgoingDocument;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The changes from one sequence to another that a client wants, read a few at a time, and written
 * while they are read. It ends where the database stood when it began, so that a fast writer cannot
 * keep it going for ever.
 */
final class ChangesPage {

  private static final int READ_AT_ONCE = 500;

  private final Database database;
  private final ChangesRequest asked;
  private final long end;
  private final Iterator<Change> changes;
  private long lastSequence;

  /** The changes after {@code since}, which may be later than the client's own. */
  ChangesPage(Database database, ChangesRequest asked, long since) {
    this.database = database;
    this.asked = asked;
    this.end = database.lastSequence();
    this.lastSequence = since;
    this.changes = asked.descending() ? new Backward(since) : new Forward(since);
  }

  /** Whether the client wants none of the changes. Reads up to the first that it wants. */
  boolean isEmpty() {
    return !changes.hasNext();
  }

  /** Where the database stood when this was begun. */
  long end() {
    return end;
  }

  /** The changes in order; those the client does not want are left out. */
  private abstract class Wanted implements Iterator<Change> {
    private Iterator<Change> read = List.<Change>of().iterator();
    private @Nullable Change next;
    private boolean ended;

    /** More changes; none at the end. */
    abstract List<Change> readMore();

    @Override
    public boolean hasNext() {
      while (next == null && !ended) {
        if (!read.hasNext()) {
          List<Change> more = readMore();
          ended = more.isEmpty();
          read = more.iterator();
        } else {
          Change candidate = read.next();
          next = asked.filter().test(candidate) ? candidate : null;
        }
      }
      return next != null;
    }

    @Override
    public Change next() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException();
      }
      Change change = next;
      next = null;
      return change;
    }
  }

  private final class Forward extends Wanted {
    private long at;

    Forward(long since) {
      this.at = since;
    }

    @Override
    List<Change> readMore() {
      List<Change> more =
          database.changes(at, READ_AT_ONCE).stream().filter(c -> c.sequence() <= end).toList();
      at = more.isEmpty() ? at : more.get(more.size() - 1).sequence();
      return more;
    }
  }

  private final class Backward extends Wanted {
    private final long since;
    private long before = end + 1;

    Backward(long since) {
      this.since = since;
    }

    @Override
    List<Change> readMore() {
      List<Change> more =
          database.changesBefore(before, READ_AT_ONCE).stream()
              .filter(c -> c.sequence() > since)
              .toList();
      before = more.isEmpty() ? before : more.get(more.size() - 1).sequence();
      return more;
    }
  }

  /** The whole reply. */
  void writeTo(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("results");
    long written = 0;
    while (written < asked.limit() && changes.hasNext()) {
      Change change = changes.next();
      write(change, out);
      lastSequence = change.sequence();
      written++;
    }
    if (written < asked.limit() && !asked.descending()) {
      lastSequence = Math.max(lastSequence, end);
    }
    out.writeEndArray();
    out.writeNumberField("last_seq", lastSequence);
    // At most so many: a document that changed again left a gap. 0 if and only if this was all.
    out.writeNumberField("pending", asked.descending() ? 0 : Math.max(0, end - lastSequence));
    out.writeEndObject();
  }

  private void write(Change change, JsonGenerator out) throws IOException {
    ObjectNode row = JsonReply.object();
    row.put("seq", change.sequence()).put("id", change.id());
    ArrayNode leaves = row.putArray("changes");
    if (asked.everyLeaf()) {
      for (Revision leaf : database.tree(change.id()).leaves()) {
        leaves.addObject().put("rev", leaf.id().toString());
      }
    } else {
      leaves.addObject().put("rev", change.revision().toString());
    }
    if (change.deleted()) {
      row.put("deleted", true);
    }
    out.writeStartObject();
    for (Iterator<Map.Entry<String, JsonNode>> i = row.fields(); i.hasNext(); ) {
      Map.Entry<String, JsonNode> member = i.next();
      out.writeFieldName(member.getKey());
      out.writeTree(member.getValue());
    }
    if (asked.includeDocs()) {
      writeDocument(change, out);
    }
    out.writeEndObject();
  }

  private void writeDocument(Change change, JsonGenerator out) throws IOException {
    Document document = database.get(change.id(), change.revision()).orElse(null);
    if (document == null) {
      out.writeNullField("doc"); // changed again meanwhile: a later change has it
      return;
    }
    Map<String, JsonNode> history = HistoryMembers.of(asked.history(), database, document);
    out.writeFieldName("doc");
    out.writeRawValue(OutgoingDocument.text(document, history));
  }
}
