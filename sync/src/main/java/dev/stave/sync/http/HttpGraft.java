package dev.stave.sync.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.PeerException.Kind;
import dev.stave.sync.peer.SentAttachment;
import dev.stave.sync.peer.SentRevision;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Revisions on their way to a server: {@code _bulk_docs} for what is small, and a request of its
 * own for a document with long attachments.
 */
final class HttpGraft {

  /** As many bytes of documents go with one request, about. */
  private static final int REQUEST_BYTES = 4 << 20;

  /** Attachments that are no longer than this, all of a document together, go with it. */
  private static final int INLINE_BYTES = 64 << 10;

  /** And these, at a server that takes them in no other way. */
  private static final int MAX_INLINE_BYTES = 32 << 20;

  private static final byte[] HEAD = HttpWire.utf8("{\"new_edits\":false,\"docs\":[");
  private static final byte[] TAIL = HttpWire.utf8("]}");

  private final HttpWire wire;
  private final int inlineBytes;
  private final Map<SentRevision, GraftResult> results = new IdentityHashMap<>();

  HttpGraft(HttpWire wire) {
    this(wire, INLINE_BYTES);
  }

  private HttpGraft(HttpWire wire, int inlineBytes) {
    this.wire = wire;
    this.inlineBytes = inlineBytes;
  }

  /** A revision, and the bytes of it as they are sent. */
  private record Written(SentRevision sent, byte[] json) {}

  List<GraftResult> write(List<SentRevision> revisions) {
    List<Written> batch = new ArrayList<>();
    long bytes = 0;
    for (SentRevision each : revisions) {
      Map<String, SentAttachment> travelling = travelling(each);
      if (bytesOf(travelling) > inlineBytes) {
        results.put(each, put(each, travelling));
        continue;
      }
      try {
        Written written = new Written(each, DocumentJson.write(each, inline(each, travelling)));
        batch.add(written);
        bytes += written.json().length;
      } catch (SourceGoneException e) {
        results.put(each, new GraftResult.Gone(each.id(), each.revision()));
      }
      if (bytes > REQUEST_BYTES) {
        post(batch);
        batch.clear();
        bytes = 0;
      }
    }
    post(batch);
    List<GraftResult> all = new ArrayList<>();
    for (SentRevision each : revisions) {
      GraftResult taken = new GraftResult.Taken(each.id(), each.revision());
      all.add(results.getOrDefault(each, taken));
    }
    return all;
  }

  private static long bytesOf(Map<String, SentAttachment> attachments) {
    return attachments.values().stream().mapToLong(SentAttachment::length).sum();
  }

  /** Those that no ancestor has that the target knows. */
  private static Map<String, SentAttachment> travelling(SentRevision sent) {
    int known = 0;
    for (RevisionId leaf : sent.known()) {
      if (sent.path().ids().contains(leaf)) {
        known = Math.max(known, leaf.generation());
      }
    }
    Map<String, SentAttachment> travelling = new TreeMap<>();
    for (Map.Entry<String, SentAttachment> each : sent.attachments().entrySet()) {
      int revpos = each.getValue().revpos();
      if (revpos == 0 || revpos > known) {
        travelling.put(each.getKey(), each.getValue());
      }
    }
    return travelling;
  }

  private static ObjectNode about(SentAttachment attachment) {
    ObjectNode about = JsonNodeFactory.instance.objectNode();
    about.put("content_type", attachment.contentType());
    about.put("revpos", attachment.revpos()).put("digest", attachment.digest());
    return about;
  }

  private static Map<String, ObjectNode> stubs(
      SentRevision sent, Map<String, SentAttachment> travelling) {
    Map<String, ObjectNode> members = new LinkedHashMap<>();
    sent.attachments()
        .forEach(
            (name, attachment) -> {
              if (!travelling.containsKey(name)) {
                ObjectNode stub = about(attachment).put("length", attachment.length());
                members.put(name, stub.put("stub", true));
              }
            });
    return members;
  }

  private static Map<String, ObjectNode> inline(
      SentRevision sent, Map<String, SentAttachment> travelling) throws SourceGoneException {
    Map<String, ObjectNode> members = stubs(sent, travelling);
    for (Map.Entry<String, SentAttachment> each : travelling.entrySet()) {
      ObjectNode about = about(each.getValue());
      about.remove("digest"); // of bytes that may be stored otherwise there
      about.put("data", Base64.getEncoder().encodeToString(bytes(each.getValue())));
      members.put(each.getKey(), about);
    }
    return members;
  }

