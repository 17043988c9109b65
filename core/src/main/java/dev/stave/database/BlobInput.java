package dev.stave.database;

import dev.stave.database.BlobRows.Blob;
import dev.stave.storage.StorageSnapshot;
import java.io.InputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Reads a blob as of one commit, whatever becomes of it meanwhile, one piece in memory. Skipping
 * reads nothing. For one thread.
 */
final class BlobInput extends InputStream {

  private static final byte[] NONE = {};

  private final @Nullable StorageSnapshot closed; // with the stream
  private final StorageSnapshot rows;
  private final Blob blob;
  private long position;
  private byte[] piece = NONE;
  private int pieceNumber = -1;

  /** Closes {@code rows} when it is closed itself. */
  BlobInput(StorageSnapshot rows, Blob blob) {
    this(rows, blob, rows);
  }

  /** Of rows that somebody else closes. */
  static BlobInput within(StorageSnapshot rows, Blob blob) {
    return new BlobInput(rows, blob, null);
  }

  private BlobInput(StorageSnapshot rows, Blob blob, @Nullable StorageSnapshot closed) {
    this.rows = rows;
    this.blob = blob;
    this.closed = closed;
  }

  /** What is wrong with a blob, or null: reads all of it. */
  static @Nullable String problem(StorageSnapshot rows, String sha256, Blob blob) {
    MessageDigest sha = AttachmentUpload.digest("SHA-256");
    MessageDigest md5 = AttachmentUpload.digest("MD5");
    BlobInput in = within(rows, blob);
    byte[] buffer = new byte[BlobRows.PIECE_BYTES];
    try {
      for (int count = in.read(buffer, 0, buffer.length);
          count >= 0;
          count = in.read(buffer, 0, buffer.length)) {
        sha.update(buffer, 0, count);
        md5.update(buffer, 0, count);
      }
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
    boolean isRight =
        BlobRows.hex(sha.digest()).equals(sha256)
            && BlobRows.digestOf(md5.digest()).equals(blob.digest());
    return isRight ? null : "its bytes are not those that it is named after";
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) {
    if (length == 0) {
      return 0;
    }
    if (position >= blob.length()) {
      return -1;
    }
    int number = (int) (position / BlobRows.PIECE_BYTES);
    if (number != pieceNumber) {
      piece = readPiece(number);
      pieceNumber = number;
    }
    int at = (int) (position % BlobRows.PIECE_BYTES);
    int count = Math.min(length, piece.length - at);
    System.arraycopy(piece, at, into, from, count);
    position += count;
    return count;
  }

  private byte[] readPiece(int number) {
    byte[] read = rows.get(BlobRows.pieceKey(blob.number(), number));
    long rest = blob.length() - (long) number * BlobRows.PIECE_BYTES;
    if (read == null || read.length != Math.min(rest, BlobRows.PIECE_BYTES)) {
      throw new IllegalStateException(
          "piece " + number + " of attachment " + blob.digest() + " is missing, or is cut");
    }
    return read;
  }

  @Override
  public long skip(long count) {
    long skipped = Math.max(0, Math.min(count, blob.length() - position));
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return pieceNumber == position / BlobRows.PIECE_BYTES
        ? piece.length - (int) (position % BlobRows.PIECE_BYTES)
        : 0;
  }

  @Override
  public void close() {
    if (closed != null) {
      closed.close();
    }
  }
}
