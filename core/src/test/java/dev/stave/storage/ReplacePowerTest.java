package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.storage.RecordingDisk.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power fails, or the process is killed, at each moment of taking over another storage.
 *
 * <p>Strategy: as {@link ForkPowerTest}: all calls of the disk are recorded, of both storages; at
 * each boundary from the beginning of {@link FileStorage#replaceBy} on, what may be on the disk is
 * opened. What a kill leaves is what {@code ALL_KEPT} does.
 *
 * <p>Invariants: the storage opens, and holds what it held before, or all of the other one with the
 * rows that were to be kept: that for certain once it was acknowledged. It goes on.
 */
class ReplacePowerTest {

  private static final long SEED = Long.getLong("stave.power.seed", 3);
  private static final long MEMTABLE = 6_000;

  /** What may be there. */
  private record Known(Set<String> states) {}

  @TempDir Path folders;

  private final Random random = new Random(SEED);
  private int cuts;

  private FileStorage open(Path folder, Disk disk) {
    return FileStorage.open(folder, StorageOptions.DEFAULT, disk, MEMTABLE);
  }

  private NavigableMap<String, String> fill(FileStorage storage, String prefix, int rows) {
    NavigableMap<String, String> all = new TreeMap<>();
    for (int i = 0; i < rows; i++) {
      StorageBatch batch = new StorageBatch();
      byte[] value = StorageContract.noise(random.nextInt(900), random.nextInt());
      batch.put(StorageContract.bytes(prefix + i), value);
      all.put(prefix + i, StorageModel.text(value));
      storage.commit(batch);
    }
    return all;
  }

  @Test
  void replaceBy_powerCutAtAnyBoundary_isAllOfItOrNothing() throws IOException {
    Path run = Files.createDirectory(folders.resolve("run"));
    Path other = run.resolve("seeds").resolve("verified");
    RecordingDisk disk = new RecordingDisk(run);
    FileStorage target = open(run, disk);
    NavigableMap<String, String> own = fill(target, "own ", 4);
    NavigableMap<String, String> after = new TreeMap<>();
    try (FileStorage storage = open(other, disk)) {
      after.putAll(fill(storage, "their ", 40));
      storage.compact();
      after.putAll(fill(storage, "their late ", 3));
    }
    byte[] kept = StorageContract.bytes("kept");
    after.put("kept", StorageModel.text(kept));
    disk.mark(new Known(Set.of(own.toString(), after.toString())));

    boolean isTaken =
        target.replaceBy(
            other,
            (mine, theirs) -> {
              StorageBatch batch = new StorageBatch();
              batch.put(kept, kept);
              return batch;
            });

    assertThat(isTaken).isTrue();
    disk.mark(new Known(Set.of(after.toString())));
    assertThat(PowerRun.rowsOf(target)).isEqualTo(after);
    String before = after.toString();
    StorageBatch last = new StorageBatch();
    byte[] later = StorageContract.noise(100, 9);
    last.put(kept, later);
    after.put("kept", StorageModel.text(later));
    disk.mark(new Known(Set.of(before, after.toString())));
    target.commit(last);
    target.close();
    checkAll(run, disk);
  }

  private void checkAll(Path run, RecordingDisk disk) throws IOException {
    PowerCut cut = new PowerCut(disk);
    Known known = null;
    for (Call call : disk.tape()) {
      cut.pass(call);
      if (call instanceof Call.Mark mark) {
        known = (Known) mark.known();
      } else if (known != null) {
        for (PowerCut.Luck luck : PowerCut.Luck.values()) {
          check(run, cut.tree(luck, random), known, luck + " after " + call);
        }
      }
    }
    System.out.println("ReplacePowerTest: " + disk.tape().size() + " calls, " + cuts + " checks");
    assertThat(cuts).isGreaterThan(100);
  }

  private void check(Path run, Map<Path, byte[]> files, Known known, String when)
      throws IOException {
    Path folder = folders.resolve("cut-" + cuts++);
    for (Map.Entry<Path, byte[]> file : files.entrySet()) {
      Path to = folder.resolve(run.relativize(file.getKey()).toString());
      Files.createDirectories(to.getParent());
      Files.write(to, file.getValue());
    }
    NavigableMap<String, String> rows;
    try (FileStorage storage = open(folder, new UnsyncedDisk())) {
      rows = PowerRun.rowsOf(storage);
      assertThat(known.states()).contains(rows.toString());
      rows.putAll(fill(storage, "more ", 1));
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(when + ", of " + files.keySet() + ", seed " + SEED, e);
    }
    try (FileStorage storage = open(folder, new UnsyncedDisk())) {
      assertThat(PowerRun.rowsOf(storage)).as(when).isEqualTo(rows);
    }
    assertThat(StorageCheck.of(folder).damages()).as(when).isEmpty();
  }
}
