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
 * When the manifest could not be read after a failed replacement, the new files were deleted,
 * although it may have named them, and commits went on into a log that it may not have named.
 */
class UnclearManifestTest {

  @TempDir Path folder;

  private static void commit(Storage storage, String key) {
    StorageBatch batch = new StorageBatch();
    batch.put(bytes(key), bytes("value"));
    storage.commit(batch);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("0"))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  @Test
  void commit_manifestNeitherReplacedNorReadable_failsForGoodAndDeletesNothing()
      throws IOException {
    Path manifest = folder.resolve("MANIFEST");
    Path aside = folder.resolve("aside");
    try (MapDbStorage storage = MapDbStorage.open(folder, 1)) {
      commit(storage, "a");
      Files.move(manifest, aside);
      Files.createDirectories(manifest.resolve("in the way"));

      assertThatThrownBy(() -> commit(storage, "b")).hasMessageContaining("half replaced");
      Files.delete(manifest.resolve("in the way"));
      Files.delete(manifest);
      Files.move(aside, manifest);

      assertThatThrownBy(() -> commit(storage, "c")).hasMessageContaining("half replaced");
      assertThat(names())
          .containsExactly(
              "0000000001.log", "0000000002.log", "0000000003.table", "0000000003.values");
    }
    try (MapDbStorage storage = MapDbStorage.open(folder);
        StorageSnapshot snapshot = storage.snapshot()) {
      assertThat(snapshot.get(bytes("a"))).isEqualTo(bytes("value"));
      assertThat(snapshot.get(bytes("b"))).isNull();
    }
  }
}
