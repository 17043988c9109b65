package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.storage.RecordingDisk.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power fails, or the process is killed, at each moment of a storage's and its forks' work.
 *
 * <p>Strategy: as {@link PowerLossTest}, with a fork, a fork of that, and commits, flushes and
 * merges of all three. What a kill leaves is what {@code ALL_KEPT} does.
 *
 * <p>Invariants: a fork is not there, or it opens, and holds the rows of a moment that it may hold;
 * it is there once it was acknowledged; its parent holds what was acknowledged, whatever became of
 * the fork.
 */
class ForkPowerTest {

  private static final long SEED = Long.getLong("stave.power.seed", 7);
  private static final long MEMTABLE = 6_000;

  @TempDir Path folders;

  /** What may be in each storage, by its place below the folder; those that must be there. */
  private record Known(Map<String, Set<String>> states, Set<String> there) {
    Known {
      states = Map.copyOf(states);
      there = Set.copyOf(there);
    }
  }

  private final Random random = new Random(SEED);
  private final Map<String, FileStorage> open = new TreeMap<>();
  private final Map<String, NavigableMap<String, String>> rows = new HashMap<>();
  private final Map<String, Set<String>> allowed = new HashMap<>();
  private final Set<String> there = new TreeSet<>();

  private void mark(RecordingDisk disk) {
    disk.mark(new Known(allowed, there));
  }

  private void commit(String place, RecordingDisk disk) {
    NavigableMap<String, String> now = rows.get(place);
    String before = now.toString();
    StorageBatch batch = new StorageBatch();
    for (int i = random.nextInt(4); i >= 0; i--) {
      String key = "key " + random.nextInt(20);
      byte[] value = StorageContract.noise(random.nextInt(900), random.nextInt());
      batch.put(StorageContract.bytes(key), value);
      now.put(key, StorageModel.text(value));
    }
    allowed.put(place, Set.of(before, now.toString()));
    mark(disk);
    open.get(place).commit(batch);
    allowed.put(place, Set.of(now.toString()));
    mark(disk);
  }

  private void fork(String parent, String name, Path folder, RecordingDisk disk) {
    String place = parent + "forks/" + name + "/";
    rows.put(place, new TreeMap<>(rows.get(parent)));
    byte[] own = StorageContract.bytes(name);
    rows.get(place).put("key 0", StorageModel.text(own));
    allowed.put(place, Set.of(rows.get(place).toString()));
    mark(disk);
    open.put(
        place,
        open.get(parent)
            .fork(
                folder.resolve(place),
                (snapshot, first) -> {
                  StorageBatch batch = new StorageBatch();
                  batch.put(StorageContract.bytes("key 0"), own);
                  first.accept(batch);
                  return "note of " + name;
                }));
    there.add(place);
    mark(disk);
  }

  @Test
  void fork_powerCutAtAnyBoundary_isWholeOrNotThere() throws IOException {
    Path folder = Files.createDirectory(folders.resolve("run"));
    RecordingDisk disk = new RecordingDisk(folder);
    open.put("", FileStorage.open(folder, StorageOptions.DEFAULT, disk, MEMTABLE));
    rows.put("", new TreeMap<>());
    allowed.put("", Set.of("{}"));
    there.add("");
    mark(disk);
    for (int i = 0; i < 75; i++) {
      for (String place : List.copyOf(open.keySet())) {
        commit(place, disk);
      }
      if (i == 12) {
        fork("", "a", folder, disk);
      } else if (i == 25) {
        fork("forks/a/", "b", folder, disk);
      } else if (i == 40) {
        open.get("").compact();
      } else if (i == 60) {
        fork("", "c", folder, disk);
      }
    }
    open.values().forEach(FileStorage::close);

    PowerCut cut = new PowerCut(disk);
    Known known = null;
    int checks = 0;
    for (Call call : disk.tape()) {
      cut.pass(call);
      if (call instanceof Call.Mark mark) {
        known = (Known) mark.known();
      } else if (known != null && (isOfAFork(call) || random.nextInt(4) == 0)) {
        for (PowerCut.Luck luck : PowerCut.Luck.values()) {
          check(folder, cut.tree(luck, random), known, checks++ + " " + luck + " after " + call);
        }
      }
    }
    System.out.println("ForkPowerTest: " + disk.tape().size() + " calls, " + checks + " checks");
    assertThat(checks).isGreaterThan(500);
  }

  private static boolean isOfAFork(Call call) {
    return call.toString().contains("forks");
  }

  private void check(Path run, Map<Path, byte[]> files, Known known, String when)
      throws IOException {
    Path folder = folders.resolve("cut-" + when.substring(0, when.indexOf(' ')));
    for (Map.Entry<Path, byte[]> file : files.entrySet()) {
      Path to = folder.resolve(run.relativize(file.getKey()).toString());
      Files.createDirectories(to.getParent());
      Files.write(to, file.getValue());
    }
    try {
      for (Map.Entry<String, Set<String>> each : known.states().entrySet()) {
        Path path = folder.resolve(each.getKey());
        if (!known.there().contains(each.getKey()) && !Files.exists(path)) {
          continue;
        }
        try (FileStorage storage =
            FileStorage.open(path, StorageOptions.DEFAULT, new UnsyncedDisk(), MEMTABLE)) {
          assertThat(each.getValue()).contains(PowerRun.rowsOf(storage).toString());
          assertThat(FileStorage.note(path).isPresent()).isEqualTo(!each.getKey().isEmpty());
        }
      }
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(when + " " + files.keySet() + " seed " + SEED, e);
    }
    deleteAll(folder);
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).collect(Collectors.toList())) {
        Files.delete(file);
      }
    }
  }
}
