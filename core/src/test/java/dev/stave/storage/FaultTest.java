package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.StaveException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each call that the disk can refuse is refused, once or from then on.
 *
 * <p>Strategy: a script of commits, compactions, checkpoints, forks and reopenings runs on a {@link
 * FaultyDisk}, again and again, each time with the next call of a kind failing, until the script
 * comes to its end without meeting it. What is refused is tried once more in the same storage; if
 * it says no again, the storage is reopened. Before the end, and sometimes in between, it is
 * killed.
 *
 * <p>Invariants: what is thrown is a {@link StaveException}, at once; the rows that the storage
 * shows are those acknowledged, then and after reopening (a batch that was written, not synced, and
 * not taken back either, may be there then); once the disk is sound again, a reopened storage goes
 * on, and leaves no file that its manifest does not name.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultTest {

  /** Of the calls from which on all fail, every so manieth. */
  private static final int STEP = Integer.getInteger("stave.fault.step", 4);

  private static final long MEMTABLE = 5_000;
  private static final int COMMITS = 40;

  @TempDir Path folders;

  private int folderNumber;

  @ParameterizedTest
  @EnumSource(
      value = FaultyDisk.Kind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ANY", "OUT_OF_MEMORY"})
  void fileStorage_oneCallFails_losesNothingAndGoesOn(FaultyDisk.Kind kind) throws IOException {
    every(kind, false, 1);
  }

  @ParameterizedTest
  @EnumSource(
      value = FaultyDisk.Kind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = "OUT_OF_MEMORY")
  void fileStorage_allCallsFailFromOneOn_losesNothingAndGoesOnAfterwards(FaultyDisk.Kind kind)
      throws IOException {
    every(kind, true, STEP);
  }

  private void every(FaultyDisk.Kind kind, boolean forEver, int step) throws IOException {
    int met = 0;
    int missed = 0;
    for (int failing = 1;
        missed < 3;
        failing += step) { // threads in the background vary the number
      FaultyDisk disk = new FaultyDisk(kind, failing, forEver);
      Path folder = folders.resolve("folder-" + folderNumber++);
      try {
        new Script(folder, disk, failing % 2 == 0).run();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("call " + failing + " of " + kind, e);
      }
      deleteAll(folder);
      met += disk.hasFailed() ? 1 : 0;
      missed += disk.hasFailed() ? 0 : 1;
    }
    System.out.println("FaultTest: " + kind + (forEver ? " for ever: " : " once: ") + met);
    assertThat(met).isPositive();
  }

  /** The same work each time. */
  private static final class Script {
    private final Path folder;
    private final FaultyDisk disk;
    private final boolean diesInBetween;
    private final Random random = new Random(5);
    private final NavigableMap<String, String> rows = new TreeMap<>();
    private FileStorage storage;
    private int forks;

    /** What a reopened storage may hold instead: with a batch that could not even be taken back. */
    private NavigableMap<String, String> inDoubt = rows;

    Script(Path folder, FaultyDisk disk, boolean diesInBetween) {
      this.folder = folder;
      this.diesInBetween = diesInBetween;
      this.disk = disk;
    }

    void run() throws IOException {
      open();
      for (int i = 0; i < COMMITS; i++) {
        commit();
        if (i % 16 == 10) {
          attempt(() -> storage.compact());
        }
        if (i == 18 && diesInBetween) {
          killAndReopen();
        } else if (i == 18) {
          reopen();
        }
        if (i == 25) {
          checkpoint();
        }
        if (i == 14 || i == 29) {
          fork();
        }
      }
      killAndReopen();
      commit();
      storage.compact();
      check();
      storage.close();
      assertThat(names(folder)).isEqualTo(named(folder));
    }

    private void open() {
      try {
        storage = FileStorage.open(folder, StorageOptions.DEFAULT, disk, MEMTABLE);
      } catch (StaveException e) {
        try {
          storage = FileStorage.open(folder, StorageOptions.DEFAULT, disk, MEMTABLE);
        } catch (StaveException again) {
          disk.mend();
          storage = FileStorage.open(folder, StorageOptions.DEFAULT, disk, MEMTABLE);
        }
      }
      check();
    }

    private void reopen() {
      try {
        storage.close();
      } catch (StaveException e) {
        assertThat(disk.hasFailed()).isTrue();
      }
      open();
    }

    /** As the next process finds what this one left. The disk is sound from then on. */
    private void killAndReopen() {
      disk.kill();
      try {
        storage.close();
      } catch (StaveException e) {
        // it is dead
      }
      disk.mend();
      open();
    }

    private void commit() {
      NavigableMap<String, String> after = new TreeMap<>(rows);
      StorageBatch batch = batch(after);
      if (!attempt(() -> storage.commit(batch))) {
        check(); // a refused batch leaves nothing
        if (!attempt(() -> storage.commit(batch))) {
          check();
          inDoubt = disk.canTakeBack() ? rows : after;
          reopen(); // nor after reopening
          inDoubt = rows;
          if (!attempt(() -> storage.commit(batch))) {
            disk.mend();
            reopen();
            storage.commit(batch);
          }
        }
      }
      rows.clear();
      rows.putAll(after);
      check();
    }

    private StorageBatch batch(NavigableMap<String, String> after) {
      StorageBatch batch = new StorageBatch();
      for (int i = 0; i < 3; i++) {
        String key = "key " + random.nextInt(20);
        if (random.nextInt(4) == 0) {
          batch.delete(StorageContract.bytes(key));
          after.remove(key);
        } else {
          int size = random.nextInt(20) == 0 ? 70_000 : random.nextInt(900);
          byte[] value = StorageContract.noise(size, random.nextInt());
          batch.put(StorageContract.bytes(key), value);
          after.put(key, StorageModel.text(value));
        }
      }
      return batch;
    }

    private void checkpoint() throws IOException {
      Path copy = folder.resolveSibling(folder.getFileName() + "-copy");
      if (attempt(() -> storage.checkpoint(copy))) {
        try (FileStorage opened =
            FileStorage.open(copy, StorageOptions.DEFAULT, new UnsyncedDisk(), MEMTABLE)) {
          assertThat(PowerRun.rowsOf(opened)).isEqualTo(rows);
        }
        deleteAll(copy);
      } else if (disk.canTakeBack()) {
        assertThat(copy).doesNotExist();
      }
    }

    /** It is there and whole, or refused and not there; and goes its own way. */
    private void fork() throws IOException {
      Path path = folder.resolveSibling(folder.getFileName() + "-fork-" + forks++);
      FileStorage[] made = new FileStorage[1];
      if (attempt(() -> made[0] = storage.fork(path, (rows, first) -> "a note"))) {
        assertThat(PowerRun.rowsOf(made[0])).isEqualTo(rows);
        NavigableMap<String, String> after = new TreeMap<>(rows);
        StorageBatch batch = batch(after);
        boolean isWritten = attempt(() -> made[0].commit(batch));
        attempt(made[0]::close);
        try (FileStorage opened =
            FileStorage.open(path, StorageOptions.DEFAULT, new UnsyncedDisk(), MEMTABLE)) {
          assertThat(PowerRun.rowsOf(opened)).isIn(after, isWritten ? after : rows);
        }
        deleteAll(path);
      } else if (disk.canTakeBack()) {
        assertThat(path).doesNotExist();
      }
      check();
    }

    private boolean attempt(Runnable what) {
      try {
        what.run();
        return true;
      } catch (StaveException e) {
        if (!disk.hasFailed()) {
          throw e;
        }
        return false;
      }
    }

    private void check() {
      if (!disk.hasFailed()) {
        return; // what goes right is for other tests
      }
      assertThat(PowerRun.rowsOf(storage)).isIn(rows, inDoubt);
    }
  }

  private static Set<String> names(Path folder) throws IOException {
    Set<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    }
    return names;
  }

  /** What the manifest of a closed storage names, and itself and the lock. */
  private static Set<String> named(Path path) throws IOException {
    try (Folder folder = Folder.open(path, new UnsyncedDisk());
        FileSetHolder files = new FileSetHolder(FileSet.open(folder, new BlockCache(0)))) {
      Set<String> names = new TreeSet<>(Set.of("LOCK", "MANIFEST"));
      files.set().files().forEach(file -> names.add(file.getFileName().toString()));
      return names;
    }
  }

  private record FileSetHolder(FileSet set) implements AutoCloseable {
    @Override
    public void close() {
      set.close();
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
