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

  /** The bodies of a segment that could not be opened after it was written stayed mapped. */
  @Test
  void compact_segmentThatCannotBeMapped_leavesNoFileMapped() throws IOException {
    class NoRows extends UnsyncedDisk {
      boolean refuses;

      @Override
      public MappedFile map(Path file) throws IOException {
        if (refuses && file.toString().endsWith(".rows")) {
          throw new IOException("as if there were no room to map it");
        }
        return super.map(file);
      }
    }
    NoRows disk = new NoRows();
    try (FileStorage storage = FileStorage.open(folder, StorageOptions.DEFAULT, disk, 1 << 20)) {
      StorageBatch batch = new StorageBatch();
      batch.put(StorageContract.bytes("large"), StorageContract.noise(5_000, 1));
      storage.commit(batch);
      List<String> before = openFiles();
      disk.refuses = true;

      assertThatThrownBy(storage::compact).isInstanceOf(StorageException.class);

      assertThat(openFiles().stream().filter(file -> file.contains(".bodies"))).isEmpty();
      assertThat(openFiles()).hasSizeLessThanOrEqualTo(before.size() + 1); // a next log
      disk.refuses = false;
      storage.compact();
    }
    assertThat(openFiles()).isEmpty();
  }

  /** To read what is not mapped any more ended the process. */
  @Test
  void table_readAfterItWasReleased_isRefused() {
    try (FileStorage storage = FileStorage.open(folder)) {
      Table table;
      try (TableWriter writer = storage.tables().write(1, true)) {
        writer.add(StorageContract.bytes("key"), StorageContract.bytes("value"));
        table = writer.finish();
      }
      storage.tables().replace(List.of(), table);
      assertThat(table.get(StorageContract.bytes("key"))).isNotNull();
      storage.tables().replace(List.of(table), null);

      assertThatThrownBy(() -> table.get(StorageContract.bytes("key")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the file is closed");
    }
  }

  /** They were handed out unmapped. */
  @Test
  void tables_ofAClosedStorage_areRefused() {
    FileStorage storage = FileStorage.open(folder);
    try (TableWriter writer = storage.tables().write(1, true)) {
      storage.tables().replace(List.of(), writer.finish());
    }
    storage.close();

    assertThatThrownBy(() -> storage.tables().retained())
        .isInstanceOf(StorageClosedException.class);
    assertThatThrownBy(() -> storage.tables().replace(List.of(), null))
        .isInstanceOf(StorageClosedException.class);
  }

  /** A table that came late was published into a folder that may be another's by then. */
  @Test
  void fileSet_closed_refusesChanges() throws IOException {
    try (Folder locked = Folder.open(folder, new UnsyncedDisk())) {
      FileSet files = FileSet.open(locked, new BlockCache(0));
      byte[] before = Files.readAllBytes(folder.resolve("MANIFEST"));
      files.close();

      assertThatThrownBy(() -> files.replaceTables(List.of(), null))
          .isInstanceOf(StorageClosedException.class);
      assertThat(Files.readAllBytes(folder.resolve("MANIFEST"))).isEqualTo(before);
    }
  }

  /** It handed out segments that were not mapped any more. */
  @Test
  void snapshot_ofAClosedReader_isRefused() throws IOException {
    ClosedStorage reader = ClosedStorage.open(folder);
    Tables tables = reader.tables();
    reader.close();

    assertThatThrownBy(reader::snapshot).isInstanceOf(StorageClosedException.class);
    assertThatThrownBy(tables::retained).isInstanceOf(StorageClosedException.class);
    assertThat(openFiles()).isEmpty();
  }
}
