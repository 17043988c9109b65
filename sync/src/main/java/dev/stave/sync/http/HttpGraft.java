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
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Revisions on their way to a server: {@code _bulk_docs} for what is small, and a request of its
 * own for a document with long attachments.
 */
final class HttpGraft {

  /** As many bytes of documents go with one request, about. */
  private static final int REQUEST_BYTES = 4 << 20;

  /** And so many where they are of one transaction. */
  private static final int REQUEST_BYTES_TOGETHER = 32 << 20;

  /** Attachments that are no longer than this, all of a document together, go with it. */
  private static final int INLINE_BYTES = 64 << 10;

  /** And these, at a server that takes them in no other way. */
  private static final int MAX_INLINE_BYTES = 32 << 20;

  private static final byte[] HEAD = HttpWire.utf8("{\"new_edits\":false,\"docs\":[");
  private static final byte[] TAIL = HttpWire.utf8("]}");
  private static final MediaType STREAM = MediaType.get(RevisionWriter.MEDIA_TYPE);

  private final HttpWire wire;
  private final Set<Extension> extensions;
  private final Suspects suspects;
  private final int inlineBytes;
  private final Map<SentRevision, GraftResult> results = new IdentityHashMap<>();

  HttpGraft(HttpWire wire, Set<Extension> extensions, Suspects suspects) {
    this(wire, extensions, suspects, INLINE_BYTES);
  }

  private HttpGraft(HttpWire wire, Set<Extension> extensions, Suspects suspects, int inlineBytes) {
    this.wire = wire;
    this.extensions = extensions;
    this.suspects = suspects;
    this.inlineBytes = inlineBytes;
  }

  /** A revision, and the bytes of it as they are sent. */
  private record Written(SentRevision sent, byte[] bytes) {}

