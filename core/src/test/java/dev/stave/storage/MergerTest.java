package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergerTest {

  private static final int BODIES = 40;

  @TempDir Path folder;

  private static StorageBatch batch(int from, int to, boolean isDeleted) {
    StorageBatch batch = new StorageBatch();
    for (int i = from; i < to; i++) {
      if (isDeleted) {
        batch.delete(key(i));
      } else {
        batch.put(key(i), body(i));
      }
    }
    return batch;
  }

  private static byte[] key(int i) {
    return StorageContract.bytes("key " + (100 + i));
  }

  private static byte[] body(int i) {
    return StorageContract.noise(2 * Segment.MIN_BODY, i);
  }

  @Test
  void compact_halfOfTheBodiesDeleted_leavesTheirGarbageBehindInOneMerge() {
    try (FileStorage storage = FileStorage.open(folder)) {
      storage.commit(batch(0, BODIES, false));
      storage.compact();
      long merges = storage.stats().merges();
      storage.commit(batch(0, BODIES / 2, true));

      storage.compact();

      assertThat(storage.stats().merges()).isEqualTo(merges + 1);
      assertThat(storage.stats().garbageBytes()).isZero();
      assertThat(storage.stats().bodyBytes()).isLessThan(BODIES * Segment.MIN_BODY * 3 / 2);
      try (StorageSnapshot snapshot = storage.snapshot()) {
        for (int i = 0; i < BODIES; i++) {
          assertThat(snapshot.get(key(i))).isEqualTo(i < BODIES / 2 ? null : body(i));
        }
      }
    }
  }
}
