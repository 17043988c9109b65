package dev.stave.storage;

import static dev.stave.storage.StorageContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * A commit under an open snapshot, as every commit of a database is, never forgot what it deleted:
 * 1,000 commits that put one key and deleted another left 2,000 rows in memory for the one live.
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
  void commit_underASnapshotOfItsOwn_isForgottenWhenThatCloses() {
    for (int i = 1; i <= 1_000; i++) {
      try (StorageSnapshot snapshot = storage.snapshot()) {
        putAndDelete(i, i - 1);
      }
    }

    assertThat(storage.rowsHeld()).isEqualTo(1);
  }

  @Test
  void close_ofTheOldestSnapshot_forgetsOnlyWhatTheNextOneCannotSee() {
    putAndDelete(1, 0);
    StorageSnapshot oldest = storage.snapshot();
    putAndDelete(2, 1);
    StorageSnapshot next = storage.snapshot();
    putAndDelete(3, 2);
    assertThat(oldest.get(bytes("key 1"))).isNotNull();

    oldest.close();
    assertThat(next.get(bytes("key 1"))).isNull();
    assertThat(next.get(bytes("key 2"))).isEqualTo(bytes("value 2"));
    assertThat(next.get(bytes("key 3"))).isNull();
    assertThat(storage.rowsHeld()).isEqualTo(3); // key 2 and its deletion, key 3

    next.close();
    assertThat(storage.rowsHeld()).isEqualTo(1);
  }
}
