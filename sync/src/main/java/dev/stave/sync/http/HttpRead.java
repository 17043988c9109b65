package dev.stave.sync.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.StaveException;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.PeerException.Kind;
import dev.stave.sync.peer.SentRevision;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Revisions on their way from a server: by {@code _bulk_get}, or where it has none by {@code
 * open_revs} of each document. It has to say something of every revision; what it leaves out would
 * be lost behind the checkpoint, without a word.
 */
final class HttpRead {

  /** The longest that one revision may be; a database refuses it long before. */
  private static final int FRAME_BYTES = 512 << 20;

  /** So many are named in one address, which servers and proxies want to be short. */
  private static final int OPEN_REVISIONS = 50;

  private final HttpWire wire;
  private final Set<Extension> extensions;
  private final Map<String, List<RevisionId>> wanted;
  private final Peer.RevisionVisitor visitor;
  private final Map<String, Integer> unanswered = new HashMap<>();

  HttpRead(
      HttpWire wire,
      Set<Extension> extensions,
      Map<String, List<RevisionId>> wanted,
      Peer.RevisionVisitor visitor) {
    this.wire = wire;
    this.extensions = extensions;
    this.wanted = wanted;
    this.visitor = visitor;
    wanted.forEach((id, revisions) -> unanswered.put(id, revisions.size()));
  }

  /** Asks for all in one request. False if the server has no such request. */
  boolean atOnce() {
    ObjectNode asked = JsonNodeFactory.instance.objectNode();
    ArrayNode docs = asked.putArray("docs");
    wanted.forEach(
        (id, revisions) -> {
          for (RevisionId revision : revisions) {
            docs.addObject().put("id", id).put("rev", revision.toString());
          }
        });
    HttpUrl.Builder url = wire.at("_bulk_get").addQueryParameter("revs", "true");
    if (extensions.contains(Extension.PROVENANCES)) {
      url.addQueryParameter(ProvenanceJson.PARAMETER, "true");
    }
    byte[] json = HttpWire.bytes(asked);
    Request.Builder request =
        extensions.contains(Extension.BULK)
            ? HttpWire.postCompressed(url, json)
                .header("Accept", RevisionWriter.MEDIA_TYPE + ", application/json")
            : HttpWire.post(url, json);
    try (Response response = wire.send(request.build())) {
      if (response.code() == 404 || response.code() == 405) {
        return false;
      }
      if (!response.isSuccessful()) {
        throw wire.failure(response);
      }
      String type = response.header("Content-Type");
      if (type != null && type.startsWith(RevisionWriter.MEDIA_TYPE)) {
        wire.readBytes(response, this::stream);
      } else {
        wire.read(response, this::results);
      }
      if (unanswered.values().stream().anyMatch(count -> count > 0)) {
        throw wire.wrong(response, "it leaves out revisions that were asked for");
      }
      return true;
    }
  }

  /** One result after the other, so that an answer may be larger than memory. */
  private void results(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    while (token != null
        && !(token == JsonToken.FIELD_NAME && parser.currentName().equals("results"))) {
      token = parser.nextToken(); // what comes before them
    }
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      throw new NoAnswerException("it has no results");
    }
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      ObjectNode result = HttpWire.MAPPER.readTree(parser);
      String id = result.path("id").asText();
      for (JsonNode each : result.path("docs")) {
        answered(id);
        if (each.has("ok")) {
          take(each.get("ok"));
        } else {
          missing(id, each.path("error"));
        }
      }
    }
    if (parser.currentToken() != JsonToken.END_ARRAY) {
      throw new NoAnswerException("its results break off");
    }
  }

  private void stream(InputStream in) throws IOException {
    RevisionReader reader =
        new RevisionReader(
            in,
            FRAME_BYTES,
            (id, revision, name, told) ->
                new HttpAttachment(
                    wire,
                    attachment(id, revision.toString(), name),
                    told.contentType(),
                    told.length(),
                    told.digest(),
                    told.revpos()));
    for (RevisionReader.Item item = reader.next(); item != null; item = reader.next()) {
      answered(item.id());
      if (item instanceof RevisionReader.Item.Found found) {
        visitor.take(found.sent());
      } else if (item instanceof RevisionReader.Item.Refused refused) {
        visitor.refuse(refused.id(), refused.revision(), refused.reason());
      } // else it became something else, which a later change brings
    }
  }

  private HttpUrl attachment(String id, String revision, String name) {
    HttpUrl.Builder url = HttpPeer.document(wire, id).addQueryParameter("rev", revision);
    for (String segment : name.split("/", -1)) {
      url.addPathSegment(segment);
    }
    return url.build();
  }

  private void answered(String id) {
    unanswered.merge(id, -1, Integer::sum);
  }

  /** What is not there any more became something else, which a later change brings. */
  private void missing(String id, JsonNode error) {
    String what = error.path("error").asText();
    if (what.equals("not_found") || what.equals("missing")) {
      return;
    }
    boolean isRefused = what.equals("forbidden") || what.equals("unauthorized");
    if (!isRefused || !error.path("rev").isTextual()) {
      throw new PeerException(
          Kind.BUSY,
          null,
          "the source does not give a revision",
          "document",
          id,
          "reason",
          HttpWire.reason(error),
          "peer",
          wire.name());
    }
    visitor.refuse(id, HttpPeer.revision(error.get("rev").asText()), HttpWire.reason(error));
  }

  void oneByOne() {
    wanted.forEach(
        (id, revisions) -> {
          for (int i = 0; i < revisions.size(); i += OPEN_REVISIONS) {
            some(id, revisions.subList(i, Math.min(revisions.size(), i + OPEN_REVISIONS)));
          }
        });
  }

  private void some(String id, List<RevisionId> revisions) {
    ArrayNode asked = JsonNodeFactory.instance.arrayNode();
    HttpPeer.add(asked, revisions);
    HttpUrl.Builder url =
        HttpPeer.document(wire, id)
            .addQueryParameter("open_revs", asked.toString())
            .addQueryParameter("revs", "true");
    Request request = HttpWire.get(url).build();
    wire.jsonIfThere(request).ifPresent(found -> openRevisions(found, revisions.size()));
  }

  private void openRevisions(JsonNode found, int expected) {
    if (!found.isArray() || found.size() < expected) {
      throw new PeerException(
          Kind.WRONG_ANSWER, null, "the answer to open_revs leaves out some", "peer", wire.name());
    }
    for (JsonNode each : found) {
      if (each.has("ok")) {
        take(each.get("ok"));
      }
    }
  }

  private void take(JsonNode found) {
    if (!(found instanceof ObjectNode document)) {
      throw new PeerException(
          Kind.WRONG_ANSWER, null, "a document is no object", "peer", wire.name());
    }
    String id = document.path("_id").asText();
    String revision = document.path("_rev").asText();
    SentRevision sent;
    try {
      sent =
          DocumentJson.read(
              document,
              (name, stub) ->
                  new HttpAttachment(
                      wire,
                      attachment(id, revision, name),
                      stub.path("content_type").asText("application/octet-stream"),
                      stub.path("length").asLong(),
                      stub.path("digest").asText(),
                      stub.path("revpos").asInt()));
    } catch (StaveException | IllegalArgumentException e) {
      visitor.refuse(id, HttpPeer.revision(revision), String.valueOf(e.getMessage()));
      return;
    }
    visitor.take(sent);
  }
}
