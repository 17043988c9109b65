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
import dev.stave.server.wire.RefusedDocumentException;
import dev.stave.sync.http.RevisionReader;
import dev.stave.sync.http.RevisionWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /{db}/_bulk_docs}: many documents, each written unless it is stale or refused. With
 * {@code new_edits: false} they are revisions that another peer made. As in CouchDB, members with
 * an underscore that are not right refuse the whole request. Documents of {@code _local} are
 * written last: what they say of the others, such as a checkpoint, is true then.
 */
public final class BulkDocsEndpoint {

  /** What became of one document: it is a local one, its edit is in the batch, or it has failed. */
  private record Item(
      @Nullable String id, @Nullable IncomingDocument local, @Nullable HttpException failure) {}

  private final ScriptPool scripts;
  private final LocalDocumentEndpoint locals;

  public BulkDocsEndpoint(ScriptPool scripts, LocalDocumentEndpoint locals) {
    this.scripts = scripts;
    this.locals = locals;
  }

  public Reply write(Request request, Database database) {
    if (request.mediaType().equals(RevisionWriter.MEDIA_TYPE)) {
      return graft(request, database);
    }
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
      ObjectNode line = line(item, results, database);
      if (bulk.newEdits() || line.has("error")) {
        reply.add(line); // of grafts only failures are told
      }
    }
    return JsonReply.of(201, reply);
  }

  /** Revisions as a Stave sends them, of which failures are told. */
  private Reply graft(Request request, Database database) {
    byte[] stream = request.body(request.limits().bulkBodyBytes());
    List<Item> items = new ArrayList<>();
    List<RevisionId> revisions = new ArrayList<>();
    List<WriteResult> written;
    try (SentAttachments attachments = new SentAttachments(database, request.limits())) {
      Edits edits = new Edits(request, database, attachments, scripts);
      RevisionReader reader =
          new RevisionReader(
              new ByteArrayInputStream(stream), stream.length, (id, rev, name, told) -> told);
      for (RevisionReader.Item item = reader.next(); item != null; item = reader.next()) {
        items.add(new Item(item.id(), null, failureOf(item, edits)));
        revisions.add(item.revision());
      }
      written = database.writeEach(edits.batch());
    } catch (IOException e) {
      throw HttpException.badRequest("the body is no stream of revisions: " + e.getMessage());
    }
    Iterator<WriteResult> results = written.iterator();
    ArrayNode reply = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < items.size(); i++) {
      ObjectNode line = line(items.get(i), results, database);
      if (line.has("error")) {
        reply.add(line.put("rev", revisions.get(i).toString()));
      }
    }
    return JsonReply.of(201, reply);
  }

  private static @Nullable HttpException failureOf(RevisionReader.Item item, Edits edits) {
    try {
      if (item instanceof RevisionReader.Item.Found found) {
        edits.addGraft(found.sent());
        return null;
      }
      return item instanceof RevisionReader.Item.Refused refused
          ? HttpException.badRequest(refused.reason())
          : HttpException.badRequest("a revision that is missing cannot be written");
    } catch (StaveException | HttpException e) {
      return Failures.of(e);
    }
  }

  private static Item add(byte[] json, boolean newEdits, Edits edits) {
    String id = null;
    try {
      IncomingDocument document = IncomingDocument.parse(json);
      Optional<String> local = document.localId();
      if (local.isPresent()) {
        return new Item(local.get(), document, null);
      }
      id = document.id().orElseGet(MadeId::next);
      if (newEdits) {
        edits.addEdit(id, document.revision().orElse(null), document);
      } else {
        edits.addGraft(id, document);
      }
      return new Item(id, null, null);
    } catch (RefusedDocumentException e) {
      throw e;
    } catch (StaveException | HttpException e) {
      String named = id == null ? IncomingDocument.idOf(json).orElse(null) : id;
      return new Item(named, null, Failures.of(e));
    }
  }

  private ObjectNode line(Item item, Iterator<WriteResult> results, Database database) {
    if (item.local() != null && item.id() != null) {
      return local(item.id(), item.local(), database);
    }
    HttpException failure = item.failure();
    if (failure == null) {
      WriteResult result = results.next();
      Optional<RevisionId> revision = Edits.revision(result);
      if (revision.isPresent()) {
        return JsonReply.okay().put("id", item.id()).put("rev", revision.get().toString());
      }
      failure = Edits.failure(result);
    }
    return failed(item.id(), failure);
  }

  private ObjectNode local(String id, IncomingDocument document, Database database) {
    try {
      return locals.write(database, id, document);
    } catch (StaveException | HttpException e) {
      return failed(IncomingDocument.LOCAL_PREFIX + id, Failures.of(e));
    }
  }

  private static ObjectNode failed(@Nullable String id, HttpException failure) {
    ObjectNode line = JsonReply.object().put("id", id);
    return line.put("error", failure.error()).put("reason", failure.reason());
  }
}
