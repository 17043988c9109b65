package dev.stave.database;

import dev.stave.bytes.Bytes;
import dev.stave.database.BlobRows.Blob;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.storage.StorageClosedException;
import dev.stave.storage.StorageSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The attachments of a database's documents: bytes of any kind and length, streamed in and out.
 * Equal bytes are stored once, however many documents and revisions have them, and go when none
 * has. Any thread may call any method.
 *
 * <p>A document says what it has: {@link Document#attachments}. Bytes come in first, and are then
 * written with a document:
 *
 * <pre>{@code
 * try (AttachmentUpload photo = database.attachments().store("image/jpeg", in)) {
 *   database.put("note-1", body, Map.of("photo.jpg", photo.finish()));
 * }
 * }</pre>
 */
public final class Attachments {

  private static final int BUFFER_BYTES = 64 << 10;

  private static final JsonObject NOTHING = JsonObject.parse("{}");

  private final Database database;
  private final Blobs blobs;
  private final Committer committer;

  Attachments(Database database, Blobs blobs, Committer committer) {
    this.database = database;
    this.blobs = blobs;
    this.committer = committer;
  }

  /**
   * Begins to take the bytes of an attachment. Close what is returned.
   *
   * @throws dev.stave.document.InvalidDocumentException if that is no content type
   */
  public AttachmentUpload begin(String contentType) {
    return AttachmentUpload.plain(blobs, committer, contentType, null, Attachment.MAX_BYTES);
  }

  /** As {@link #begin}, stored compressed by gzip: reading gives what was written. */
  public AttachmentUpload beginCompressed(String contentType) {
    return AttachmentUpload.plain(
        blobs, committer, contentType, Attachment.GZIP, Attachment.MAX_BYTES);
  }

  /**
   * As {@link #begin}, of bytes that are compressed by gzip already.
   *
   * @param length of what they decompress to, in bytes
   */
  public AttachmentUpload beginEncoded(String contentType, long length) {
    if (length < 0) {
      throw new IllegalArgumentException("a length is not negative: " + length);
    }
    return AttachmentUpload.encoded(blobs, committer, contentType, Attachment.GZIP, length);
  }

  /** For tests, with another limit. */
  AttachmentUpload begin(String contentType, long limit) {
    return AttachmentUpload.plain(blobs, committer, contentType, null, limit);
  }

  /**
   * Stores all that {@code in} gives. Close what is returned, once a document has it.
   *
   * @throws IOException if {@code in} does; then nothing is stored
   */
  public AttachmentUpload store(String contentType, InputStream in) throws IOException {
    return filled(begin(contentType), in);
  }

  private static AttachmentUpload filled(AttachmentUpload upload, InputStream in)
      throws IOException {
    boolean isWhole = false;
    try {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        upload.write(buffer, 0, count);
      }
      upload.finish();
      isWhole = true;
      return upload;
    } finally {
      if (!isWhole) {
        upload.close();
      }
    }
  }

  /** Bytes that stay though no document has them yet, until this is closed. */
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Brings an attachment over that a document of {@code from} has, as it is stored there. Close
   * what is returned, once a document has it.
   *
   * @throws MissingAttachmentException if it is not there any more
   */
  public Held copy(Database from, Attachment attachment) {
    String sha256 = attachment.sha256();
    if (committer.betweenCommits(() -> blobs.hold(sha256))) {
      return () -> release(sha256);
    }
    String encoding = attachment.encoding();
    try (InputStream in = from.attachments().openStored(attachment)) {
      AttachmentUpload upload =
          encoding == null
              ? begin(attachment.contentType())
              : AttachmentUpload.encoded(
                  blobs, committer, attachment.contentType(), encoding, attachment.length());
      return filled(upload, in);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a storage does not throw it
    }
  }

  /** Whether the bytes are here. */
  public boolean has(Attachment attachment) {
    try (View view = database.view()) {
      return Blob.read(view.rows(), attachment.sha256()) != null;
    }
  }

  /**
   * Opens the bytes of an attachment, as they were written. Skipping is quick, unless they are
   * stored compressed. What is opened is whole whatever is written meanwhile, and keeps the room of
   * what is deleted until it is closed: close it.
   *
   * @throws MissingAttachmentException if they are not here
   */
  public InputStream open(Attachment attachment) {
    InputStream stored = openStored(attachment);
    if (attachment.encoding() == null) {
      return stored;
    }
    boolean isOpen = false;
    try {
      InputStream decoded = new GZIPInputStream(stored, BUFFER_BYTES);
      isOpen = true;
      return decoded;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the bytes of attachment " + attachment.digest() + " are not compressed by gzip", e);
    } finally {
      if (!isOpen) {
        closeQuietly(stored);
      }
    }
  }

  private static void closeQuietly(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link #open}, the bytes as they are stored: compressed, if they are. */
  public InputStream openStored(Attachment attachment) {
    StorageSnapshot rows = database.view().rows();
    Blob blob = null;
    try {
      blob = Blob.read(rows, attachment.sha256());
      if (blob == null) {
        throw new MissingAttachmentException(
            "the bytes of an attachment are not here", "digest", attachment.digest());
      }
      return new BlobInput(rows, blob);
    } finally {
      if (blob == null) {
        rows.close();
      }
    }
  }

  /**
   * Gives the document an attachment, or replaces the one of that name; all else of it stays.
   *
   * @param expected the leaf to change; null creates a document with nothing else
   * @throws StaleRevisionException if {@code expected} is no live leaf, or is null and there is a
   *     document
   * @throws IOException if {@code in} does; then nothing is written
   */
  public RevisionId put(
      String id, @Nullable RevisionId expected, String name, String contentType, InputStream in)
      throws IOException {
    Attachment.checkName(name);
    try (AttachmentUpload upload = store(contentType, in)) {
      return put(id, expected, name, upload.finish());
    }
  }

  /** As {@link #put(String, RevisionId, String, String, InputStream)}, of bytes that are here. */
  public RevisionId put(
      String id, @Nullable RevisionId expected, String name, Attachment attachment) {
    Attachment.checkName(name);
    if (expected == null) {
      return database.put(id, NOTHING, Map.of(name, attachment));
    }
    Document document = leaf(id, expected);
    Map<String, Attachment> attachments = new TreeMap<>(document.attachments());
    attachments.put(name, attachment);
    return database.put(id, expected, document.body(), attachments);
  }

  /**
   * Takes an attachment from the document; all else of it stays.
   *
   * @throws StaleRevisionException if {@code expected} is no live leaf
   * @throws MissingAttachmentException if it has none of that name
   */
  public RevisionId remove(String id, RevisionId expected, String name) {
    Document document = leaf(id, expected);
    Map<String, Attachment> attachments = new TreeMap<>(document.attachments());
    if (attachments.remove(name) == null) {
      throw new MissingAttachmentException(
          "the document has no such attachment", "document", id, "name", name);
    }
    return database.put(id, expected, document.body(), attachments);
  }

  private Document leaf(String id, RevisionId expected) {
    return database
        .get(id, expected)
        .filter(document -> !document.deleted())
        .orElseThrow(() -> new StaleRevisionException(id, expected));
  }

  private void release(String sha256) {
    try {
      committer.betweenCommits(() -> blobs.release(sha256));
    } catch (StorageClosedException e) {
      // it is collected when the database is opened again
    }
  }

  /**
   * What all attachments take together.
   *
   * @param count of different ones
   * @param bytes as they are stored
   */
  public record Totals(long count, long bytes) {}

  /** Counts the attachments that are stored: looks at each. */
  public Totals totals() {
    try (View view = database.view()) {
      return totals(view.rows());
    }
  }

  static Totals totals(StorageSnapshot rows) {
    long count = 0;
    long bytes = 0;
    Iterator<StorageSnapshot.Row> blobs =
        rows.scan(BlobRows.BLOB, Bytes.afterPrefix(BlobRows.BLOB));
    while (blobs.hasNext()) {
      bytes += Blob.decode(blobs.next().value()).length();
      count++;
    }
    return new Totals(count, bytes);
  }
}
