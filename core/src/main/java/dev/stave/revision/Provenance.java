package dev.stave.revision;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Who made a revision, when and why, as far as somebody said so. It is told beside the revision and
 * is no part of it: the same edit is the same revision, whoever makes it.
 *
 * @param author 1 to {@value #MAX_AUTHOR_BYTES} bytes of UTF-8; null if nobody is named
 * @param time of the clock of the database in which it was made; null if it is not known
 * @param reason 1 to {@value #MAX_REASON_BYTES} bytes of UTF-8; null if there is none
 */
public record Provenance(
    @Nullable String author, @Nullable HybridTime time, @Nullable String reason) {

  public static final int MAX_AUTHOR_BYTES = 256;
  public static final int MAX_REASON_BYTES = 4_096;

  /** The earlier time first, then by text; what is not said comes last. */
  private static final Comparator<Provenance> FIRST_ACCOUNT =
      Comparator.comparing(
              Provenance::time, Comparator.nullsLast(Comparator.<HybridTime>naturalOrder()))
          .thenComparing(Provenance::author, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(Provenance::reason, Comparator.nullsLast(Comparator.naturalOrder()));

  /**
   * @throws InvalidProvenanceException if a text is empty, too long or no Unicode, or nothing is
   *     said at all
   */
  public Provenance {
    if (author == null && time == null && reason == null) {
      throw new InvalidProvenanceException("a provenance has an author, a time or a reason");
    }
    checkAuthor(author);
    checkReason(reason);
  }

  /** Returns {@code author} if it may be one; null is nobody. */
  public static @Nullable String checkAuthor(@Nullable String author) {
    return checked("author", author, MAX_AUTHOR_BYTES);
  }

  /** Returns {@code reason} if it may be one; null is none. */
  public static @Nullable String checkReason(@Nullable String reason) {
    return checked("reason", reason, MAX_REASON_BYTES);
  }

  private static @Nullable String checked(String what, @Nullable String text, int maxBytes) {
    if (text == null) {
      return null;
    }
    int bytes;
    try {
      bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)).remaining();
    } catch (CharacterCodingException e) {
      throw new InvalidProvenanceException("there is a lone surrogate", "in", what);
    }
    if (bytes == 0 || bytes > maxBytes) {
      throw new InvalidProvenanceException(
          "the " + what + " has 1 to " + maxBytes + " bytes of UTF-8", "bytes", bytes);
    }
    return text;
  }

  /**
   * Which of two accounts of one revision counts: that of the earlier time, then the one with the
   * lesser texts. So it does not matter which was learnt first.
   */
  public Provenance and(Provenance other) {
    return FIRST_ACCOUNT.compare(this, other) <= 0 ? this : other;
  }
}
