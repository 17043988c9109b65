package dev.stave.index;

import java.util.Arrays;

/**
 * A growing array of numbers in chunks, so that growing copies nothing. One thread writes; others
 * may read what was written before something volatile told them of it.
 */
final class IntColumn {

  private static final int CHUNK_BITS = 14;
  private static final int CHUNK_SIZE = 1 << CHUNK_BITS;

  private volatile int[][] chunks = new int[0][];
  private int size;

  /** Another one with the same numbers, which shares the chunks that are full. */
  IntColumn copy() {
    IntColumn copy = new IntColumn();
    copy.chunks = chunks.clone();
    int last = copy.chunks.length - 1;
    if (last >= 0) {
      copy.chunks[last] = copy.chunks[last].clone();
    }
    copy.size = size;
    return copy;
  }

  int get(int i) {
    return chunks[i >>> CHUNK_BITS][i & CHUNK_SIZE - 1];
  }

  void set(int i, int value) {
    chunks[i >>> CHUNK_BITS][i & CHUNK_SIZE - 1] = value;
  }

  void add(int value) {
    if (size >>> CHUNK_BITS == chunks.length) {
      int[][] more = Arrays.copyOf(chunks, chunks.length + 1);
      more[chunks.length] = new int[CHUNK_SIZE];
      chunks = more;
    }
    set(size++, value);
  }

  int size() {
    return size;
  }
}
