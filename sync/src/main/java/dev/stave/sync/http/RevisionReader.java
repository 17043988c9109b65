package dev.stave.sync.http;

import dev.stave.StaveException;
import dev.stave.bytes.ByteReader;
import dev.stave.document.Attachment;
import dev.stave.json.JsonObject;
import dev.stave.revision.HybridTime;
import dev.stave.revision.Provenance;
import dev.stave.revision.Retention;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.SentAttachment;
import dev.stave.sync.peer.SentRevision;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link RevisionWriter} wrote, from whoever it may come: no length is believed before
 * as many bytes have come, and none is over its limit. For one thread.
 */
public final class RevisionReader {

  private static final int PIECE = 16 << 10;
  private static final int LONGEST_LENGTH = 5; // of a varint, in bytes

  /** What a stream tells of one revision. */
  public sealed interface Item {

    String id();

    RevisionId revision();

    /** What it is. Attachments whose bytes are not in the stream are made by {@link Stubs}. */
    record Found(SentRevision sent) implements Item {
      @Override
      public String id() {
        return sent.id();
      }

      @Override
      public RevisionId revision() {
        return sent.revision();
      }
    }

    /** The source has it no more. */
    record Missing(String id, RevisionId revision) implements Item {}

    /**
     * It can be no revision here.
     *
     * @param reason for people
     */
    record Refused(String id, RevisionId revision, String reason) implements Item {}
  }

  /** Makes attachments whose bytes are elsewhere. */
  @FunctionalInterface
  public interface Stubs {
    SentAttachment of(String id, RevisionId revision, String name, Stub told);
  }

  /** What is told of an attachment whose bytes did not come. */
  public record Stub(String contentType, long length, String digest, int revpos)
      implements SentAttachment {

    @Override
    public Stored stored() {
      return new Stored(null, length);
    }

    @Override
    public Opened open(boolean asStored) {
      throw new PeerException(
          PeerException.Kind.NOT_THERE, null, "the bytes of an attachment were not sent");
    }
  }

  private final InputStream in;
  private final int frameBytes;
  private final Stubs stubs;
  private boolean begun;

  /**
   * @param frameBytes the longest frame that is read
   */
  public RevisionReader(InputStream in, int frameBytes, Stubs stubs) {
    this.in = in;
    this.frameBytes = frameBytes;
    this.stubs = stubs;
  }

  /**
   * The next one; null at the end.
   *
   * @throws NoAnswerException if it is no stream of revisions
   * @throws IOException if it breaks off, or cannot be read
   */
  public @Nullable Item next() throws IOException {
    if (!begun) {
      for (byte each : RevisionWriter.MAGIC) {
        if (in.read() != each) {
          throw new NoAnswerException("it is no stream of revisions of a version that is known");
        }
      }
      begun = true;
    }
    int length = frameLength();
    return length == 0 ? null : item(new ByteReader(frame(length)));
  }

