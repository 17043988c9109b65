package dev.stave.server.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonOrder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a view are meant, and in which order.
 *
 * @param low the lower bound, null for none
 * @param high the upper bound, null for none
 */
public record ViewRange(@Nullable Bound low, @Nullable Bound high, boolean descending) {

  /** All rows in ascending order. */
  public static final ViewRange ALL = new ViewRange(null, null, false);

  /**
   * A bound: a key, and of the rows with that key a document's.
   *
   * @param id null for the rows of all documents
   * @param excluded whether the bound does not belong to the range
   */
  public record Bound(JsonNode key, @Nullable String id, boolean excluded) {

    private byte[] bytes(int map) {
      byte[] key = RowKeys.cut(ViewKey.of(this.key));
      byte[] text = id == null || isCut() ? new byte[0] : RowKeys.utf8(id);
      return ByteBuffer.allocate(3 + key.length + text.length)
          .put(RowKeys.prefix(map))
          .put(key)
          .put(text)
          .array();
    }

    private boolean isCut() {
      return ViewKey.of(key).length > RowKeys.MAX_KEY_BYTES;
    }

    private int compare(ViewRow row) {
      int byKey = ViewKey.compare(row.key(), key);
      return byKey != 0 || id == null ? byKey : JsonOrder.compareText(row.id(), id);
    }
  }

  /** The rows with one key. */
  public static ViewRange of(JsonNode key, boolean descending) {
    Bound bound = new Bound(key, null, false);
    return new ViewRange(bound, bound, descending);
  }

  /** Whether no row can be in it: the bounds are the wrong way round. */
  public boolean isReversed() {
    return low != null && high != null && ViewKey.compare(low.key(), high.key()) > 0;
  }

  /** Where to begin in the storage; below that there is no row of the range. */
  byte[] from(int map) {
    if (low == null) {
      return RowKeys.prefix(map);
    }
    byte[] bytes = low.bytes(map);
    return low.excluded() && !low.isCut() ? end(bytes, low) : bytes;
  }

  /** Where to end in the storage; from there on there is no row of the range. */
  byte[] to(int map) {
    if (high == null) {
      return ViewKey.after(RowKeys.prefix(map));
    }
    byte[] bytes = high.bytes(map);
    return high.excluded() && !high.isCut() ? bytes : end(bytes, high);
  }

  /** After all rows of the bound's key, or of its document. */
  private static byte[] end(byte[] bytes, Bound bound) {
    return bound.id() == null || bound.isCut()
        ? ViewKey.after(bytes)
        : ByteBuffer.allocate(bytes.length + 1).put(bytes).put((byte) 1).array();
  }

  /** For rows whose key the storage does not have whole. */
  boolean contains(ViewRow row) {
    int aboveLow = low == null ? 1 : low.compare(row);
    int aboveHigh = high == null ? -1 : high.compare(row);
    return (aboveLow > 0 || aboveLow == 0 && (low == null || !low.excluded()))
        && (aboveHigh < 0 || aboveHigh == 0 && (high == null || !high.excluded()));
  }
}
