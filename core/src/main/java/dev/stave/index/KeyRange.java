package dev.stave.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.bytes.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of the line of all values: from one key (included) to another (excluded).
 *
 * <p>A range is never too small: it holds every value that it was asked for. Where keys are coarse
 * (long strings, arrays, objects) it may hold others too, and {@link #exact} is false.
 */
public record KeyRange(byte[] from, byte @Nullable [] to, boolean exact) {

  private static final byte[] LOWEST = {};

  /** Every value. */
  public static final KeyRange ALL = new KeyRange(LOWEST, null, true);

  /** Values equal to {@code value}. */
  public static KeyRange equalTo(JsonNode value) {
    byte[] key = ValueKey.of(value);
    return new KeyRange(key, after(key), !ValueKey.isCoarse(key));
  }

  /** Values above {@code value}, and equal to it if {@code included}. */
  public static KeyRange above(JsonNode value, boolean included) {
    byte[] key = ValueKey.of(value);
    if (ValueKey.isCoarse(key)) {
      return new KeyRange(lowestLike(key), null, false);
    }
    return new KeyRange(included ? key : after(key), null, true);
  }

  /** Values below {@code value}, and equal to it if {@code included}. */
  public static KeyRange below(JsonNode value, boolean included) {
    byte[] key = ValueKey.of(value);
    if (ValueKey.isCoarse(key)) {
      return new KeyRange(LOWEST, highestLike(key), false);
    }
    return new KeyRange(LOWEST, included ? after(key) : key, true);
  }

  /** Arrays, of any size. */
  public static KeyRange arrays() {
    return new KeyRange(new byte[] {ValueKey.ARRAY}, new byte[] {ValueKey.OBJECT}, true);
  }

  /** What lies in both. Empty ranges are ranges too. */
  public KeyRange and(KeyRange other) {
    byte[] higher = Bytes.compare(from, other.from) >= 0 ? from : other.from;
    byte[] lower =
        to == null || (other.to != null && Bytes.compare(other.to, to) < 0) ? other.to : to;
    return new KeyRange(higher, lower, exact && other.exact);
  }

  /** The key right after {@code key}. */
  private static byte[] after(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  /** Where values begin that a coarse key cannot be told from, or whose order it does not know. */
  private static byte[] lowestLike(byte[] key) {
    return key[0] == ValueKey.STRING ? key : new byte[] {key[0]};
  }

  private static byte @Nullable [] highestLike(byte[] key) {
    return key[0] == ValueKey.STRING ? after(key) : new byte[] {(byte) (key[0] + 1)};
  }
}
