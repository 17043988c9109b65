package dev.stave.database;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.document.Attachment;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of attachments as rows. Bytes are a blob, which is there once, in pieces, under the
 * number of the upload that brought it:
 *
 * <pre>
 * 'a' sha256             → u64(number) varint(length) raw(16: md5) varint(references)
 * 'd' u64(number) u32(i) → piece i; all but the last are of PIECE_BYTES
 * 'e' u64(number)        → varint(pieces) [sha256]   nobody refers to it: with sha256, a blob; else
 *                          an upload under way. It goes when the database is opened
 * 'o'                    → 01                        there was a blob once
 *
 * attachments = varint(count) (text(name) text(content type) raw(32: sha256) raw(16: md5)
 *               varint(length) varint(revpos) varint(0 | 1 + length as it is stored, by gzip))*
 * </pre>
 *
 * A reference is an attachment of a body that is kept.
 */
final class BlobRows {

  static final int PIECE_BYTES = 256 << 10;
  static final byte[] ANY = {'o'};
  static final byte[] BLOB = {'a'};
  static final byte[] PIECE = {'d'};
  static final byte[] PENDING = {'e'};
  static final byte[] YES = {1};
  static final int SHA_BYTES = 32;
  private static final int MD5_BYTES = 16;
  private static final String MD5 = "md5-";

  private BlobRows() {}

  /** Where the bytes are whose SHA-256 names them. */
  record Blob(long number, long length, String digest, long references) {

    static @Nullable Blob read(StorageSnapshot rows, String sha256) {
      byte[] row = rows.get(blobKey(sha256));
      return row == null ? null : decode(row);
    }

    static Blob decode(byte[] row) {
      ByteReader in = new ByteReader(row);
      return new Blob(in.u64(), in.varint(), digestOf(in.raw(MD5_BYTES)), in.varint());
    }

    Blob withReferences(long count) {
      return new Blob(number, length, digest, count);
    }

    int pieces() {
      return BlobRows.pieces(length);
    }

    void putTo(StorageBatch batch, String sha256) {
      ByteWriter out = new ByteWriter().u64(number).varint(length).raw(md5(digest));
      batch.put(blobKey(sha256), out.varint(references).toBytes());
    }

    /** Takes all of it out. */
    void deleteFrom(StorageBatch batch, String sha256) {
      batch.delete(blobKey(sha256));
      deletePieces(batch, number, pieces());
    }
  }

  static int pieces(long length) {
    return (int) ((length + PIECE_BYTES - 1) / PIECE_BYTES);
  }

  static void deletePieces(StorageBatch batch, long number, int pieces) {
    for (int i = 0; i < pieces; i++) {
      batch.delete(pieceKey(number, i));
    }
    batch.delete(pendingKey(number));
  }

  static byte[] blobKey(String sha256) {
    return new ByteWriter(1 + SHA_BYTES).raw(BLOB).raw(bytesOf(sha256)).toBytes();
  }

  static String shaOfBlob(byte[] key) {
    return hex(new ByteReader(key, BLOB.length).raw(SHA_BYTES));
  }

  static byte[] pieceKey(long number, int piece) {
    return new ByteWriter(13).raw(PIECE).u64(number).u32(piece).toBytes();
  }

  /** What the keys of all pieces of an upload begin with. */
  static byte[] piecesOf(long number) {
    return new ByteWriter(9).raw(PIECE).u64(number).toBytes();
  }

  static long numberOf(byte[] key) {
    return new ByteReader(key, 1).u64();
  }

  static byte[] pendingKey(long number) {
    return new ByteWriter(9).raw(PENDING).u64(number).toBytes();
  }

  static void putPending(StorageBatch batch, long number, int pieces, @Nullable String sha256) {
    ByteWriter out = new ByteWriter().varint(pieces);
    if (sha256 != null) {
      out.raw(bytesOf(sha256));
    }
    batch.put(pendingKey(number), out.toBytes());
  }

  /** Takes out what a row of {@link #PENDING} tells of. */
  static void deletePending(StorageBatch batch, byte[] key, byte[] value) {
    ByteReader in = new ByteReader(value);
    deletePieces(batch, numberOf(key), (int) in.varint());
    if (!in.atEnd()) {
      batch.delete(blobKey(hex(in.raw(SHA_BYTES))));
    }
  }

  static void write(ByteWriter out, Map<String, Attachment> attachments) {
    out.varint(attachments.size());
    attachments.forEach(
        (name, attachment) -> {
          out.text(name).text(attachment.contentType());
          out.raw(bytesOf(attachment.sha256())).raw(md5(attachment.digest()));
          out.varint(attachment.length()).varint(attachment.revpos());
          out.varint(attachment.encoding() == null ? 0 : 1 + attachment.storedLength());
        });
  }

  static SortedMap<String, Attachment> read(ByteReader in) {
    SortedMap<String, Attachment> attachments = new TreeMap<>();
    for (int left = in.length(); left > 0; left--) {
      String name = in.text();
      String contentType = in.text();
      String sha256 = hex(in.raw(SHA_BYTES));
      String digest = digestOf(in.raw(MD5_BYTES));
      long length = in.varint();
      int revpos = (int) in.varint();
      long stored = in.varint() - 1;
      String encoding = stored < 0 ? null : Attachment.GZIP;
      attachments.put(
          name,
          new Attachment(
              contentType,
              length,
              sha256,
              digest,
              encoding,
              encoding == null ? length : stored,
              revpos));
    }
    return attachments;
  }

  static String digestOf(byte[] md5) {
    return MD5 + Base64.getEncoder().encodeToString(md5);
  }

  private static byte[] md5(String digest) {
    byte[] md5 = Base64.getDecoder().decode(digest.substring(MD5.length()));
    if (!digest.startsWith(MD5) || md5.length != MD5_BYTES) {
      throw new IllegalArgumentException("a digest is md5- and 16 bytes in base64: " + digest);
    }
    return md5;
  }

  static String hex(byte[] bytes) {
    char[] text = new char[2 * bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      text[2 * i] = Character.forDigit(bytes[i] >> 4 & 0xf, 16);
      text[2 * i + 1] = Character.forDigit(bytes[i] & 0xf, 16);
    }
    return new String(text);
  }

  private static byte[] bytesOf(String sha256) {
    byte[] bytes = new byte[SHA_BYTES];
    for (int i = 0; i < 2 * SHA_BYTES; i++) {
      int digit = i < sha256.length() ? Character.digit(sha256.charAt(i), 16) : -1;
      if (digit < 0 || sha256.length() != 2 * SHA_BYTES) {
        throw new IllegalArgumentException("a SHA-256 is 64 hex digits: " + sha256);
      }
      bytes[i / 2] |= (byte) (i % 2 == 0 ? digit << 4 : digit);
    }
    return bytes;
  }
}
