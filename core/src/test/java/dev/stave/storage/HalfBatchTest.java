package dev.stave.storage;

import static dev.stave.storage.StorageContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * When memory ran out between two rows of a batch that was in the log already, the next commit had
 * the same version, and showed the half of the batch that had gone in.
 */
class HalfBatchTest {

  @TempDir Path folder;

  private static StorageBatch batch(String... keys) {
    StorageBatch batch = new StorageBatch();
    for (String key : keys) {
      batch.put(bytes(key), bytes("value"));
    }
    return batch;
  }

  /** A memtable's map that has room for one row. */
  private static final class FullMap<K, V> extends ConcurrentSkipListMap<K, V> {
    private static final long serialVersionUID = 1L;

    @Override
    public V put(K key, V value) {
      if (!isEmpty()) {
        throw new OutOfMemoryError("as if");
      }
      return super.put(key, value);
    }
  }

  private static void set(Object owner, String name, Object value) throws Exception {
    Field field = owner.getClass().getDeclaredField(name);
    field.setAccessible(true);
    field.set(owner, value);
  }

  @Test
  void commit_outOfMemoryAmidABatch_showsNothingOfItUntilReopened() throws Exception {
    try (FileStorage storage = FileStorage.open(folder)) {
      Memtable full = new Memtable();
      set(full, "entries", new FullMap<>());
      set(storage, "memtable", full);

      assertThatThrownBy(() -> storage.commit(batch("a", "b"))).isInstanceOf(Error.class);
      assertThatThrownBy(() -> storage.commit(batch()))
          .hasMessageContaining("close the database and reopen it");

      try (StorageSnapshot snapshot = storage.snapshot()) {
        assertThat(snapshot.get(bytes("a"))).isNull();
      }
    }
    try (FileStorage storage = FileStorage.open(folder);
        StorageSnapshot snapshot = storage.snapshot()) {
      assertThat(snapshot.get(bytes("a"))).isNotNull();
      assertThat(snapshot.get(bytes("b"))).isNotNull();
    }
  }
}
