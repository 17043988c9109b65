package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    try (FileStorage storage = StorageContract.open(folder, 1)) {
      for (int i = 0; i < 3; i++) {
        StorageBatch batch = new StorageBatch();
        batch.put(StorageContract.bytes("key " + i), StorageContract.noise(100, i));
        storage.commit(batch);
      }
    }
  }

  private List<String> openFiles() throws IOException {
    String real = folder.toRealPath().toString();
    List<String> files = new ArrayList<>();
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      open.map(ReleasedFilesTest::target).forEach(files::add);
    }
    for (String mapping : Files.readAllLines(Path.of("/proc/self/maps"))) {
      files.add(mapping.substring(Math.max(0, mapping.indexOf('/'))));
    }
    return files.stream().filter(file -> file.startsWith(real)).collect(Collectors.toList());
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
    try (FileStorage storage = FileStorage.open(folder)) {
      assertThat(openFiles()).hasSizeGreaterThanOrEqualTo(3); // lock, log, and a segment is mapped
    }
    assertThat(openFiles()).isEmpty();
  }

  @Test
  void open_segmentDamaged_leavesNoFileOpen() throws IOException {
    Path oldest = folder.resolve("0000000003.rows");
    byte[] bytes = Files.readAllBytes(oldest);
    bytes[bytes.length - 1] ^= 1;
    Files.write(oldest, bytes);

    assertThatThrownBy(() -> FileStorage.open(folder)).isInstanceOf(CorruptStaveException.class);

    assertThat(openFiles()).isEmpty();
  }

  @Test
  void open_logDamaged_leavesNoFileOpen() throws IOException {
    Files.write(folder.resolve("0000000004.log"), new byte[100]);

    assertThatThrownBy(() -> FileStorage.open(folder)).isInstanceOf(CorruptStaveException.class);

    assertThat(openFiles()).isEmpty();
  }

  @Test
  void open_strayFileThatCannotBeDeleted_leavesNoFileOpen() throws IOException {
    Files.createDirectories(folder.resolve("0000000099.rows/in the way"));

    assertThatThrownBy(() -> FileStorage.open(folder)).isInstanceOf(StorageException.class);

    assertThat(openFiles()).isEmpty();
  }
}
