package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract over a memtable so small that rows soon lie in segments, and those merge. */
class FileStorageTest extends StorageContract {

  @TempDir Path folder;

  @Override
  FileStorage open() {
    return StorageContract.open(folder, 4_000);
  }

  @Test
  void commit_batchOverTheLimit_isRefusedAndLeavesNothing() {
    byte[] value = new byte[32 << 20];
    StorageBatch batch = new StorageBatch();
    for (int i = 0; i < 64; i++) {
      batch.put(bytes("key " + i), value); // the same array: the batch is large, the test is not
    }
    try (FileStorage storage = open(folder.resolve("other"), 4_000)) {
      assertThatThrownBy(() -> storage.commit(batch))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at most " + FileStorage.MAX_BATCH_BYTES);
      try (StorageSnapshot snapshot = storage.snapshot()) {
        assertThat(snapshot.get(bytes("key 1"))).isNull();
      }
    }
  }
}
