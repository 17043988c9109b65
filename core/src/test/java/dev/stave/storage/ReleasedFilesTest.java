package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An opening that was refused at its third file left the first two open. */
class ReleasedFilesTest {

  @TempDir Path folder;

  @BeforeEach
  void write() {
    assumeTrue(Files.exists(Path.of("/proc/self/fd")), "nowhere to see which files are open");
    try (MapDbStorage storage = MapDbStorage.open(folder, 1)) {
      for (int i = 0; i < 3; i++) {
        StorageBatch batch = new StorageBatch();
        batch.put(StorageContract.bytes("key " + i), StorageContract.noise(100, i));
        storage.commit(batch);
      }
    }
  }

  private List<String> openFiles() throws IOException {
    Path real = folder.toRealPath();
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.map(ReleasedFilesTest::target)
          .filter(file -> file.startsWith(real.toString()))
          .collect(Collectors.toList());
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "closed meanwhile";
    }
  }

  @Test
  void openFiles_whileOpen_areSeen() throws IOException {
    try (MapDbStorage storage = MapDbStorage.open(folder)) {
      assertThat(openFiles()).hasSizeGreaterThanOrEqualTo(4); // lock, log and two tables
    }
    assertThat(openFiles()).isEmpty();
  }

  @Test
  void open_segmentDamaged_leavesNoFileOpen() throws IOException {
    Path oldest = folder.resolve("0000000003.table");
    byte[] bytes = Files.readAllBytes(oldest);
    bytes[bytes.length / 2] ^= 1;
    Files.write(oldest, bytes);

    assertThatThrownBy(() -> MapDbStorage.open(folder)).isInstanceOf(CorruptStaveException.class);

    assertThat(openFiles()).isEmpty();
  }

  @Test
  void open_logDamaged_leavesNoFileOpen() throws IOException {
    Files.write(folder.resolve("0000000004.log"), new byte[100]);

    assertThatThrownBy(() -> MapDbStorage.open(folder)).isInstanceOf(CorruptStaveException.class);

    assertThat(openFiles()).isEmpty();
  }

  @Test
  void open_strayFileThatCannotBeDeleted_leavesNoFileOpen() throws IOException {
    Files.createDirectories(folder.resolve("0000000099.table/in the way"));

    assertThatThrownBy(() -> MapDbStorage.open(folder)).isInstanceOf(StorageException.class);

    assertThat(openFiles()).isEmpty();
  }
}
