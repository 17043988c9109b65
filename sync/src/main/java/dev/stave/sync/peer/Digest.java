package dev.stave.sync.peer;

import dev.stave.revision.RevisionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What stands for a set of documents with their leaves: the sum, modulo 2^128, of a hash of each,
 * in whatever order they are added. Two sets that differ have the same one by a chance of 2^-128,
 * unless somebody has worked for it.
 *
 * <p>The hash of a document is the first 16 bytes of the SHA-256 of its id in UTF-8 and, in the
 * order of their text, a zero byte and the text of each leaf, deleted ones included. Bodies and
 * attachments are what the revisions' ids say: Stave makes those of both, others' are believed.
 *
 * @param documents how many
 * @param high the upper 64 bits of the sum
 * @param low the others
 */
public record Digest(long documents, long high, long low) {

  public static final Digest NONE = new Digest(0, 0, 0);

  private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Digest::sha256);

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** This set and one more document. */
  public Digest plus(String id, List<RevisionId> leaves) {
    List<String> texts = new ArrayList<>(leaves.size());
    leaves.forEach(leaf -> texts.add(leaf.toString()));
    Collections.sort(texts);
    MessageDigest hash = SHA_256.get();
    hash.update(id.getBytes(StandardCharsets.UTF_8));
    for (String text : texts) {
      hash.update((byte) 0);
      hash.update(text.getBytes(StandardCharsets.UTF_8));
    }
    ByteBuffer first = ByteBuffer.wrap(hash.digest());
    return plus(new Digest(1, first.getLong(), first.getLong()));
  }

  /** Both sets; they have no document in common. */
  public Digest plus(Digest other) {
    long sum = low + other.low;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    return new Digest(documents + other.documents, high + other.high + carry, sum);
  }

  /** The sum as 32 hex digits. */
  public String hex() {
    return hex(high) + hex(low);
  }

  private static String hex(long bits) {
    String digits = Long.toHexString(bits);
    return "0000000000000000".substring(digits.length()) + digits;
  }

  /**
   * What {@link #hex} made.
   *
   * @throws IllegalArgumentException if it did not
   */
  public static Digest of(long documents, String hex) {
    if (hex.length() != 32 || documents < 0) {
      throw new IllegalArgumentException("no digest: " + hex);
    }
    return new Digest(
        documents,
        Long.parseUnsignedLong(hex.substring(0, 16), 16),
        Long.parseUnsignedLong(hex.substring(16), 16));
  }
}
