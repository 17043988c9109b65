package dev.stave.sync.http;

import dev.stave.bytes.ByteWriter;
import dev.stave.revision.HybridTime;
import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.SentAttachment;
import dev.stave.sync.peer.SentRevision;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Revisions as Staves send them to each other in bulk: bodies go as they are stored, so that a
 * source does not print them, and a target reads them once.
 *
 * <pre>
 * stream       = "Stv" u8(1) frame… end
 * end          = u8(0)
 * frame        = varint(length of what follows, not 0) (revision | missing)
 * revision     = u8(1) text(id) u8(flags) path [varint(together)] [provenances] [attachments] body
 * missing      = u8(2) text(id) path
 * path         = varint(generation of the first) varint(count, not 0) digest…
 * digest       = u8(0) 16 bytes, written as 32 hex digits | text of 1 to 128 bytes
 * provenances  = varint(count) (varint(place in the path) u8(what) [text(author)] [varint(time)] [text(reason)])…
 * attachments  = varint(count) (text(name) text(type) varint(length) text(digest) varint(revpos) bytes)…
 * bytes        = u8(0) | u8(1) sized | u8(2) sized, compressed by gzip
 * body         = JSON, to the end of the frame
 * flags        = 1 deleted, 2 provenances, 4 attachments, 8 together
 * what         = 1 author, 2 time, 4 reason
 * </pre>
 *
 * Texts and what is sized begin with a varint, their length in bytes; texts are UTF-8. Attachments
 * without bytes are at the source, or at the target already. Revisions of one transaction follow
 * each other and have the same number, {@code together}.
 */
public final class RevisionWriter {

  /** What a stream of revisions is called. */
  public static final String MEDIA_TYPE = "application/vnd.stave.revisions";

  static final byte[] MAGIC = {'S', 't', 'v', 1};

  static final int REVISION = 1;
  static final int MISSING = 2;

  static final int DELETED = 1;
  static final int PROVENANCES = 2;
  static final int ATTACHMENTS = 4;
  static final int TOGETHER = 8;

  static final int AUTHOR = 1;
  static final int TIME = 2;
  static final int REASON = 4;

  static final int NOT_HERE = 0;
  static final int AS_IT_IS = 1;
  static final int GZIP = 2;

  static final int DIGEST_BYTES = 16;
  private static final int HEX = 16;

  private RevisionWriter() {}

  /** What every stream begins with. */
  public static byte[] head() {
    return MAGIC.clone();
  }

  /** What every stream ends with. */
  public static byte[] end() {
    return new byte[1];
  }

  /**
   * A revision that was asked for.
   *
   * @param inline the bytes of those attachments that travel with it, by name
   */
  public static byte[] frame(SentRevision sent, Map<String, SentBytes> inline) {
    ByteWriter out = new ByteWriter(sent.body().size() + 128);
    Map<Integer, Provenance> told = told(sent);
    out.u8(REVISION).text(sent.id());
    out.u8(
        (sent.path().deleted() ? DELETED : 0)
            | (told.isEmpty() ? 0 : PROVENANCES)
            | (sent.attachments().isEmpty() ? 0 : ATTACHMENTS)
            | (sent.together() == 0 ? 0 : TOGETHER));
    path(sent.path().ids(), out);
    if (sent.together() != 0) {
      out.varint(sent.together());
    }
    if (!told.isEmpty()) {
      out.varint(told.size());
      told.forEach((place, provenance) -> provenance(place, provenance, out));
    }
    if (!sent.attachments().isEmpty()) {
      out.varint(sent.attachments().size());
      new TreeMap<>(sent.attachments())
          .forEach((name, about) -> attachment(name, about, inline.get(name), out));
    }
    int size = sent.body().size();
    int at = out.skip(size);
    sent.body().copyTo(out.array(), at);
    return framed(out);
  }

  /** A revision that was asked for and is not there. */
  public static byte[] missing(String id, RevisionId revision) {
    ByteWriter out = new ByteWriter().u8(MISSING).text(id);
    path(List.of(revision), out);
    return framed(out);
  }

  private static byte[] framed(ByteWriter content) {
    int length = content.size();
    return new ByteWriter(length + 5).varint(length).raw(content.array(), 0, length).toBytes();
  }

  private static void path(List<RevisionId> ids, ByteWriter out) {
    out.varint(ids.get(0).generation()).varint(ids.size());
    for (RevisionId id : ids) {
      digest(id.digest(), out);
    }
  }

  private static void digest(String digest, ByteWriter out) {
    if (!isHex(digest)) {
      out.text(digest);
      return;
    }
    out.u8(0);
    for (int i = 0; i < digest.length(); i += 2) {
      out.u8(
          Character.digit(digest.charAt(i), HEX) << 4 | Character.digit(digest.charAt(i + 1), HEX));
    }
  }

  private static boolean isHex(String digest) {
    boolean isHex = digest.length() == 2 * DIGEST_BYTES;
    for (int i = 0; isHex && i < digest.length(); i++) {
      char c = digest.charAt(i);
      isHex = c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
    }
    return isHex;
  }

  /** What is told of the path's revisions, by their place in it. */
  private static Map<Integer, Provenance> told(SentRevision sent) {
    Map<Integer, Provenance> told = new TreeMap<>();
    if (!sent.provenances().isEmpty()) {
      List<RevisionId> ids = sent.path().ids();
      for (int i = 0; i < ids.size(); i++) {
        Provenance of = sent.provenances().get(ids.get(i));
        if (of != null) {
          told.put(i, of);
        }
      }
    }
    return told;
  }

  private static void provenance(int place, Provenance told, ByteWriter out) {
    String author = told.author();
    HybridTime time = told.time();
    String reason = told.reason();
    out.varint(place);
    out.u8(
        (author == null ? 0 : AUTHOR) | (time == null ? 0 : TIME) | (reason == null ? 0 : REASON));
    if (author != null) {
      out.text(author);
    }
    if (time != null) {
      out.varint(time.value());
    }
    if (reason != null) {
      out.text(reason);
    }
  }

  private static void attachment(
      String name, SentAttachment about, @Nullable SentBytes inline, ByteWriter out) {
    out.text(name).text(about.contentType()).varint(about.length());
    out.text(about.digest()).varint(about.revpos());
    if (inline == null) {
      out.u8(NOT_HERE);
    } else {
      out.u8(inline.encoding() == null ? AS_IT_IS : GZIP).sized(inline.bytes());
    }
  }
}