  private int frameLength() throws IOException {
    long length = 0;
    for (int i = 0; i < LONGEST_LENGTH; i++) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("a stream of revisions breaks off");
      }
      length |= (long) (b & 0x7f) << 7 * i;
      if (b < 0x80) {
        if (length > frameBytes) {
          break;
        }
        return (int) length;
      }
    }
    throw new NoAnswerException("a frame is longer than " + frameBytes + " bytes");
  }

  private byte[] frame(int length) throws IOException {
    if (length <= PIECE) {
      byte[] frame = new byte[length];
      fill(frame, length);
      return frame;
    }
    ByteArrayOutputStream grown = new ByteArrayOutputStream(PIECE);
    byte[] piece = new byte[PIECE];
    for (int left = length; left > 0; left -= PIECE) {
      int count = Math.min(left, PIECE);
      fill(piece, count);
      grown.write(piece, 0, count);
    }
    return grown.toByteArray();
  }

  private void fill(byte[] to, int length) throws IOException {
    for (int at = 0; at < length; ) {
      int count = in.read(to, at, length - at);
      if (count < 0) {
        throw new EOFException("a stream of revisions breaks off");
      }
      at += count;
    }
  }

  private Item item(ByteReader frame) throws NoAnswerException {
    try {
      int kind = frame.u8();
      String id = text(frame);
      if (kind == RevisionWriter.MISSING) {
        RevisionId revision = path(frame).get(0);
        require(frame.atEnd(), "something follows a revision that is missing");
        return new Item.Missing(id, revision);
      }
      require(kind == RevisionWriter.REVISION, "a frame is of a kind that is not known");
      return revision(id, frame);
    } catch (IllegalStateException | IllegalArgumentException | StaveException e) {
      throw new NoAnswerException("a frame is none: " + e.getMessage());
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }

  private Item revision(String id, ByteReader frame) {
    int flags = frame.u8();
    int known =
        RevisionWriter.DELETED
            | RevisionWriter.PROVENANCES
            | RevisionWriter.ATTACHMENTS
            | RevisionWriter.TOGETHER;
    require((flags & ~known) == 0, "a flag that is not known");
    boolean deleted = (flags & RevisionWriter.DELETED) != 0;
    RevisionPath path = new RevisionPath(path(frame), deleted);
    long together = (flags & RevisionWriter.TOGETHER) == 0 ? 0 : frame.varint();
    Map<RevisionId, Provenance> told =
        (flags & RevisionWriter.PROVENANCES) == 0 ? Map.of() : provenances(path, frame);
    Map<String, SentAttachment> attachments =
        (flags & RevisionWriter.ATTACHMENTS) == 0 ? Map.of() : attachments(id, path, frame);
    try {
      JsonObject body = JsonObject.parse(frame.rest());
      return new Item.Found(
          new SentRevision(id, path, body, attachments, told, List.of(), together));
    } catch (StaveException e) { // of this one alone
      return new Item.Refused(id, path.leaf(), String.valueOf(e.getMessage()));
    }
  }

  private static List<RevisionId> path(ByteReader frame) {
    long generation = frame.varint();
    int count = frame.length();
    boolean isPath =
        generation > 0
            && generation <= Integer.MAX_VALUE
            && count > 0
            && count <= Math.min(generation, Retention.MAX_REVISIONS);
    require(isPath, "a path of " + count + " revisions down from generation " + generation);
    List<RevisionId> ids = new ArrayList<>(Math.min(count, PIECE));
    for (int i = 0; i < count; i++) {
      ids.add(new RevisionId((int) generation - i, digest(frame)));
    }
    return ids;
  }

  private static String digest(ByteReader frame) {
    int length = frame.u8();
    if (length > 0) {
      require(length <= RevisionId.MAX_DIGEST_LENGTH, "a digest is too long");
      return new String(frame.raw(length), StandardCharsets.ISO_8859_1); // its own check follows
    }
    byte[] digest = frame.raw(RevisionWriter.DIGEST_BYTES);
    char[] text = new char[2 * digest.length];
    for (int i = 0; i < digest.length; i++) {
      text[2 * i] = Character.forDigit(digest[i] >> 4 & 0xf, 16);
      text[2 * i + 1] = Character.forDigit(digest[i] & 0xf, 16);
    }
    return new String(text);
  }

  private static String text(ByteReader frame) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(frame.sized());
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("a text is not UTF-8", e);
    }
  }

  private static Map<RevisionId, Provenance> provenances(RevisionPath path, ByteReader frame) {
    Map<RevisionId, Provenance> told = new HashMap<>();
    int count = frame.length();
    for (int i = 0; i < count; i++) {
      int place = frame.length();
      require(place < path.ids().size(), "a provenance of what is not in the path");
      int what = frame.u8();
      require((what & ~7) == 0, "a provenance of a later version");
      told.put(
          path.ids().get(place),
          new Provenance(
              (what & RevisionWriter.AUTHOR) == 0 ? null : text(frame),
              (what & RevisionWriter.TIME) == 0 ? null : new HybridTime(frame.varint()),
              (what & RevisionWriter.REASON) == 0 ? null : text(frame)));
    }
    return told;
  }

  private Map<String, SentAttachment> attachments(String id, RevisionPath path, ByteReader frame) {
    Map<String, SentAttachment> attachments = new HashMap<>();
    int count = frame.length();
    require(count <= Attachment.MAX_OF_DOCUMENT, "too many attachments");
    for (int i = 0; i < count; i++) {
      String name = text(frame);
      String type = text(frame);
      long length = frame.varint();
      String digest = text(frame);
      long revpos = frame.varint();
      require(length >= 0 && length <= Attachment.MAX_BYTES, "an attachment is too long");
      require(revpos >= 0 && revpos <= Integer.MAX_VALUE, "a generation is too high");
      Stub told = new Stub(type, length, digest, (int) revpos);
      int has = frame.u8();
      require(has <= RevisionWriter.GZIP, "bytes of an attachment that are of no known kind");
      SentAttachment of =
          has == RevisionWriter.NOT_HERE
              ? stubs.of(id, path.leaf(), name, told)
              : new SentBytes(
                  type,
                  length,
                  digest,
                  (int) revpos,
                  has == RevisionWriter.GZIP ? Attachment.GZIP : null,
                  frame.sized());
      require(attachments.put(name, of) == null, "an attachment is there twice");
    }
    return attachments;
  }
}
