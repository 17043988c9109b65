package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.StaveException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each call that the disk can refuse is refused while a storage takes over another one, once or
 * from then on, as a full disk does; and hard links are refused, as by a file system that has none.
 */
class ReplaceFaultTest {

  private static final long MEMTABLE = 5_000;

  @TempDir Path folders;
  private int number;

  private static FileStorage open(Path folder, Disk disk) {
    return FileStorage.open(folder, StorageOptions.DEFAULT, disk, MEMTABLE);
  }

  private static NavigableMap<String, String> fill(FileStorage storage, String prefix, int rows) {
    NavigableMap<String, String> all = new TreeMap<>();
    for (int i = 0; i < rows; i++) {
      StorageBatch batch = new StorageBatch();
      byte[] value = StorageContract.noise(100 + i * 40, i);
      batch.put(StorageContract.bytes(prefix + i), value);
      all.put(prefix + i, StorageModel.text(value));
      storage.commit(batch);
    }
    return all;
  }

  /** A storage with rows of its own, and below it the one that is to take its place. */
  private final class Pair {
    final Path folder = folders.resolve("pair-" + number++);
    final Path other = folder.resolve("seeds").resolve("verified");
    final NavigableMap<String, String> own;
    final NavigableMap<String, String> theirs;

    Pair() {
      try (FileStorage storage = open(folder, new UnsyncedDisk())) {
        own = fill(storage, "own ", 12);
      }
      try (FileStorage storage = open(other, new UnsyncedDisk())) {
        theirs = fill(storage, "their ", 25);
        storage.compact();
      }
    }

    boolean replace(FileStorage target) {
      return target.replaceBy(other, (mine, rows) -> new StorageBatch());
    }

    void delete() throws IOException {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = FaultyDisk.Kind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ANY", "OUT_OF_MEMORY"})
  void replaceBy_oneCallFails_isDoneOrRefused(FaultyDisk.Kind kind) throws IOException {
    every(kind, false);
  }

  @ParameterizedTest
  @EnumSource(
      value = FaultyDisk.Kind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = "OUT_OF_MEMORY")
  void replaceBy_allCallsFailFromOneOn_isDoneOrRefused(FaultyDisk.Kind kind) throws IOException {
    every(kind, true);
  }

  private void every(FaultyDisk.Kind kind, boolean forEver) throws IOException {
    int met = 0;
    int missed = 0;
    for (int failing = 1; missed < 3; failing++) { // threads in the background vary the number
      FaultyDisk disk = new FaultyDisk(kind, failing, forEver);
      Pair pair = new Pair();
      try {
        run(pair, disk);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("call " + failing + " of " + kind, e);
      }
      pair.delete();
      met += disk.hasFailed() ? 1 : 0;
      missed += disk.hasFailed() ? 0 : 1;
    }
    System.out.println("ReplaceFaultTest: " + kind + (forEver ? " for ever: " : ": ") + met);
  }

  private static void run(Pair pair, FaultyDisk disk) {
    FileStorage target;
    try {
      target = open(pair.folder, disk);
    } catch (StaveException e) {
      assertThat(disk.hasFailed()).isTrue();
      return; // what fails when it is opened is for FaultTest
    }
    boolean isDone = false;
    try {
      isDone = pair.replace(target);
      assertThat(isDone || disk.hasFailed()).isTrue();
      assertThat(PowerRun.rowsOf(target)).isEqualTo(isDone ? pair.theirs : pair.own);
    } catch (StaveException e) {
      assertThat(disk.hasFailed()).isTrue();
    }
    disk.kill();
    try {
      target.close();
    } catch (StaveException e) {
      // it is dead
    }
    disk.mend();
    try (FileStorage again = open(pair.folder, disk)) {
      NavigableMap<String, String> rows = PowerRun.rowsOf(again);
      if (isDone) {
        assertThat(rows).isEqualTo(pair.theirs);
      } else {
        assertThat(rows).isIn(pair.own, pair.theirs);
      }
      rows.putAll(fill(again, "more ", 3));
      again.compact();
      assertThat(PowerRun.rowsOf(again)).isEqualTo(rows);
    }
  }

  @Test
  void links_areRefused_checkpointsForksAndTakingOverDoWithout() {
    Pair pair = new Pair();
    FaultyDisk disk = new FaultyDisk(FaultyDisk.Kind.LINK, 1, true);
    Path copy = folders.resolve("copy");
    try (FileStorage target = open(pair.folder, disk)) {
      target.compact();
      target.checkpoint(copy);
      try (FileStorage fork = target.fork(folders.resolve("fork"), (rows, first) -> "a note")) {
        assertThat(PowerRun.rowsOf(fork)).isEqualTo(pair.own);
      }
      assertThat(pair.replace(target)).isTrue();
      assertThat(PowerRun.rowsOf(target)).isEqualTo(pair.theirs);
    }

    assertThat(disk.hasFailed()).isTrue();
    try (FileStorage opened = open(copy, disk);
        FileStorage again = open(pair.folder, disk)) {
      assertThat(PowerRun.rowsOf(opened)).isEqualTo(pair.own);
      assertThat(PowerRun.rowsOf(again)).isEqualTo(pair.theirs);
    }
    assertThat(StorageCheck.of(copy).damages()).isEmpty();
    assertThat(StorageCheck.of(pair.folder).damages()).isEmpty();
  }
}
