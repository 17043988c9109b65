package dev.stave.index;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.roaringbitmap.longlong.Roaring64NavigableMap;

/** Sets of sequences. Those that are shared are never changed, so that any thread may read them. */
final class Sequences {

  private Sequences() {}

  /** An empty set, which caches nothing when it is read: many threads may. */
  static Roaring64NavigableMap none() {
    return new Roaring64NavigableMap(false, false);
  }

  static Roaring64NavigableMap copy(Roaring64NavigableMap set) {
    Roaring64NavigableMap copy = none();
    copy.or(set);
    return copy;
  }

  static byte[] toBytes(Roaring64NavigableMap set) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      set.runOptimize();
      set.serializePortable(out);
    } catch (IOException e) {
      throw new IllegalStateException("an array cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IllegalStateException if it is none
   */
  static Roaring64NavigableMap of(byte[] bytes, int from) {
    Roaring64NavigableMap set = none();
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(bytes, from, bytes.length - from))) {
      set.deserializePortable(in);
    } catch (IOException e) {
      throw new IllegalStateException("not a set of sequences", e);
    }
    return set;
  }
}
