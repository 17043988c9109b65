package dev.stave.sync.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.PeerException.Kind;
import dev.stave.sync.peer.SentAttachment;
import dev.stave.sync.peer.SentRevision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import okhttp3.HttpUrl;
import okhttp3.Request;
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

  List<GraftResult> write(List<SentRevision> revisions) {
    return prepare(revisions).write();
  }

  /**
   * Makes the first request, as far as about {@link #REQUEST_BYTES} of it. All else is made when it
   * is its turn: the attachments that travel with documents may be many times what these are.
   */
  Peer.PreparedGraft prepare(List<SentRevision> revisions) {
    Requests requests = new Requests(revisions);
    requests.fill();
    return requests;
  }

  /** The requests of a batch, of which one is in memory at a time. */
  private final class Requests implements Peer.PreparedGraft {
    private final List<SentRevision> revisions;
    private final List<SentRevision> byThemselves = new ArrayList<>();
    private GraftBody body = new GraftBody(isStream());
    private int next; // of the revisions

    Requests(List<SentRevision> revisions) {
      this.revisions = List.copyOf(revisions);
    }

    void fill() {
      while (next < revisions.size() && body.size() <= REQUEST_BYTES) {
        addNext();
      }
    }

    private void addNext() {
      SentRevision each = revisions.get(next++);
      Map<String, SentAttachment> travelling = travelling(each);
      if (bytesOf(travelling) > inlineBytes) {
        byThemselves.add(each);
      } else {
        add(each, travelling, body);
      }
    }

    private boolean cutsHere() {
      return next > 0
          && next < revisions.size()
          && revisions.get(next).isTogetherWith(revisions.get(next - 1));
    }

    @Override
    public List<GraftResult> write() {
      boolean isMore = true;
      while (isMore) {
        fill();
        while (cutsHere() && body.size() < REQUEST_BYTES_TOGETHER) {
          addNext();
        }
        byThemselves.forEach(each -> results.put(each, put(each, travelling(each))));
        byThemselves.clear();
        GraftBody full = body.end();
        body = new GraftBody(isStream());
        post(full);
        isMore = next < revisions.size();
      }
      List<GraftResult> all = new ArrayList<>();
      for (SentRevision each : revisions) {
        GraftResult taken = new GraftResult.Taken(each.id(), each.revision());
        all.add(results.getOrDefault(each, taken));
      }
      return all;
    }
  }

  private void add(SentRevision sent, Map<String, SentAttachment> travelling, GraftBody body) {
    byte[] written;
    try {
      written = written(sent, travelling);
    } catch (PeerException e) {
      results.put(sent, withoutAttachment(sent, e));
      return;
    }
    body.add(sent, written);
  }

  private boolean isStream() {
    return extensions.contains(Extension.BULK);
  }

  private byte[] written(SentRevision sent, Map<String, SentAttachment> travelling) {
    return isStream() ? frame(sent, travelling) : json(sent, inline(sent, travelling));
  }

  private static byte[] frame(SentRevision sent, Map<String, SentAttachment> travelling) {
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
  private void post(GraftBody body) {
    List<SentRevision> sent = body.revisions();
    if (sent.isEmpty()) {
      return;
    }
    String reason;
    try {
      reason = once(body);
      suspects.acquit(sent);
    } catch (PeerException e) {
      if (!suspects.areOverdue(sent, e)) {
        throw e;
      }
      reason =
          sent.size() > 1
              ? e.getMessage()
              : this.<@Nullable String>onceMore(() -> once(body), why -> why);
    }
    if (reason == null) {
      return;
    }
    if (sent.size() == 1) {
      refuse(sent.get(0), reason);
      return;
    }
    int half = sent.size() / 2;
    post(bodyOf(sent.subList(0, half)));
    post(bodyOf(sent.subList(half, sent.size())));
  }

  private GraftBody bodyOf(List<SentRevision> some) {
    GraftBody body = new GraftBody(isStream());
    some.forEach(each -> add(each, travelling(each), body));
    return body.end();
  }

  /**
   * Once more, to a peer that does answer.
   *
   * @return what {@code sending} returns; or, where it breaks off, what {@code otherwise} makes of
   *     that
   */
  private <T extends @Nullable Object> T onceMore(
      Supplier<T> sending, Function<String, T> otherwise) {
    wire.json(HttpWire.get(wire.at()).build());
    try {
      return sending.get();
    } catch (PeerException e) {
      if (!Suspects.isBrokenOff(e)) {
        throw e;
      }
      return otherwise.apply("the peer breaks off when it is sent, and answers all else");
    }
  }

  /** Returns a reason of which it is not said whose it is; null if there is none. */
  private @Nullable String once(GraftBody body) {
    try (Response response = wire.send(request("_bulk_docs", body))) {
      if (!response.isSuccessful()) {
        return reasonOfDocuments(wire.failure(response));
      }
      JsonNode lines = wire.read(response);
      if (!lines.isArray()) {
        throw wire.wrong(response, "it has no line for what is refused");
      }
      return refusals(lines, body.revisions());
    }
  }

  private Request request(String path, GraftBody body) {
    Request.Builder request = HttpWire.get(wire.at(path)).post(body.toRequest());
    return (body.isStream() ? request.header("Content-Encoding", "gzip") : request).build();
  }

  /** Gives bodies of ancestors. One with long attachments stays here: then it is merged without. */
  void give(List<SentRevision> bases) {
    GraftBody body = new GraftBody(true);
    for (SentRevision base : bases) {
      if (bytesOf(base.attachments()) <= INLINE_BYTES) {
        try {
          body.add(base, frame(base, base.attachments()));
        } catch (PeerException e) {
          if (e.kind() != Kind.NOT_THERE) {
            throw e;
          }
        }
      }
    }
    postBases(body.end());
  }

  /** What is too much for the server, or refused, is halved, and in the end stays here as well. */
  private void postBases(GraftBody body) {
    List<SentRevision> bases = body.revisions();
    if (bases.isEmpty()) {
      return;
    }
    try {
      wire.json(request("_bases", body));
    } catch (PeerException e) {
      if (e.isTransient()) {
        throw e;
      }
      int half = bases.size() / 2;
      if (half > 0) {
        give(bases.subList(0, half));
        give(bases.subList(half, bases.size()));
      }
    }
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
  private @Nullable String refusals(JsonNode lines, List<SentRevision> batch) {
    String unknown = null;
    for (JsonNode line : lines) {
      if (line.has("error") && !refused(line, batch)) {
        unknown = HttpWire.reason(line);
      }
    }
    return unknown;
  }

  private boolean refused(JsonNode line, List<SentRevision> batch) {
    String revision = line.path("rev").asText("");
    boolean isKnown = false;
    for (SentRevision each : batch) {
      boolean isIt = revision.isEmpty() || revision.equals(each.revision().toString());
      if (isIt && each.id().equals(line.path("id").textValue())) {
        refused(each, line);
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
      return onceMore(
          () -> put(sent, body, fitsInline),
          reason -> new GraftResult.Refused(sent.id(), sent.revision(), reason));
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
