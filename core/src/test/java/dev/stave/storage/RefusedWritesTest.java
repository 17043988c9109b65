package dev.stave.storage;

import static dev.stave.storage.StorageContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of writes that the disk refused. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusedWritesTest {

  @TempDir Path folder;

  private static StorageBatch batch(String key) {
    StorageBatch batch = new StorageBatch();
    batch.put(bytes(key), StorageContract.noise(700, key.hashCode()));
    return batch;
  }

  private List<String> names(String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains(ending))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  private static void assertHolds(FileStorage storage, String... keys) {
    try (StorageSnapshot snapshot = storage.snapshot()) {
      for (String key : keys) {
        assertThat(snapshot.get(bytes(key))).as(key).hasSize(700);
      }
    }
  }

  /** Refuses what a segment is written by: everything but logs and manifests. */
  private static final class NoSegments extends UnsyncedDisk {
    volatile boolean refuses = true;

    @Override
    public void rename(Path from, Path to) throws IOException {
      if (refuses && to.toString().endsWith(".rows")) {
        throw new IOException("No space left on device");
      }
      super.rename(from, to);
    }
  }

  @Test
  void commit_segmentCannotBeWritten_isRefusedLeavesNoFilesAndGoesOn() throws IOException {
    NoSegments disk = new NoSegments();
    try (FileStorage storage = FileStorage.open(folder, StorageOptions.DEFAULT, disk, 1)) {
      storage.commit(batch("a"));
      storage.commit(batch("b")); // goes on while a is flushed, in vain
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> storage.commit(batch("c")))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("make room and try again");
        assertThat(names(".rows")).isEmpty();
        assertThat(names(".bodies")).isEmpty();
      }
      assertHolds(storage, "a", "b");

      disk.refuses = false;
      storage.commit(batch("c"));
      assertHolds(storage, "a", "b", "c");
    }
    try (FileStorage storage = FileStorage.open(folder)) {
      assertHolds(storage, "a", "b", "c");
    }
  }

  /** Refuses the logs that are made ahead, and says when it has. */
  private static final class NoLogs extends UnsyncedDisk {
    final CountDownLatch refused = new CountDownLatch(1);
    volatile boolean refuses;

    @Override
    public DiskFile create(Path file) throws IOException {
      if (refuses && file.toString().contains(".log")) {
        refused.countDown();
        throw new IOException("No space left on device");
      }
      return super.create(file);
    }
  }

  /** What failed while the disk was full was told to the first commit for which there was room. */
  @Test
  void commit_logAheadCouldNotBeMadeAndThereIsRoomNow_isTaken() throws Exception {
    NoLogs disk = new NoLogs();
    try (FileStorage storage = FileStorage.open(folder, StorageOptions.DEFAULT, disk, 1)) {
      disk.refuses = true;
      storage.commit(batch("a")); // fills the memtable: the log for the next is made ahead, in vain
      assertThat(disk.refused.await(30, TimeUnit.SECONDS)).isTrue();
      disk.refuses = false;

      storage.commit(batch("b"));

      assertHolds(storage, "a", "b");
    }
  }

  /** The next manifest goes into the place of the last, and cannot be read there any more. */
  private static final class HalfManifest extends UnsyncedDisk {
    volatile boolean breaks;
    byte[] last = {};

    @Override
    public void rename(Path from, Path to) throws IOException {
      if (breaks && to.endsWith(Folder.MANIFEST)) {
        last = Files.readAllBytes(from);
        Files.write(to, new byte[10]);
        throw new IOException("as if the disk failed");
      }
      super.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
      if (breaks) {
        throw new AssertionError("deleted " + file);
      }
      super.delete(file);
    }
  }

  /** Each retry of the flush left one more segment, since it may not be deleted. */
  @Test
  void commit_manifestNeitherReplacedNorReadable_refusesAllAndDeletesNothing() throws IOException {
    HalfManifest disk = new HalfManifest();
    byte[] whole;
    try (FileStorage storage = FileStorage.open(folder, StorageOptions.DEFAULT, disk, 1)) {
      storage.commit(batch("a"));
      storage.commit(batch("b"));
      storage.compact();
      storage.commit(batch("c"));
      disk.breaks = true;
      assertThatThrownBy(
              () -> {
                storage.commit(batch("d"));
                storage.commit(batch("e"));
              })
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("close the database and reopen it");
      List<String> before = names("");
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> storage.commit(batch("f")))
            .hasMessageContaining("close the database and reopen it");
        assertThatThrownBy(storage::compact)
            .hasMessageContaining("close the database and reopen it");
      }
      assertThat(names("")).isEqualTo(before);
      assertHolds(storage, "a", "b", "c");
      whole = disk.last;
    }
    disk.breaks = false;
    assertThatThrownBy(() -> FileStorage.open(folder)).isInstanceOf(CorruptStaveException.class);

    Files.write(folder.resolve(Folder.MANIFEST), whole);
    try (FileStorage storage = FileStorage.open(folder)) {
      assertHolds(storage, "a", "b", "c");
    }
  }

  /** Commits went on until the memtable was full, into a log that only salvage may find. */
  @Test
  void commit_afterTheManifestBecameUnclear_isRefusedAtOnce() {
    HalfManifest disk = new HalfManifest();
    try (FileStorage storage = FileStorage.open(folder, StorageOptions.DEFAULT, disk, 1 << 20)) {
      storage.commit(batch("a"));
      disk.breaks = true;
      assertThatThrownBy(storage::compact).hasMessageContaining("close the database and reopen it");

      assertThatThrownBy(() -> storage.commit(batch("b")))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("close the database and reopen it");
      assertHolds(storage, "a");
    }
    disk.breaks = false;
  }

  /** What a flush waits to write was not counted. */
  @Test
  void stats_whileAMemtableIsFrozen_countItsLog() {
    NoSegments disk = new NoSegments();
    try (FileStorage storage = FileStorage.open(folder, StorageOptions.DEFAULT, disk, 1)) {
      storage.commit(batch("a"));
      long one = storage.stats().logBytes();
      storage.commit(batch("b"));
      assertThat(one).isGreaterThan(700);
      assertThat(storage.stats().logBytes()).isEqualTo(2 * one);

      disk.refuses = false;
      storage.compact();
      assertThat(storage.stats().logBytes()).isLessThan(100);
    }
  }
}
