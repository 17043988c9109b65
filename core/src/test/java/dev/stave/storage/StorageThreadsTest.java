package dev.stave.storage;

import static dev.stave.storage.StorageContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls that meet another one at a bad moment. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StorageThreadsTest {

  @TempDir Path folder;

  private static StorageBatch batch(String key, int size) {
    StorageBatch batch = new StorageBatch();
    batch.put(bytes(key), StorageContract.noise(size, key.hashCode()));
    return batch;
  }

  /** Holds up whoever makes a file with that ending, or gives it. */
  private static final class HeldDisk extends UnsyncedDisk {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);

    private final String ending;

    HeldDisk(String ending) {
      this.ending = ending;
    }

    private void hold(Path file) throws IOException {
      if (file.toString().matches(".*" + ending)) {
        reached.countDown();
        try {
          goOn.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
    }

    @Override
    public DiskFile create(Path file) throws IOException {
      hold(file);
      return super.create(file);
    }

    @Override
    public void link(Path file, Path name) throws IOException {
      hold(name);
      super.link(file, name);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      hold(to);
      super.rename(from, to);
    }
  }

  /** Three, and nothing in the log. */
  private void writeSomeSegments() throws InterruptedException {
    try (FileStorage storage = StorageContract.open(folder, 1)) {
      for (int i = 0; i < 3; i++) {
        storage.commit(batch("key " + i, 100));
      }
      storage.commit(new StorageBatch());
      while (storage.stats().segments() < 3) {
        Thread.sleep(1);
      }
    }
  }

  /** The first commit deleted all files that nobody names, those of a merge under way too. */
  @Test
  void commit_theFirstOneBesideACompaction_leavesItsFilesAlone() throws Exception {
    writeSomeSegments();
    HeldDisk disk = new HeldDisk("\\.rows");
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (FileStorage storage = FileStorage.open(folder, StorageOptions.DEFAULT, disk, 10_000)) {
      Future<?> compaction = thread.submit(storage::compact);
      disk.reached.await();
      storage.commit(batch("beside", 100));
      disk.goOn.countDown();
      compaction.get(20, TimeUnit.SECONDS);

      assertThat(storage.stats().segments()).isEqualTo(1);
    } finally {
      thread.shutdown();
    }
    try (FileStorage storage = FileStorage.open(folder);
        StorageSnapshot snapshot = storage.snapshot()) {
      for (String key : new String[] {"key 0", "key 1", "key 2", "beside"}) {
        assertThat(snapshot.get(bytes(key))).as(key).hasSize(100);
      }
    }
  }

  /** It threw what the background uses to end itself. */
  @Test
  void close_besideACompaction_endsItAndSaysWhy() throws Exception {
    StorageOptions slow = new StorageOptions(Durability.SYNC, 1 << 20, 1 << 30);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    HeldDisk disk = new HeldDisk("\\.rows\\.tmp");
    writeSomeSegments();
    FileStorage storage = FileStorage.open(folder, slow, disk, 10_000);
    try {
      Future<?> first = thread.submit(storage::compact);
      disk.reached.await();
      Thread closer = new Thread(storage::close);
      closer.start();
      Thread.sleep(50);
      disk.goOn.countDown();
      closer.join();

      assertThatThrownBy(() -> first.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(StorageClosedException.class);
    } finally {
      thread.shutdown();
    }
    assertThatThrownBy(storage::compact).isInstanceOf(StorageClosedException.class);
  }

  /** The thread that syncs waited for the lock that was held while it was waited for. */
  @Test
  void close_whenASyncIsDue_ends() {
    StorageOptions often =
        new StorageOptions(Durability.interval(Duration.ofMillis(1)), 1 << 20, 1 << 30);
    for (int i = 0; i < 50; i++) {
      try (FileStorage storage = FileStorage.open(folder, often, new UnsyncedDisk(), 300)) {
        for (int key = 0; key < 5; key++) {
          storage.commit(batch("key " + key, 100));
        }
      }
    }
  }

  /** It said that a lock was not held. */
  @Test
  void checkpoint_ofAClosedStorage_saysSo() {
    FileStorage storage = FileStorage.open(folder.resolve("db"));
    storage.close();

    assertThatThrownBy(() -> storage.checkpoint(folder.resolve("copy")))
        .isInstanceOf(StorageClosedException.class);
    assertThat(folder.resolve("copy")).doesNotExist();
  }

  /** The second deleted what the first had copied, and the first called the rest a copy. */
  @Test
  void checkpoint_besideAnotherToTheSameFolder_isRefused() throws Exception {
    writeSomeSegments();
    HeldDisk disk = new HeldDisk("/copy.partial/MANIFEST");
    Path copy = folder.resolveSibling(folder.getFileName() + "-copies").resolve("copy");
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (FileStorage storage = FileStorage.open(folder, StorageOptions.DEFAULT, disk, 10_000)) {
      Future<?> first = thread.submit(() -> storage.checkpoint(copy));
      disk.reached.await();
      assertThatThrownBy(() -> storage.checkpoint(copy))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("a copy to this folder is being made already");
      disk.goOn.countDown();
      first.get(20, TimeUnit.SECONDS);
    } finally {
      thread.shutdown();
    }
    assertThat(StorageCheck.of(copy).damages()).isEmpty();
  }

  /** Segments were held until they had their second name, and tables were not. */
  @Test
  void checkpoint_besideTablesThatAreReplaced_hasThoseOfBefore() throws Exception {
    writeSomeSegments();
    Path copy = folder.resolveSibling(folder.getFileName() + "-copies").resolve("copy");
    ExecutorService thread = Executors.newSingleThreadExecutor();
    HeldDisk disk = new HeldDisk("/copy.partial/[0-9]+.rows");
    try (FileStorage storage = FileStorage.open(folder, StorageOptions.DEFAULT, disk, 10_000)) {
      Table table;
      try (TableWriter writer = storage.tables().write(1, true)) {
        writer.add(bytes("key"), bytes("value"));
        table = writer.finish();
      }
      storage.tables().replace(List.of(), table);
      Future<?> copying = thread.submit(() -> storage.checkpoint(copy));
      disk.reached.await();
      storage.tables().replace(List.of(table), null);
      disk.goOn.countDown();
      copying.get(20, TimeUnit.SECONDS);
    } finally {
      thread.shutdown();
    }
    assertThat(StorageCheck.of(copy).damages()).isEmpty();
  }
}
