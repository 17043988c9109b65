package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.storage.RecordingDisk.Call;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power fails, at each moment of a storage's work: what was acknowledged is there.
 *
 * <p>Strategy: {@link PowerRun} works on a disk that records its calls. For each boundary between
 * two of them, {@link PowerCut} builds folders as the disk may be then: nothing that was not
 * synced, all of it, and random parts, torn at 512 or 4,096 bytes. Each is opened and checked,
 * written to and reopened. In the random runs every so often the opening itself is recorded and cut
 * in turn. A third of all commits are groups of batches in one write, which is torn as any other.
 *
 * <p>Invariants: the storage opens; it holds whole batches, from the first on without a gap, also
 * of a group of which a part was written; all that were acknowledged if each is synced, else all up
 * to the last sync; it can be read by scan and by get, and goes on. A batch that a reopened storage
 * showed counts as acknowledged.
 *
 * <p>{@code -Dstave.power.runs=1000} for more random runs, {@code -Dstave.power.seed=…} for the
 * same work again. Threads in the background do theirs when the machine sees fit, so that the calls
 * may come in another order.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PowerLossTest {

  private static final int RUNS = Integer.getInteger("stave.power.runs", 6);
  private static final long SEED = Long.getLong("stave.power.seed", System.nanoTime());

  private static final int RANDOM_ACTIONS = 60;

  /** In so many ways a write is torn that has several batches. */
  private static final int TORN_GROUPS = 20;

  private static final int RANDOM_BOUNDARIES = 60;

  @TempDir Path folders;

  private final Set<String> seen = new HashSet<>();
  private long folderNumber;
  private long checks;
  private long partsOfGroups;

  @Test
  void open_powerCutAtAnyBoundary_hasAllThatWasAcknowledged() throws IOException {
    everyBoundary(Durability.SYNC, 1, 110, 3);
  }

  @Test
  void open_powerCutAtAnyBoundaryWithoutSyncs_hasThePrefixThatWasSynced() throws IOException {
    everyBoundary(Durability.NONE, 2, 60, 2);
  }

  @Test
  void open_powerCutAtAnyBoundaryOfSyncsInIntervals_hasThePrefixThatWasSynced() throws IOException {
    everyBoundary(Durability.interval(Duration.ofMillis(2)), 3, 60, 2);
  }

  private void everyBoundary(Durability durability, long seed, int actions, int variants)
      throws IOException {
    RecordingDisk disk = run(durability, seed, actions, newFolder());
    PowerCut cut = new PowerCut(disk);
    Durable durable = new Durable(durability);
    List<Call> tape = disk.tape();
    Random random = new Random(seed);
    for (int boundary = 0; boundary <= tape.size(); boundary++) {
      check(disk, cut, PowerCut.Luck.ALL_LOST, durable, random, boundary, seed);
      check(disk, cut, PowerCut.Luck.ALL_KEPT, durable, random, boundary, seed);
      for (int i = 0; i < variants; i++) {
        check(disk, cut, anyLuck(random), durable, random, boundary, seed);
      }
      boolean isTorn = boundary > 0 && tape.get(boundary - 1) instanceof Call.Write;
      for (int i = 0; isTorn && durable.isGroupUnderWay() && i < TORN_GROUPS; i++) {
        check(disk, cut, PowerCut.Luck.SOME_KEPT, durable, random, boundary, seed);
      }
      if (boundary < tape.size()) {
        cut.pass(tape.get(boundary));
        durable.pass(tape.get(boundary));
      }
    }
    System.out.println(
        "PowerLossTest: "
            + tape.size()
            + " boundaries, "
            + checks
            + " folders opened, "
            + partsOfGroups
            + " with some batches of a group");
    assertThat(checks).isGreaterThan(tape.size() / 2);
    assertThat(partsOfGroups).isPositive();
  }

  @Test
  void open_powerCutInRandomRuns_hasAllThatWasPromised() throws IOException {
    System.out.println("PowerLossTest: -Dstave.power.seed=" + SEED + " runs=" + RUNS);
    for (int i = 0; i < RUNS; i++) {
      randomRun(SEED + i);
      seen.clear();
      deleteAll(folders);
    }
    System.out.println("PowerLossTest: " + RUNS + " runs, " + checks + " folders opened");
  }

  private void randomRun(long seed) throws IOException {
    Random random = new Random(seed);
    Durability durability =
        List.of(
                Durability.SYNC,
                Durability.SYNC,
                Durability.NONE,
                Durability.interval(Duration.ofMillis(1 + random.nextInt(5))))
            .get(random.nextInt(4));
    RecordingDisk disk = run(durability, seed, 1 + random.nextInt(RANDOM_ACTIONS), newFolder());
    PowerCut cut = new PowerCut(disk);
    Durable durable = new Durable(durability);
    List<Call> tape = disk.tape();
    for (int boundary = 0; boundary <= tape.size(); boundary++) {
      if (random.nextInt(tape.size()) < RANDOM_BOUNDARIES) {
        check(disk, cut, anyLuck(random), durable, random, boundary, seed);
      }
      if (boundary < tape.size()) {
        cut.pass(tape.get(boundary));
        durable.pass(tape.get(boundary));
      }
    }
    if (random.nextInt(3) == 0) {
      cutAgain(cut, durability, random, seed);
    }
  }

  /** After a power cut at the end of a run, goes on in what it left, and cuts again. */
  private void cutAgain(PowerCut end, Durability durability, Random random, long seed)
      throws IOException {
    Path folder = newFolder();
    Files.delete(folder);
    Map<String, byte[]> left = end.folder(anyLuck(random), random);
    PowerCut.write(left, folder);
    RecordingDisk disk = run(durability, random.nextLong(), 8, folder);
    PowerCut cut = new PowerCut(disk);
    Durable durable = new Durable(durability);
    durable.known = new PowerRun.Known(List.of(rowsOf(left)), 0);
    List<Call> tape = disk.tape();
    for (int boundary = 0; boundary <= tape.size(); boundary++) {
      check(disk, cut, anyLuck(random), durable, random, boundary, seed);
      if (boundary < tape.size()) {
        cut.pass(tape.get(boundary));
        durable.pass(tape.get(boundary));
      }
    }
  }

  private String rowsOf(Map<String, byte[]> files) throws IOException {
    Path folder = newFolder();
    Files.delete(folder);
    PowerCut.write(files, folder);
    try (FileStorage storage = open(folder)) {
      return PowerRun.rowsOf(storage).toString();
    }
  }

  private static PowerCut.Luck anyLuck(Random random) {
    PowerCut.Luck[] all = PowerCut.Luck.values();
    return all[random.nextInt(all.length)];
  }

  private static RecordingDisk run(Durability durability, long seed, int actions, Path folder)
      throws IOException {
    RecordingDisk disk = new RecordingDisk(folder);
    try {
      new PowerRun(folder, disk, durability, new Random(seed)).go(actions);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("before any power cut: " + repeat(seed), e);
    }
    return disk;
  }

  /** Which states a storage may be in, as the calls go by. */
  private static final class Durable {
    private final boolean syncsEach;
    private PowerRun.Known known = new PowerRun.Known(List.of("{}"), 0);
    private int synced;
    private int log = -1;

    Durable(Durability durability) {
      this.syncsEach = durability instanceof Durability.Sync;
    }

    void pass(Call call) {
      if (call instanceof Call.Mark mark) {
        known = (PowerRun.Known) mark.known();
        synced = syncsEach ? known.acknowledged() : synced;
      } else if (call instanceof Call.Rename renamed && renamed.to().toString().endsWith(".log")) {
        logs.add(renamed.file());
      } else if (call instanceof Call.Rename renamed) {
        logs.remove(renamed.file()); // an old log that becomes a new one, not in use yet
      } else if (call instanceof Call.Write write && logs.contains(write.file())) {
        log = write.file();
      } else if (call instanceof Call.Sync sync && sync.file() == log) {
        synced = known.acknowledged();
      }
    }

    private final Set<Integer> logs = new HashSet<>();

    boolean isGroupUnderWay() {
      return known.states().size() - 2 > known.acknowledged();
    }

    List<String> allowed() {
      return known
          .states()
          .subList(Math.min(synced, known.states().size() - 1), known.states().size());
    }
  }

  private void check(
      RecordingDisk disk,
      PowerCut cut,
      PowerCut.Luck luck,
      Durable durable,
      Random random,
      int boundary,
      long seed)
      throws IOException {
    Map<String, byte[]> files = cut.folder(luck, random);
    List<String> allowed = durable.allowed();
    if (!seen.add(fingerprint(files) + allowed.size() + allowed.get(0).hashCode())) {
      return;
    }
    checks++;
    Path folder = folders.resolve("cut-" + folderNumber++);
    PowerCut.write(files, folder);
    try {
      int at = check(folder, allowed);
      partsOfGroups += at > 0 && at < allowed.size() - 1 ? 1 : 0;
    } catch (RuntimeException | AssertionError e) {
      List<Call> tape = disk.tape();
      throw new AssertionError(
          "boundary "
              + boundary
              + ", "
              + luck
              + ", "
              + files.keySet()
              + ", after\n  "
              + String.join(
                  "\n  ",
                  tape.subList(Math.max(0, boundary - 25), boundary).stream()
                      .map(Object::toString)
                      .toList())
              + "\n"
              + repeat(seed),
          e);
    }
    deleteAll(folder);
    Files.delete(folder);
  }

  private static String repeat(long seed) {
    return "again: mvn verify -pl core -Dtest=PowerLossTest -Dstave.power.runs=1 -Dstave.power.seed="
        + seed;
  }

  private static String fingerprint(Map<String, byte[]> files) {
    StringBuilder text = new StringBuilder();
    files.forEach(
        (name, bytes) ->
            text.append(name).append(bytes.length).append(':').append(Arrays.hashCode(bytes)));
    return text.toString();
  }

  /** Returns the place of the state that was found. */
  private static int check(Path folder, List<String> allowed) {
    NavigableMap<String, String> rows;
    int at;
    byte[] key = StorageContract.bytes("key 0");
    byte[] value = StorageContract.noise(600, 1);
    try (FileStorage storage = open(folder)) {
      rows = PowerRun.rowsOf(storage);
      at = allowed.indexOf(rows.toString());
      assertThat(allowed).contains(rows.toString());
      StorageBatch batch = new StorageBatch();
      batch.put(key, value);
      storage.commit(batch);
    }
    rows.put("key 0", StorageModel.text(value));
    try (FileStorage storage = open(folder)) {
      assertThat(PowerRun.rowsOf(storage)).isEqualTo(rows);
    }
    return at;
  }

  private static FileStorage open(Path folder) {
    return FileStorage.open(folder, StorageOptions.DEFAULT, new UnsyncedDisk(), 6_000);
  }

  private Path newFolder() throws IOException {
    return Files.createDirectory(folders.resolve("run-" + folderNumber++));
  }

  private static void deleteAll(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (Files.isDirectory(file)) {
          deleteAll(file);
        }
        Files.delete(file);
      }
    }
  }
}
