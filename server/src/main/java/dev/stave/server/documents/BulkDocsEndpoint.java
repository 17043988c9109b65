package dev.stave.server.documents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.StaveException;
import dev.stave.database.Database;
import dev.stave.database.WriteResult;
import dev.stave.revision.RevisionId;
import dev.stave.server.exchange.Failures;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.MadeId;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.script.ScriptPool;
import dev.stave.server.wire.IncomingDocument;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /{db}/_bulk_docs}: many documents, each written unless it is stale or not right in
 * itself. With {@code new_edits: false} they are revisions that another peer made.
 */
public final class BulkDocsEndpoint {

  /** What became of one document: its edit is in the batch, or this is wrong with it. */
  private record Item(@Nullable String id, @Nullable HttpException failure) {}

  private final ScriptPool scripts;

  public BulkDocsEndpoint(ScriptPool scripts) {
    this.scripts = scripts;
  }

  public Reply write(Request request, Database database) {
    BulkDocs bulk = BulkDocs.parse(request.json(request.limits().bulkBodyBytes()));
    List<Item> items = new ArrayList<>();
    List<WriteResult> written;
    try (SentAttachments attachments = new SentAttachments(database, request.limits())) {
      Edits edits = new Edits(request, database, attachments, scripts);
      for (byte[] document : bulk.documents()) {
        items.add(add(document, bulk.newEdits(), edits));
      }
      written = database.writeEach(edits.batch());
    }
    Iterator<WriteResult> results = written.iterator();
    ArrayNode reply = JsonNodeFactory.instance.arrayNode();
    for (Item item : items) {
      HttpException failure = item.failure();
      Optional<RevisionId> revision = Optional.empty();
      if (failure == null) {
        WriteResult result = results.next();
        revision = Edits.revision(result);
        failure = Edits.failure(result);
      }
      if (bulk.newEdits() || revision.isEmpty()) {
        reply.add(line(item.id(), revision, failure)); // of grafts only failures are told
      }
    }
    return JsonReply.of(201, reply);
  }

  private static Item add(byte[] json, boolean newEdits, Edits edits) {
    try {
      IncomingDocument document = IncomingDocument.parse(json);
      String id = document.id().orElseGet(MadeId::next);
      if (newEdits) {
        edits.addEdit(id, document.revision().orElse(null), document);
      } else {
        edits.addGraft(id, document);
      }
      return new Item(id, null);
    } catch (StaveException | HttpException e) {
      return new Item(IncomingDocument.idOf(json).orElse(null), Failures.of(e));
    }
  }

  private static ObjectNode line(
      @Nullable String id, Optional<RevisionId> revision, HttpException failure) {
    if (revision.isPresent()) {
      return JsonReply.okay().put("id", id).put("rev", revision.get().toString());
    }
    ObjectNode line = JsonReply.object().put("id", id);
    return line.put("error", failure.error()).put("reason", failure.reason());
  }
}
