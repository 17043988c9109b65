package dev.stave.server.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of an index's storage.
 *
 * <pre>
 * 00                              the state: see ViewState
 * 01 u16(map)                     u64(rows of that map function)
 * 02 u16(map) key id 00 u32(n)    a row, the n-th of the document in the order of values:
 *                                 u8(cut) u32(size) key u32(size) id value
 * 03 id                           u32(rows) (u16(map) u32(n) u16(size) key)*: what rows it has
 * key, in a row's key             a ViewKey, of which only the first 440 bytes; cut: 1 if there are more
 * key, value                      JSON
 * </pre>
 */
final class RowKeys {

  /** Of longer keys the order is made when they are read. */
  static final int MAX_KEY_BYTES = 440;

  /** Counts up when rows are put in another order, so that older indexes are made anew. */
  static final int ORDER = 2;

  static final byte[] STATE = {0};

  private static final int COUNT = 1;
  private static final int ROW = 2;
  private static final int DOCUMENT = 3;

  /** The key right after all of {@link #documentKey}. */
  static final byte[] AFTER_DOCUMENTS = {DOCUMENT + 1};

  private RowKeys() {}

  /** What one map function emitted, in short. */
  record Emitted(int map, int number, byte[] key) {

    byte[] rowKey(String id) {
      byte[] text = utf8(id);
      return ByteBuffer.allocate(3 + key.length + text.length + 5)
          .put(prefix(map))
          .put(key)
          .put(text)
          .put((byte) 0)
          .putInt(number)
          .array();
    }
  }

  static byte[] cut(byte[] key) {
    return key.length <= MAX_KEY_BYTES ? key : Arrays.copyOf(key, MAX_KEY_BYTES);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] countKey(int map) {
    return new byte[] {COUNT, (byte) (map >>> 8), (byte) map};
  }

  /** What the keys of all rows of a map function begin with. */
  static byte[] prefix(int map) {
    return new byte[] {ROW, (byte) (map >>> 8), (byte) map};
  }

  static byte[] documentKey(String id) {
    byte[] text = utf8(id);
    return ByteBuffer.allocate(1 + text.length).put((byte) DOCUMENT).put(text).array();
  }

  static String idOfDocument(byte[] documentKey) {
    return new String(documentKey, 1, documentKey.length - 1, StandardCharsets.UTF_8);
  }

  static byte[] rowValue(boolean cut, JsonNode key, String id, JsonNode value) {
    byte[] keyText = utf8(key.toString());
    byte[] idText = utf8(id);
    byte[] valueText = utf8(value.toString());
    return ByteBuffer.allocate(9 + keyText.length + idText.length + valueText.length)
        .put((byte) (cut ? 1 : 0))
        .putInt(keyText.length)
        .put(keyText)
        .putInt(idText.length)
        .put(idText)
        .put(valueText)
        .array();
  }

  static ViewRow row(byte[] value) {
    ByteBuffer in = ByteBuffer.wrap(value, 1, value.length - 1);
    JsonNode key = JsonObject.parseValue(sized(in));
    String id = new String(sized(in), StandardCharsets.UTF_8);
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    return new ViewRow(key, id, rest);
  }

  static boolean isCut(byte[] value) {
    return value[0] == 1;
  }

  private static byte[] sized(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }

  static byte[] documentValue(List<Emitted> rows) {
    int size = 4;
    for (Emitted row : rows) {
      size += 8 + row.key().length;
    }
    ByteBuffer out = ByteBuffer.allocate(size).putInt(rows.size());
    for (Emitted row : rows) {
      out.putShort((short) row.map()).putInt(row.number()).putShort((short) row.key().length);
      out.put(row.key());
    }
    return out.array();
  }

  static List<Emitted> emitted(byte[] documentValue) {
    ByteBuffer in = ByteBuffer.wrap(documentValue);
    int count = in.getInt();
    List<Emitted> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int map = in.getShort() & 0xffff;
      int number = in.getInt();
      byte[] key = new byte[in.getShort() & 0xffff];
      in.get(key);
      rows.add(new Emitted(map, number, key));
    }
    return rows;
  }
}
