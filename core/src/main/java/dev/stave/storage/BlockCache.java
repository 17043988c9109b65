package dev.stave.storage;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Branch blocks that were read lately, checked once for all. A read passes two or three of them and
 * then one leaf; leaves are not kept, since they are a hundred times as many and the machine's page
 * cache has them.
 *
 * <p>Each block has one place, where the last one that was put there stands. Any thread may call
 * any method.
 */
final class BlockCache {

  /** About what a cached block takes. */
  private static final int BLOCK_BYTES = 4_500;

  private record Cached(SortedFile file, long offset, Block block) {}

  private final AtomicReferenceArray<@Nullable Cached> places;

  /** Takes at most about {@code bytes} of heap. */
  BlockCache(long bytes) {
    int count = (int) Math.max(1, Math.min(1 << 20, bytes / BLOCK_BYTES));
    places = new AtomicReferenceArray<>(Integer.highestOneBit(count));
  }

  @Nullable Block get(SortedFile file, long offset) {
    Cached cached = places.get(placeOf(file, offset));
    return cached != null && cached.file == file && cached.offset == offset ? cached.block : null;
  }

  void put(SortedFile file, long offset, Block block) {
    places.set(placeOf(file, offset), new Cached(file, offset, block));
  }

  private int placeOf(SortedFile file, long offset) {
    long mixed = (offset + System.identityHashCode(file)) * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 33) & places.length() - 1;
  }
}
