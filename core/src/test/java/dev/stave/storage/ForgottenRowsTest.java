package dev.stave.storage;

import static dev.stave.storage.StorageContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * A storage in memory never forgot what it deleted: 1,000 commits that put one key and deleted
 * another left 2,000 rows in memory for the one live.
 */
class ForgottenRowsTest {

  private final MemoryStorage storage = new MemoryStorage();

  private void putAndDelete(int put, int delete) {
    StorageBatch batch = new StorageBatch();
    batch.put(bytes("key " + put), bytes("value " + put));
    batch.delete(bytes("key " + delete));
    storage.commit(batch);
  }

  @Test
  void commit_underASnapshotOfItsOwn_keepsAFewRowsOnly() {
    for (int i = 1; i <= 1_000; i++) {
      try (StorageSnapshot snapshot = storage.snapshot()) {
        putAndDelete(i, i - 1);
      }
    }

    assertThat(storage.rowsHeld()).isLessThan(10);
  }

  @Test
  void commit_overAndOver_keepsAtMostAboutTwiceWhatIsLive() {
    for (int i = 0; i < 10_000; i++) {
      putAndDelete(i % 100, 1_000 + i);
    }

    assertThat(storage.rowsHeld()).isLessThan(400);
  }
}
