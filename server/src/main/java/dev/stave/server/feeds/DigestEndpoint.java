package dev.stave.server.feeds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.query.Selector;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.sync.peer.Digest;
import dev.stave.sync.peer.DigestPart;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /{db}/_digest}: what stands for all documents of a range of ids, for one who wants to
 * know whether it has the same. Each question reads the histories of all of them, so few are
 * answered at once, and none for longer than {@code HttpLimits.digestMillis}.
 */
public final class DigestEndpoint {

  private static final int AT_ONCE = 2;

  private final Semaphore places = new Semaphore(AT_ONCE);

  /** Any thread may call it. */
  public Reply answer(Request request, Database database) {
    JsonNode asked = request.jsonObject(request.limits().bulkBodyBytes()).sharedTree();
    if (!places.tryAcquire()) {
      throw new HttpException(
          503, "service_unavailable", AT_ONCE + " digests are being made: try again later");
    }
    try {
      int millis = request.limits().digestMillis();
      long began = System.nanoTime();
      Runnable deadline =
          () -> {
            if (System.nanoTime() - began >= TimeUnit.MILLISECONDS.toNanos(millis)) {
              throw new HttpException(
                  500,
                  "timeout",
                  "the digest took longer than "
                      + millis
                      + " ms: ask about fewer ids, by `from` and `to`");
            }
          };
      return JsonReply.ok(answer(asked, LocalPeer.of(database).withDigestStep(deadline)));
    } finally {
      places.release();
    }
  }

  private static ObjectNode answer(JsonNode asked, LocalPeer peer) {
    Scope scope = scope(asked.path("scope"));
    String from = asked.path("from").asText("");
    @Nullable String to = asked.path("to").isTextual() ? asked.path("to").textValue() : null;
    ObjectNode answer = JsonReply.object();
    if (asked.has("leaves")) {
      int limit = asked.path("leaves").asInt();
      if (limit < 1 || limit > Peer.MAX_LEAVES) {
        throw HttpException.badRequest("`leaves` is from 1 to " + Peer.MAX_LEAVES);
      }
      ArrayNode leaves = answer.putArray("leaves");
      peer.leaves(from, to, limit, scope)
          .forEach(
              (id, revisions) -> {
                ArrayNode revs = leaves.addObject().put("id", id).putArray("revs");
                revisions.forEach(revision -> revs.add(revision.toString()));
              });
      return answer;
    }
    List<DigestPart> parts =
        asked.has("bounds")
            ? parts(peer, bounds(asked.path("bounds")), to, scope)
            : peer.split(from, to, Math.max(0, asked.path("size").asLong()), scope).orElseThrow();
    ArrayNode all = answer.putArray("parts");
    for (DigestPart part : parts) {
      all.addObject()
          .put("from", part.from())
          .put("documents", part.digest().documents())
          .put("digest", part.digest().hex());
    }
    return answer;
  }

  private static List<DigestPart> parts(
      LocalPeer peer, List<String> bounds, @Nullable String to, Scope scope) {
    List<DigestPart> parts = new ArrayList<>();
    List<Digest> digests = peer.digests(bounds, to, scope);
    for (int i = 0; i < bounds.size(); i++) {
      parts.add(new DigestPart(bounds.get(i), digests.get(i)));
    }
    return parts;
  }

  private static List<String> bounds(JsonNode asked) {
    List<String> bounds = new ArrayList<>();
    for (JsonNode bound : asked) {
      String id = bound.asText();
      int last = bounds.size() - 1;
      if (last >= 0 && Peer.ID_ORDER.compare(bounds.get(last), id) >= 0) {
        throw HttpException.badRequest("`bounds` are ids, each behind the one before");
      }
      bounds.add(id);
    }
    if (bounds.isEmpty() || bounds.size() > Peer.MAX_DIGEST_PARTS) {
      throw HttpException.badRequest("`bounds` are 1 to " + Peer.MAX_DIGEST_PARTS + " ids");
    }
    return bounds;
  }

  private static Scope scope(JsonNode asked) {
    if (asked.path("selector").isObject()) {
      JsonObject selector = JsonObject.of((ObjectNode) asked.path("selector"));
      Selector.of(selector.sharedTree());
      return Scope.selector(selector);
    }
    if (asked.path("doc_ids").isArray()) {
      List<String> ids = new ArrayList<>();
      asked.path("doc_ids").forEach(id -> ids.add(id.asText()));
      return Scope.ids(ids);
    }
    if (!asked.isMissingNode() && !asked.isEmpty()) {
      throw HttpException.badRequest("`scope` has a `selector` or `doc_ids`");
    }
    return Scope.ALL;
  }
}