  private static byte[] bytes(SentAttachment attachment) throws SourceGoneException {
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) attachment.length());
    try (SentAttachment.Opened opened = open(attachment)) {
      byte[] buffer = new byte[8 << 10];
      for (int n = opened.in().read(buffer); n >= 0; n = opened.in().read(buffer)) {
        out.write(buffer, 0, n);
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new PeerException(Kind.UNREACHABLE, e, "an attachment broke off");
    }
  }

  private static SentAttachment.Opened open(SentAttachment attachment) throws SourceGoneException {
    try {
      return attachment.open(false);
    } catch (PeerException e) {
      if (isGone(e)) {
        throw new SourceGoneException();
      }
      throw e;
    }
  }

  /** A source that has the revision no more: of a server, it is not there. */
  private static boolean isGone(PeerException e) {
    return e.kind() == Kind.NO_DATABASE || e.kind() == Kind.REQUEST_REFUSED;
  }

  private static final class SourceGoneException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** One batch; what is too much for the server, or what it cannot read, is halved. */
  private void post(List<Written> batch) {
    if (batch.isEmpty()) {
      return;
    }
    Request request = HttpWire.post(wire.at("_bulk_docs"), body(batch)).build();
    try (Response response = wire.send(request)) {
      if (response.isSuccessful()) {
        refusals(wire.read(response), batch);
        return;
      }
      PeerException failure = wire.failure(response);
      boolean isOfADocument =
          failure.kind() == Kind.TOO_LARGE || failure.kind() == Kind.REQUEST_REFUSED;
      if (!isOfADocument) {
        throw failure;
      }
      if (batch.size() == 1) {
        refuse(batch.get(0).sent(), String.valueOf(failure.getMessage()));
        return;
      }
    }
    int half = batch.size() / 2;
    post(batch.subList(0, half));
    post(batch.subList(half, batch.size()));
  }

  private static byte[] body(List<Written> batch) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(HEAD, 0, HEAD.length);
    for (int i = 0; i < batch.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      byte[] json = batch.get(i).json();
      out.write(json, 0, json.length);
    }
    out.write(TAIL, 0, TAIL.length);
    return out.toByteArray();
  }

  private void refuse(SentRevision sent, String reason) {
    results.put(sent, new GraftResult.Refused(sent.id(), sent.revision(), reason));
  }

  /** Of grafts a server tells failures only; some tell them without the revision. */
  private void refusals(JsonNode lines, List<Written> batch) {
    for (JsonNode line : lines) {
      if (line.has("error")) {
        String id = line.path("id").asText();
        String revision = line.path("rev").asText("");
        for (Written each : batch) {
          boolean isIt = revision.isEmpty() || revision.equals(each.sent().revision().toString());
          if (each.sent().id().equals(id) && isIt) {
            refused(each.sent(), line);
          }
        }
      }
    }
  }

  private void refused(SentRevision sent, JsonNode line) {
    if (isMissingStub(line) && !sent.known().isEmpty()) {
      results.put(sent, again(sent));
    } else {
      refuse(sent, HttpWire.reason(line));
    }
  }

  private static boolean isMissingStub(JsonNode error) {
    return error.path("error").asText().equals("missing_stub");
  }

  /** With all of its attachments. */
  private GraftResult again(SentRevision sent) {
    return alone(sent.withKnown(List.of()), INLINE_BYTES);
  }

  private GraftResult alone(SentRevision sent, int inline) {
    return new HttpGraft(wire, inline).write(List.of(sent)).get(0);
  }

  /** A document with long attachments, by itself. */
  private GraftResult put(SentRevision sent, Map<String, SentAttachment> travelling) {
    Map<String, SentAttachment.Stored> stored = new LinkedHashMap<>();
    Map<String, ObjectNode> members = stubs(sent, travelling);
    try {
      travelling.forEach(
          (name, attachment) -> {
            SentAttachment.Stored as = attachment.stored();
            stored.put(name, as);
            ObjectNode about = about(attachment).put("length", attachment.length());
            about.put("follows", true);
            if (as.encoding() != null) {
              about.put("encoding", as.encoding()).put("encoded_length", as.length());
            }
            members.put(name, about);
          });
      RelatedBody body = new RelatedBody(DocumentJson.write(sent, members));
      travelling.forEach(
          (name, each) -> body.add(name, each, Objects.requireNonNull(stored.get(name))));
      return put(sent, body, bytesOf(travelling) <= MAX_INLINE_BYTES);
    } catch (PeerException e) {
      if (isGone(e)) {
        return new GraftResult.Gone(sent.id(), sent.revision());
      }
      throw e;
    }
  }

  private GraftResult put(SentRevision sent, RelatedBody body, boolean fitsInline) {
    HttpUrl url =
        HttpPeer.document(wire, sent.id()).addQueryParameter("new_edits", "false").build();
    Request request =
        new Request.Builder().url(url).header("Accept", "application/json").put(body).build();
    try (Response response = wire.client().newCall(request).execute()) {
      if (response.isSuccessful()) {
        return new GraftResult.Taken(sent.id(), sent.revision());
      }
      int code = response.code();
      if (code == 412 && !sent.known().isEmpty()) {
        return again(sent);
      }
      // PouchDB Server calls it a conflict: there, parts are only for new edits.
      if (fitsInline && (code == 409 || code == 405 || code == 415)) {
        return alone(sent, MAX_INLINE_BYTES);
      }
      if (code >= 500 || code == 408 || code == 429) {
        throw wire.failure(response);
      }
      // The login is good, since the server said before what it lacks.
      String reason = HttpWire.reason(response);
      return new GraftResult.Refused(sent.id(), sent.revision(), reason);
    } catch (RelatedBody.SourceFailedException e) {
      throw e.failure();
    } catch (IOException e) {
      throw wire.unreachable(e);
    }
  }
}
