package dev.stave.storage;

import static dev.stave.storage.StorageContract.bytes;
import static dev.stave.storage.StorageContract.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bound of memory that is kept, and files that go away beneath an open storage. */
class StorageLimitsTest {

  @TempDir Path folder;

  private static void commit(Storage storage, String key, int size) {
    StorageBatch batch = new StorageBatch();
    batch.put(bytes(key), noise(size, key.hashCode()));
    storage.commit(batch);
  }

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).collect(Collectors.toList());
    }
  }

  @Test
  void commit_moreThanTheMemory_staysWithinItAndAmplifiesLittle() {
    long memory = StorageOptions.MIN_MEMORY_BYTES;
    StorageOptions options = new StorageOptions(Durability.NONE, memory, 64 << 20);
    try (FileStorage storage = FileStorage.open(folder, options)) {
      long most = 0;
      for (int i = 0; i < 20_000; i++) {
        commit(storage, "key " + i, i % 10 == 0 ? 5_000 : 50);
        most = Math.max(most, storage.stats().memoryBytes());
      }
      StorageStats stats = storage.stats();

      assertThat(most).isBetween(memory / 4, memory);
      assertThat(stats.committed()).isGreaterThan(10 * memory);
      assertThat(stats.written()).isGreaterThan(stats.committed());
      assertThat(stats.writeAmplification()).isLessThan(4);
      assertThat(stats.trouble()).isEmpty();
    }
  }

  @Test
  void options_belowTheLeastMemory_areRefused() {
    long least = StorageOptions.MIN_MEMORY_BYTES;

    assertThat(new StorageOptions(Durability.SYNC, least, 1).memoryBytes()).isEqualTo(least);
    assertThatThrownBy(() -> new StorageOptions(Durability.SYNC, least - 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("memoryBytes is at least");
    assertThatThrownBy(() -> new StorageOptions(Durability.SYNC, least, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mergeBytesPerSecond is at least 1");
  }

  /** What was written on would be gone with the last descriptor of the file. */
  @Test
  void commit_logDeletedUnderneath_isRefusedByName() throws IOException {
    try (FileStorage storage = FileStorage.open(folder)) {
      commit(storage, "a", 10);
      Path log = files(".log").get(0);
      Files.delete(log);

      assertThatThrownBy(() -> commit(storage, "b", 10))
          .isInstanceOf(StorageException.class)
          .hasMessage("the commit log was deleted while in use: file=" + log);
      assertThatThrownBy(() -> commit(storage, "c", 10)).isInstanceOf(StorageException.class);
      try (StorageSnapshot snapshot = storage.snapshot()) {
        assertThat(snapshot.get(bytes("a"))).hasSize(10);
        assertThat(snapshot.get(bytes("b"))).isNull();
      }
    }
  }

  @Test
  void read_segmentDeletedUnderneath_goesOnAndTheNextOpeningNamesIt() throws IOException {
    Path rows;
    try (FileStorage storage = FileStorage.open(folder)) {
      commit(storage, "a", 10);
      storage.compact();
      rows = files(".rows").get(0);
      Files.delete(rows);

      try (StorageSnapshot snapshot = storage.snapshot()) {
        assertThat(snapshot.get(bytes("a"))).hasSize(10);
      }
      assertThatThrownBy(
              () -> storage.checkpoint(folder.resolveSibling("copy-" + folder.getFileName())))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(rows.getFileName().toString());
    }
    assertThatThrownBy(() -> FileStorage.open(folder))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(rows.getFileName().toString());
  }
}
