package dev.stave.server.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.StaveException;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.script.ScriptPool;
import dev.stave.sync.http.RevisionReader;
import dev.stave.sync.http.RevisionWriter;
import dev.stave.sync.http.SentBytes;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.SentAttachment;
import dev.stave.sync.peer.SentRevision;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a Stave that pushes has to know of conflicts here: bodies of ancestors that it takes to
 * merge them, and which it may have.
 */
public final class BasesEndpoint {

  private static final int CONFLICTS_AT_ONCE = 1_000;

  private final ScriptPool scripts;

  public BasesEndpoint(ScriptPool scripts) {
    this.scripts = scripts;
  }

  /** {@code GET /{db}/_open_conflicts?after=&limit=}: ids of documents with a conflict. */
  public static Reply conflicts(Request request, Database database) {
    String after = request.parameters().text("after").orElse("");
    long limit = request.parameters().number("limit").orElse(CONFLICTS_AT_ONCE);
    int count = (int) Math.max(1, Math.min(limit, CONFLICTS_AT_ONCE));
    ObjectNode reply = JsonReply.object();
    ArrayNode docs = reply.putArray("docs");
    LocalPeer.of(database).conflicts(after, count).forEach(docs::add);
    return JsonReply.ok(reply);
  }

  /** {@code POST /{db}/_missing_bases}: of the documents named in {@code docs}. */
  public static Reply missing(Request request, Database database) {
    JsonNode docs = request.jsonObject(request.limits().bulkBodyBytes()).sharedTree().path("docs");
    if (!docs.isArray()) {
      throw HttpException.badRequest("`docs` must be an array of ids");
    }
    List<String> ids = new ArrayList<>();
    docs.forEach(id -> ids.add(id.asText()));
    ObjectNode reply = JsonReply.object();
    ObjectNode missing = reply.putObject("missing");
    LocalPeer.of(database)
        .missingBases(ids)
        .forEach(
            (id, bases) -> {
              ArrayNode revisions = missing.putArray(id);
              bases.forEach(base -> revisions.add(base.toString()));
            });
    return JsonReply.ok(reply);
  }

  /** {@code POST /{db}/_bases}: takes those that are missing, and nothing else. */
  public Reply give(Request request, Database database) {
    if (!request.mediaType().equals(RevisionWriter.MEDIA_TYPE)) {
      throw new HttpException(
          415, "bad_content_type", "Content-Type must be " + RevisionWriter.MEDIA_TYPE);
    }
    byte[] stream = request.body(request.limits().bulkBodyBytes());
    WriteRules rules = WriteRules.of(scripts, request, database);
    List<SentRevision> bases = new ArrayList<>();
    long attached = 0;
    try {
      RevisionReader reader =
          new RevisionReader(
              new ByteArrayInputStream(stream), stream.length, (id, rev, name, told) -> told);
      for (RevisionReader.Item item = reader.next(); item != null; item = reader.next()) {
        if (item instanceof RevisionReader.Item.Found found
            && isWelcome(found.sent(), rules, request)) {
          for (SentAttachment each : found.sent().attachments().values()) {
            attached += each.length();
          }
          if (attached > request.limits().bulkBodyBytes()) {
            throw HttpException.tooLarge("too_large", request.limits().bulkBodyBytes());
          }
          bases.add(found.sent());
        }
      }
      LocalPeer.of(database).giveBases(bases);
    } catch (IOException | PeerException e) {
      throw HttpException.badRequest("the body is no stream of revisions: " + e.getMessage());
    }
    return JsonReply.of(201, JsonReply.okay());
  }

  /** What may not be written is left out: then it is merged without. */
  private static boolean isWelcome(SentRevision base, WriteRules rules, Request request) {
    boolean isWhole = base.attachments().values().stream().allMatch(SentBytes.class::isInstance);
    if (!isWhole || base.body().size() > request.limits().documentBytes()) {
      return false;
    }
    try {
      Document.checkId(base.id());
      Document.checkBody(base.id(), base.body());
      rules.checkGraft(base.id(), base.path(), base.body());
      return true;
    } catch (StaveException | HttpException e) {
      return false;
    }
  }
}
