package dev.stave.index;

import java.util.Arrays;

/** As {@link IntColumn}, of longs that are never changed. */
final class LongColumn {

  private static final int CHUNK_BITS = 13;
  private static final int CHUNK_SIZE = 1 << CHUNK_BITS;

  private volatile long[][] chunks = new long[0][];
  private int size;

  /** Another one with the same numbers, which shares the chunks that are full. */
  LongColumn copy() {
    LongColumn copy = new LongColumn();
    copy.chunks = chunks.clone();
    int last = copy.chunks.length - 1;
    if (last >= 0) {
      copy.chunks[last] = copy.chunks[last].clone();
    }
    copy.size = size;
    return copy;
  }

  long get(int i) {
    return chunks[i >>> CHUNK_BITS][i & CHUNK_SIZE - 1];
  }

  void add(long value) {
    if (size >>> CHUNK_BITS == chunks.length) {
      long[][] more = Arrays.copyOf(chunks, chunks.length + 1);
      more[chunks.length] = new long[CHUNK_SIZE];
      chunks = more;
    }
    chunks[size >>> CHUNK_BITS][size & CHUNK_SIZE - 1] = value;
    size++;
  }

  int size() {
    return size;
  }

  /** The place of the first value above {@code bound} among the first {@code count}, ascending. */
  int firstAbove(long bound, int count) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (get(middle) > bound) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