  List<GraftResult> write(List<SentRevision> revisions) {
    List<Written> batch = new ArrayList<>();
    long bytes = 0;
    SentRevision before = null;
    for (SentRevision each : revisions) {
      boolean cuts = before != null && each.isTogetherWith(before);
      if (bytes > REQUEST_BYTES && !(cuts && bytes < REQUEST_BYTES_TOGETHER)) {
        post(batch);
        batch.clear();
        bytes = 0;
      }
      before = each;
      Map<String, SentAttachment> travelling = travelling(each);
      if (bytesOf(travelling) > inlineBytes) {
        results.put(each, put(each, travelling));
        continue;
      }
      try {
        Written written = new Written(each, written(each, travelling));
        batch.add(written);
        bytes += written.bytes().length;
      } catch (PeerException e) {
        results.put(each, withoutAttachment(each, e));
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

  private boolean isStream() {
    return extensions.contains(Extension.BULK);
  }

  private byte[] written(SentRevision sent, Map<String, SentAttachment> travelling) {
    if (!isStream()) {
      return json(sent, inline(sent, travelling));
    }
    Map<String, SentBytes> inline = new LinkedHashMap<>();
    travelling.forEach((name, attachment) -> inline.put(name, SentBytes.of(attachment)));
    return RevisionWriter.frame(sent, inline);
  }

  private byte[] json(SentRevision sent, Map<String, ObjectNode> attachments) {
    return DocumentJson.write(sent, attachments, extensions.contains(Extension.PROVENANCES));
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
      SentRevision sent, Map<String, SentAttachment> travelling) {
    Map<String, ObjectNode> members = stubs(sent, travelling);
    for (Map.Entry<String, SentAttachment> each : travelling.entrySet()) {
      ObjectNode about = about(each.getValue());
      about.remove("digest"); // of bytes that may be stored otherwise there
      about.put(
          "data",
          Base64.getEncoder().encodeToString(SentBytes.read(each.getValue(), false).bytes()));
      members.put(each.getKey(), about);
    }
    return members;
  }

  /** What comes of a revision whose attachment the source does not give, and will not give. */
  private static GraftResult withoutAttachment(SentRevision sent, PeerException e) {
    if (e.kind() == Kind.NOT_THERE) {
      return new GraftResult.Gone(sent.id(), sent.revision());
    }
    if (e.isTransient() || e.kind() == Kind.LOGIN_REFUSED) {
      throw e;
    }
    return new GraftResult.Refused(sent.id(), sent.revision(), String.valueOf(e.getMessage()));
  }

  /**
   * One batch; it is halved where one of it is too much for the server, which does not say which.
   */
  private void post(List<Written> batch) {
    if (batch.isEmpty()) {
      return;
    }
    List<SentRevision> sent = batch.stream().map(Written::sent).collect(Collectors.toList());
    String reason;
    try {
      reason = once(batch);
      suspects.acquit(sent);
    } catch (PeerException e) {
      if (!suspects.areOverdue(sent, e)) {
        throw e;
      }
      reason = batch.size() > 1 ? e.getMessage() : reasonOfBreakingOff(() -> once(batch));
    }
    if (reason == null) {
      return;
    }
    if (batch.size() == 1) {
      refuse(batch.get(0).sent(), reason);
      return;
    }
    int half = batch.size() / 2;
    post(batch.subList(0, half));
    post(batch.subList(half, batch.size()));
  }

  /**
   * Once more, of a peer that does answer.
   *
   * @return what {@code sending} does, or that it broke off
   */
  private @Nullable String reasonOfBreakingOff(Supplier<@Nullable String> sending) {
    wire.json(HttpWire.get(wire.at()).build());
    try {
      return sending.get();
    } catch (PeerException e) {
      if (!Suspects.isBrokenOff(e)) {
        throw e;
      }
      return "the peer breaks off when it is sent, and answers all else";
    }
  }

  /** Returns a reason of which it is not said whose it is; null if there is none. */
  private @Nullable String once(List<Written> batch) {
    Request.Builder request = HttpWire.get(wire.at("_bulk_docs"));
    if (isStream()) {
      request.header("Content-Encoding", "gzip");
      request.post(RequestBody.create(stream(batch), STREAM));
    } else {
      request.post(RequestBody.create(body(batch), HttpWire.JSON));
    }
    try (Response response = wire.send(request.build())) {
      if (!response.isSuccessful()) {
        return reasonOfDocuments(wire.failure(response));
      }
      JsonNode lines = wire.read(response);
      if (!lines.isArray()) {
        throw wire.wrong(response, "it has no line for what is refused");
      }
      return refusals(lines, batch);
    }
  }

  private static byte[] body(List<Written> batch) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(HEAD, 0, HEAD.length);
    for (int i = 0; i < batch.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      byte[] json = batch.get(i).bytes();
      out.write(json, 0, json.length);
    }
    out.write(TAIL, 0, TAIL.length);
    return out.toByteArray();
  }

  /** Gives bodies of ancestors. One with long attachments stays here: then it is merged without. */
  void give(List<SentRevision> bases) {
    List<Written> all = new ArrayList<>();
    for (SentRevision base : bases) {
      if (bytesOf(base.attachments()) <= INLINE_BYTES) {
        try {
          all.add(new Written(base, written(base, base.attachments())));
        } catch (PeerException e) {
          if (e.kind() != Kind.NOT_THERE) {
            throw e;
          }
        }
      }
    }
    postBases(all);
  }

  /** What is too much for the server, or refused, is halved, and in the end stays here as well. */
  private void postBases(List<Written> bases) {
    if (bases.isEmpty()) {
      return;
    }
    Request.Builder request = HttpWire.get(wire.at("_bases")).header("Content-Encoding", "gzip");
    try {
      wire.json(request.post(RequestBody.create(stream(bases), STREAM)).build());
    } catch (PeerException e) {
      if (e.isTransient()) {
        throw e;
      }
      int half = bases.size() / 2;
      if (half > 0) {
        postBases(bases.subList(0, half));
        postBases(bases.subList(half, bases.size()));
      }
    }
  }

  private static byte[] stream(List<Written> batch) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream compressed = new FastGzip(out)) {
      compressed.write(RevisionWriter.head());
      for (Written each : batch) {
        compressed.write(each.bytes());
      }
      compressed.write(RevisionWriter.end());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail to be written
    }
    return out.toByteArray();
  }

