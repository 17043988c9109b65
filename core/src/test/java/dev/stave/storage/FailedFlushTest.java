package dev.stave.storage;

import static dev.stave.storage.StorageContract.bytes;
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

/**
 * A flush whose new segment turned out unreadable left its log and its segment behind, and each
 * commit after it two more files.
 */
class FailedFlushTest {

  @TempDir Path folder;

  private static void commit(Storage storage, String key) {
    StorageBatch batch = new StorageBatch();
    batch.put(bytes(key), bytes("value"));
    storage.commit(batch);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.toList());
    }
  }

  @Test
  void commit_segmentUnreadableOnceWritten_leavesNoFilesAndTheNextOneGoesOn() throws IOException {
    try (MapDbStorage storage = MapDbStorage.open(folder, 1)) {
      commit(storage, "a");
      Path table = folder.resolve("0000000003.table"); // its values are written over it
      Files.createSymbolicLink(table, folder.resolve("0000000003.values"));

      assertThatThrownBy(() -> commit(storage, "b")).isInstanceOf(CorruptStaveException.class);
      assertThat(names()).containsExactly("0000000001.log", "LOCK", "MANIFEST");

      commit(storage, "c");
    }
    try (MapDbStorage storage = MapDbStorage.open(folder);
        StorageSnapshot snapshot = storage.snapshot()) {
      assertThat(snapshot.get(bytes("a"))).isNotNull();
      assertThat(snapshot.get(bytes("b"))).isNull();
      assertThat(snapshot.get(bytes("c"))).isNotNull();
    }
  }
}
