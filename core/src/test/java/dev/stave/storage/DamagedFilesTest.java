package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bits that rot: a damaged file is refused, and nothing wrong is ever served from it. */
class DamagedFilesTest {

  private static final int FLIPS = Integer.getInteger("stave.damage.flips", 300);
  private static final long SEED = Long.getLong("stave.damage.seed", System.nanoTime());

  @TempDir Path folder;

  private final StorageModel model = new StorageModel();
  private final StorageModel withoutTheLast = new StorageModel();
  private final Random random = new Random(SEED);

  private FileStorage open() {
    return FileStorage.open(folder, StorageOptions.DEFAULT, new UnsyncedDisk(), 30_000);
  }

  private void put(StorageBatch batch, String key, byte[] value) {
    batch.put(StorageContract.bytes(key), value);
    model.put(StorageContract.bytes(key), value);
  }

  /** Some segments, one of them over others, and a log with what is in none. */
  private void write(FileStorage storage) {
    for (int round = 0; round < 6; round++) {
      StorageBatch batch = new StorageBatch();
      for (int i = 0; i < 100; i++) {
        int key = random.nextInt(400);
        byte[] value = StorageContract.noise(i % 20 == 0 ? 3_000 : random.nextInt(300), i + round);
        put(batch, "key " + key, value);
      }
      storage.commit(batch);
    }
    try (TableWriter writer = storage.tables().write(1_000, true)) {
      for (int i = 0; i < 1_000; i++) {
        writer.add(tableKey(i), StorageContract.noise(8, i));
      }
      storage.tables().replace(List.of(), writer.finish());
    }
  }

  private static byte[] tableKey(int i) {
    return StorageContract.bytes(String.format("%04d", i));
  }

  private static void assertTableIsWhole(FileStorage storage) {
    List<Table> tables = storage.tables().retained();
    assertThat(tables).hasSize(1);
    try {
      for (int i = 0; i < 1_000; i++) {
        assertThat(tables.get(0).get(tableKey(i))).isEqualTo(StorageContract.noise(8, i));
      }
    } finally {
      tables.get(0).release();
    }
  }

  private void writeTheLast(FileStorage storage) {
    for (int i = 0; i < 3; i++) {
      model.rows().forEach(withoutTheLast::put);
      StorageBatch last = new StorageBatch();
      put(last, "last " + i, StorageContract.noise(200, i));
      storage.commit(last);
    }
  }

  @Test
  void open_anyBitFlippedOfAnyFile_isRefusedOrReadsRight() throws IOException {
    try (FileStorage storage = open()) {
      write(storage);
      writeTheLast(storage);
    }

    assertThat(outcomes(folder).keySet()).as("seed %s", SEED).isSubsetOf("refused", "right");
  }

  /** What nothing points to any more is read by nobody, but for the check. */
  @Test
  void check_anyBitFlippedOfAnyFile_isNoticed() throws IOException {
    try (FileStorage storage = open()) {
      write(storage);
      writeTheLast(storage);
    }

    for (Path file : files(folder)) {
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < FLIPS && whole.length > 0; i++) {
        byte[] bytes = whole.clone();
        int at = random.nextInt(whole.length);
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);

        assertThat(StorageCheck.of(folder).damages())
            .as("seed %s, %s at %s", SEED, file, at)
            .isNotEmpty();
      }
      Files.write(file, whole);
    }
    assertThat(StorageCheck.of(folder).damages()).isEmpty();
  }

  /** In a storage without garbage there is no bit that does not matter. */
  @Test
  void open_anyBitFlippedOfACompactFolder_isNoticed() throws IOException {
    try (FileStorage storage = open()) {
      write(storage);
      storage.compact();
      writeTheLast(storage);
    }

    assertThat(outcomes(folder).keySet()).as("seed %s", SEED).containsExactly("refused");
  }

  /**
   * The log of a process that was killed ends in room that was made ahead, which says nothing. And
   * its last record, if damaged, looks as one that was never written to its end: that one commit
   * may be missing, whole.
   */
  @Test
  void open_anyBitFlippedAfterAKill_isRefusedOrReadsRightOrLacksTheLastCommit() throws IOException {
    Path copy = Files.createDirectory(folder.resolveSibling(folder.getFileName() + "-killed"));
    try (FileStorage storage = open()) {
      write(storage);
      storage.compact(); // and nothing goes on in the background
      writeTheLast(storage);
      for (Path file : files(folder)) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }

    assertThat(outcomes(copy).keySet())
        .as("seed %s", SEED)
        .isSubsetOf("refused", "right", "last missing");
  }

  private TreeMap<String, Integer> outcomes(Path damaged) throws IOException {
    TreeMap<String, Integer> outcomes = new TreeMap<>();
    for (Path file : files(damaged)) {
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < FLIPS && whole.length > 0; i++) {
        byte[] bytes = whole.clone();
        int at = random.nextInt(whole.length);
        int bit = random.nextInt(8);
        bytes[at] ^= (byte) (1 << bit);
        String outcome = outcome(damaged, file, bytes);
        outcomes.merge(outcome, 1, Integer::sum);
        if (!outcome.equals("refused") && !outcome.equals("right") && !outcome.startsWith("last")) {
          System.err.println("DamagedFilesTest: " + outcome + ", " + file + " " + at + " " + bit);
        }
      }
      Files.write(file, whole);
    }
    System.out.println("DamagedFilesTest: " + outcomes);
    return outcomes;
  }

  /** In a folder of its own, since opening a damaged one may change it. */
  private String outcome(Path whole, Path damaged, byte[] bytes) throws IOException {
    Path copy = Files.createTempDirectory(folder.getParent(), "damaged");
    for (Path file : files(whole)) {
      Path to = copy.resolve(file.getFileName());
      if (file.equals(damaged)) {
        Files.write(to, bytes);
      } else if (file.toString().endsWith(".log") || file.endsWith(Folder.MANIFEST)) {
        Files.copy(file, to);
      } else {
        Files.createLink(to, file);
      }
    }
    try {
      return outcome(copy);
    } finally {
      for (Path file : files(copy)) {
        Files.delete(file);
      }
      Files.delete(copy);
    }
  }

  private String outcome(Path path) {
    try (FileStorage storage =
            FileStorage.open(path, StorageOptions.DEFAULT, new UnsyncedDisk(), 30_000);
        StorageSnapshot snapshot = storage.snapshot()) {
      assertTableIsWhole(storage);
      if (snapshot.get(StorageContract.bytes("last 2")) == null) {
        withoutTheLast.assertEqualTo(snapshot);
        return "last missing";
      }
      model.assertEqualTo(snapshot);
      return "right";
    } catch (CorruptStaveException | StorageException e) {
      return "refused";
    } catch (AssertionError e) {
      return "WRONG DATA";
    } catch (RuntimeException e) {
      return e.getClass().getName();
    }
  }

  private static List<Path> files(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.sorted().collect(Collectors.toList());
    }
  }
}
