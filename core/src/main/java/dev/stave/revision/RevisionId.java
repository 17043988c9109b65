package dev.stave.revision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.stave.json.CanonicalJson;
import dev.stave.json.JsonOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The name of one edit: its depth in the tree and a digest, written {@code 3-9f2c…}.
 *
 * <p>Stave's digests are computed from the edit ({@link #of}), so that the same edit of the same
 * parent is the same revision on every peer. Digests of other databases are kept as they come: any
 * text of 1 to {@value #MAX_DIGEST_LENGTH} visible ASCII characters.
 *
 * <p>Ordered by generation, then by digest.
 */
public record RevisionId(int generation, String digest) implements Comparable<RevisionId> {

  public static final int MAX_DIGEST_LENGTH = 128;

  private static final int DIGEST_BYTES = 16;

  private static final JsonNode NONE = MissingNode.getInstance();

  public RevisionId {
    if (generation < 1) {
      throw new InvalidRevisionException("a generation is at least 1", generation + "-" + digest);
    }
    if (digest.isEmpty() || digest.length() > MAX_DIGEST_LENGTH || !isVisibleAscii(digest)) {
      throw new InvalidRevisionException(
          "a digest is 1 to " + MAX_DIGEST_LENGTH + " visible ASCII characters",
          generation + "-" + digest);
    }
  }

  private static boolean isVisibleAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return true;
  }

  /** Reads {@code generation-digest}. */
  public static RevisionId parse(String text) {
    int dash = text.indexOf('-');
    long generation = dash < 1 || dash > 10 ? -1 : 0;
    for (int i = 0; i < dash && generation >= 0; i++) {
      int digit = text.charAt(i) - '0';
      generation = digit < 0 || digit > 9 ? -1 : 10 * generation + digit;
    }
    if (generation < 0) {
      throw new InvalidRevisionException("a revision id is generation-digest", text);
    }
    if (generation > Integer.MAX_VALUE) {
      throw new InvalidRevisionException("a generation is at most " + Integer.MAX_VALUE, text);
    }
    return new RevisionId((int) generation, text.substring(dash + 1));
  }

  /**
   * The revision that {@code body} makes of {@code parent}: the first 128 bits of the SHA-256 of
   * parent, NUL, {@code 1} if it deletes and else {@code 0}, NUL, canonical body.
   */
  public static RevisionId of(@Nullable RevisionId parent, boolean deleted, JsonNode body) {
    return of(parent, List.of(), deleted, body, NONE);
  }

  /**
   * As {@link #of(RevisionId, boolean, JsonNode)}, with NUL and the canonical form of what {@code
   * attachments} says behind the body, if it says anything.
   */
  public static RevisionId of(
      @Nullable RevisionId parent, boolean deleted, JsonNode body, JsonNode attachments) {
    return of(parent, List.of(), deleted, body, attachments);
  }

  /**
   * The revision that {@code body} makes of {@code parent} and of branches that end with {@code
   * others}: as {@link #of}, with a space and the id of each behind the parent's. Merges of
   * different branches are different revisions, though they come to the same.
   *
   * @param others in the order in which they would win; no id has a space
   */
  public static RevisionId ofMerge(
      RevisionId parent, List<RevisionId> others, boolean deleted, JsonNode body) {
    return of(parent, others, deleted, body, NONE);
  }

  /** As {@link #ofMerge(RevisionId, List, boolean, JsonNode)}, with attachments. */
  public static RevisionId ofMerge(
      RevisionId parent,
      List<RevisionId> others,
      boolean deleted,
      JsonNode body,
      JsonNode attachments) {
    return of(parent, others, deleted, body, attachments);
  }

  private static RevisionId of(
      @Nullable RevisionId parent,
      List<RevisionId> others,
      boolean deleted,
      JsonNode body,
      JsonNode attachments) {
    if (parent != null && parent.generation == Integer.MAX_VALUE) {
      throw new InvalidRevisionException("no revision can follow this one", parent);
    }
    MessageDigest sha256 = sha256();
    if (parent != null) {
      sha256.update(parent.toString().getBytes(StandardCharsets.US_ASCII));
    }
    for (RevisionId other : others) {
      sha256.update((" " + other).getBytes(StandardCharsets.US_ASCII));
    }
    sha256.update((byte) 0);
    sha256.update((byte) (deleted ? '1' : '0'));
    sha256.update((byte) 0);
    CanonicalJson.update(sha256, body);
    if (!attachments.isEmpty()) {
      sha256.update((byte) 0);
      CanonicalJson.update(sha256, attachments);
    }
    return new RevisionId(parent == null ? 1 : parent.generation + 1, hex(sha256.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String hex(byte[] hash) {
    char[] text = new char[DIGEST_BYTES * 2];
    for (int i = 0; i < DIGEST_BYTES; i++) {
      text[2 * i] = Character.forDigit(hash[i] >> 4 & 0xf, 16);
      text[2 * i + 1] = Character.forDigit(hash[i] & 0xf, 16);
    }
    return new String(text);
  }

  @Override
  public int compareTo(RevisionId other) {
    int byGeneration = Integer.compare(generation, other.generation);
    return byGeneration != 0 ? byGeneration : JsonOrder.compareText(digest, other.digest);
  }

  @Override
  public String toString() {
    return generation + "-" + digest;
  }
}
