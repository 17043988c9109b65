package dev.stave.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Bytes;
import java.nio.charset.StandardCharsets;
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
    byte[] end = ValueKey.isLongString(key) ? highestLike(key) : after(key);
    return new KeyRange(key, end, !ValueKey.isCoarse(key));
  }

  /** The document {@code id}, at the path of ids: their keys are whole, whatever their length. */
  static KeyRange ofId(String id) {
    ByteWriter key = new ByteWriter(64);
    ValueKey.writeId(id, key);
    return new KeyRange(key.toBytes(), after(key.toBytes()), true);
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

  /** Null. */
  public static KeyRange nulls() {
    return ofTypes(ValueKey.NULL, ValueKey.NULL);
  }

  /** All but arrays and objects. */
  public static KeyRange scalars() {
    return ofTypes(ValueKey.NULL, ValueKey.STRING);
  }

  /** Both booleans. */
  public static KeyRange booleans() {
    return ofTypes(ValueKey.FALSE, ValueKey.TRUE);
  }

  /** Numbers. */
  public static KeyRange numbers() {
    return ofTypes(ValueKey.NUMBER, ValueKey.NUMBER);
  }

  /** Strings. */
  public static KeyRange strings() {
    return ofTypes(ValueKey.STRING, ValueKey.STRING);
  }

  /** Strings that begin with {@code prefix}. */
  public static KeyRange stringsFrom(String prefix) {
    byte[] key = ValueKey.of(TextNode.valueOf(prefix));
    boolean whole = prefix.getBytes(StandardCharsets.UTF_8).length < key.length;
    return new KeyRange(key, highestLike(key), whole);
  }

  /** Arrays, of any size. */
  public static KeyRange arrays() {
    return ofTypes(ValueKey.ARRAY, ValueKey.ARRAY);
  }

  /** Arrays of so many elements, from 0. */
  public static KeyRange arraysOf(int elements) {
    byte[] key = container(ValueKey.ARRAY, elements);
    return new KeyRange(key, after(key), true);
  }

  /** Arrays with an element at least. */
  public static KeyRange filledArrays() {
    return arrays().and(new KeyRange(container(ValueKey.ARRAY, 1), null, true));
  }

  /** Objects, of any size. */
  public static KeyRange objects() {
    return ofTypes(ValueKey.OBJECT, ValueKey.OBJECT);
  }

  /** Objects with a member at least. */
  public static KeyRange filledObjects() {
    return objects().and(new KeyRange(container(ValueKey.OBJECT, 1), null, true));
  }

  private static byte[] container(int type, int size) {
    return new ByteWriter(5).u8(type).u32(size).toBytes();
  }

  private static KeyRange ofTypes(int first, int last) {
    return new KeyRange(new byte[] {(byte) first}, new byte[] {(byte) (last + 1)}, true);
  }

  boolean mayHoldObjects() {
    return to == null || Bytes.compare(to, new byte[] {ValueKey.OBJECT}) > 0;
  }

  /** What lies in both. Empty ranges are ranges too. */
  public KeyRange and(KeyRange other) {
    byte[] higher = Bytes.compare(from, other.from) >= 0 ? from : other.from;
    byte[] lower =
        to == null || (other.to != null && Bytes.compare(other.to, to) < 0) ? other.to : to;
    return new KeyRange(higher, lower, exact && other.exact);
  }

  /** Whether {@code key} is in it. */
  boolean contains(byte[] key) {
    return Bytes.compare(from, key) <= 0 && (to == null || Bytes.compare(key, to) < 0);
  }

  /** Whether no key is in it. */
  public boolean isEmpty() {
    return to != null && Bytes.compare(from, to) >= 0;
  }

  /** Whether it holds one key and no other. */
  public boolean isOneKey() {
    byte[] end = to;
    return end != null
        && end.length == from.length + 1
        && end[from.length] == 0
        && Bytes.sharedPrefix(from, end) == from.length;
  }

  /** The key right after {@code key}. */
  private static byte[] after(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  /** Where values begin that a coarse key cannot be told from, or whose order it does not know. */
  private static byte[] lowestLike(byte[] key) {
    return key[0] == ValueKey.STRING ? key : new byte[] {key[0]};
  }

  /** No UTF-8 has the byte ff: that is after all strings that begin with this one. */
  private static byte[] highestLike(byte[] key) {
    if (key[0] != ValueKey.STRING) {
      return new byte[] {(byte) (key[0] + 1)};
    }
    byte[] end = Arrays.copyOf(key, key.length + 1);
    end[key.length] = (byte) 0xff;
    return end;
  }
}
