package dev.stave.database;

import dev.stave.bytes.ByteWriter;
import dev.stave.database.BlobRows.Blob;
import dev.stave.document.Attachment;
import dev.stave.document.InvalidDocumentException;
import dev.stave.storage.StorageClosedException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of an attachment, which are in the database from {@link #finish} on. Until it is
 * closed they stay, though no document has them yet; afterwards, if none has, they go.
 *
 * <p>It holds a quarter of a MiB in memory, however much is written. For one thread.
 */
public final class AttachmentUpload extends OutputStream implements Attachments.Held {

  private final Blobs blobs;
  private final Committer committer;
  private final String contentType;
  private final @Nullable String encoding;
  private final @Nullable GzipStream gzip;
  private final long toldLength; // -1: that of what is written
  private final long limit;
  private final MessageDigest sha256 = digest("SHA-256");
  private final MessageDigest md5 = digest("MD5");
  private final ByteWriter piece = new ByteWriter(8 << 10);
  private final long number;
  private int pieces;
  private long written;
  private long stored;
  private @Nullable Attachment attachment;
  private boolean closed;

  private AttachmentUpload(
      Blobs blobs,
      Committer committer,
      String contentType,
      @Nullable String encoding,
      long toldLength,
      long limit) {
    this.blobs = blobs;
    this.committer = committer;
    this.contentType = Attachment.checkContentType(contentType);
    this.encoding = encoding;
    this.toldLength = toldLength;
    this.limit = limit;
    this.number = blobs.newNumber();
    this.gzip = encoding != null && toldLength < 0 ? gzip() : null;
  }

  /** Stores what is written as it is, or with {@code encoding} compressed. */
  static AttachmentUpload plain(
      Blobs blobs, Committer committer, String contentType, @Nullable String encoding, long limit) {
    return new AttachmentUpload(blobs, committer, contentType, encoding, -1, limit);
  }

  /** Stores what is written, which is {@code encoding} of {@code length} bytes already. */
  static AttachmentUpload encoded(
      Blobs blobs, Committer committer, String contentType, String encoding, long length) {
    return new AttachmentUpload(
        blobs, committer, contentType, encoding, length, Attachment.MAX_BYTES);
  }

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }

  private GzipStream gzip() {
    try {
      return new GzipStream(new Stored(), 8 << 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it writes to memory and to the storage
    }
  }

  @Override
  public void write(int one) {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes) {
    write(bytes, 0, bytes.length);
  }

  /**
   * Takes more bytes.
   *
   * @throws InvalidDocumentException if they are more than an attachment may have
   * @throws dev.stave.storage.StorageException if the disk refuses
   */
  @Override
  public void write(byte[] bytes, int from, int length) {
    if (attachment != null || closed) {
      throw new IllegalStateException("the upload has ended");
    }
    written += length;
    if (written > limit) {
      throw new InvalidDocumentException("the attachment is too large", "limit", limit);
    }
    try {
      if (gzip != null) {
        gzip.write(bytes, from, length);
      } else {
        store(bytes, from, length);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void store(byte[] bytes, int from, int length) {
    sha256.update(bytes, from, length);
    md5.update(bytes, from, length);
    stored += length;
    int at = from;
    int end = from + length;
    while (at < end) {
      if (piece.size() == BlobRows.PIECE_BYTES) { // not before: what is last goes with the end
        blobs.write(number, pieces, piece.toBytes());
        pieces++;
        piece.clear();
      }
      int count = Math.min(end - at, BlobRows.PIECE_BYTES - piece.size());
      piece.raw(bytes, at, count);
      at += count;
    }
  }

  /** Where what is compressed goes. */
  private final class Stored extends OutputStream {
    @Override
    public void write(int one) {
      store(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      store(bytes, from, length);
    }
  }

  /**
   * Ends it: the bytes are durable when this returns. A second call returns the same.
   *
   * @throws dev.stave.storage.StorageException if the disk refuses
   */
  public Attachment finish() {
    Attachment known = attachment;
    if (known != null) {
      return known;
    }
    if (closed) {
      throw new IllegalStateException("the upload was given up");
    }
    try {
      if (gzip != null) {
        gzip.finish();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String sha = BlobRows.hex(sha256.digest());
    Blob blob = new Blob(number, stored, BlobRows.digestOf(md5.digest()), 0);
    committer.betweenCommits(
        () -> {
          blobs.finish(sha, blob, pieces, piece.toBytes());
          return blob;
        });
    long length = toldLength < 0 ? written : toldLength;
    known = new Attachment(contentType, length, sha, blob.digest(), encoding, stored, 0);
    attachment = known;
    return known;
  }

  /** Lets go of the bytes. What no document has then is not kept. A second call does nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (gzip != null) {
      gzip.end();
    }
    Attachment known = attachment;
    try {
      if (known == null) {
        blobs.discard(number, pieces);
      } else {
        committer.betweenCommits(() -> blobs.release(known.sha256()));
      }
    } catch (StorageClosedException e) {
      // it is collected when the database is opened again
    }
  }
}