  private void refuse(SentRevision sent, String reason) {
    results.put(sent, new GraftResult.Refused(sent.id(), sent.revision(), reason));
  }

  /** What the documents of a request have that the server does not want. */
  private static String reasonOfDocuments(PeerException failure) {
    if (failure.kind() == Kind.TOO_LARGE || failure.kind() == Kind.REQUEST_REFUSED) {
      return String.valueOf(failure.getMessage());
    }
    throw failure;
  }

  /**
   * Takes note of refusals: of grafts a server tells these only, and some without the revision.
   *
   * @return a reason of which it is not said whose it is; null if there is none
   */
  private @Nullable String refusals(JsonNode lines, List<Written> batch) {
    String unknown = null;
    for (JsonNode line : lines) {
      if (line.has("error") && !refused(line, batch)) {
        unknown = HttpWire.reason(line);
      }
    }
    return unknown;
  }

  private boolean refused(JsonNode line, List<Written> batch) {
    String revision = line.path("rev").asText("");
    boolean isKnown = false;
    for (Written each : batch) {
      boolean isIt = revision.isEmpty() || revision.equals(each.sent().revision().toString());
      if (isIt && each.sent().id().equals(line.path("id").textValue())) {
        refused(each.sent(), line);
        isKnown = true;
      }
    }
    return isKnown;
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
    return new HttpGraft(wire, extensions, suspects, inline).write(List.of(sent)).get(0);
  }

  /** A document with long attachments, by itself. */
  private GraftResult put(SentRevision sent, Map<String, SentAttachment> travelling) {
    Map<String, SentAttachment.Stored> stored = new LinkedHashMap<>();
    try {
      travelling.forEach((name, attachment) -> stored.put(name, attachment.stored()));
    } catch (PeerException e) {
      return withoutAttachment(sent, e);
    }
    Map<String, ObjectNode> members = stubs(sent, travelling);
    stored.forEach(
        (name, as) -> {
          SentAttachment attachment = Objects.requireNonNull(travelling.get(name));
          ObjectNode about = about(attachment).put("length", attachment.length());
          about.put("follows", true);
          if (as.encoding() != null) {
            about.put("encoding", as.encoding()).put("encoded_length", as.length());
          }
          members.put(name, about);
        });
    RelatedBody body = new RelatedBody(json(sent, members));
    stored.forEach((name, as) -> body.add(name, Objects.requireNonNull(travelling.get(name)), as));
    boolean fitsInline = bytesOf(travelling) <= MAX_INLINE_BYTES;
    try {
      return put(sent, body, fitsInline);
    } catch (PeerException e) {
      if (body.hasSourceFailed() || !suspects.areOverdue(List.of(sent), e)) {
        throw e;
      }
      GraftResult[] result = new GraftResult[1];
      String reason =
          reasonOfBreakingOff(
              () -> {
                result[0] = put(sent, body, fitsInline);
                return null;
              });
      return reason == null
          ? Objects.requireNonNull(result[0])
          : new GraftResult.Refused(sent.id(), sent.revision(), reason);
    }
  }

  private GraftResult put(SentRevision sent, RelatedBody body, boolean fitsInline) {
    HttpUrl url =
        HttpPeer.document(wire, sent.id()).addQueryParameter("new_edits", "false").build();
    Request request =
        new Request.Builder().url(url).header("Accept", "application/json").put(body).build();
    try (Response response = wire.call(request).execute()) {
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
      return withoutAttachment(sent, e.failure());
    } catch (IOException e) {
      throw wire.unreachable(e);
    }
  }
}
