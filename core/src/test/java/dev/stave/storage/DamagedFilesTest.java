package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bits that rot: a damaged file is refused, and nothing wrong is ever served from it. */
class DamagedFilesTest {

  private static final int FLIPS = 2_000;

  @TempDir Path folder;

  private final StorageModel model = new StorageModel();

  @BeforeEach
  void write() {
    try (FileStorage storage = StorageContract.open(folder, 1)) {
      Random random = new Random(1);
      StorageBatch batch = new StorageBatch();
      for (int i = 0; i < 400; i++) {
        byte[] key = StorageContract.bytes("key " + i);
        byte[] value = StorageContract.noise(i % 40 == 0 ? 3_000 : random.nextInt(300), i);
        batch.put(key, value);
        model.put(key, value);
      }
      storage.commit(batch);
      StorageBatch last = new StorageBatch();
      last.put(StorageContract.bytes("last"), StorageContract.bytes("in the log"));
      model.put(StorageContract.bytes("last"), StorageContract.bytes("in the log"));
      storage.commit(last);
    }
  }

  @Test
  void open_anyBitOfASegmentFlipped_isRefusedOrReadsRight() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    TreeMap<String, Integer> outcomes = new TreeMap<>();
    for (Path file : files(".rows", ".bodies")) {
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < FLIPS / 2; i++) {
        byte[] damaged = whole.clone();
        int at = random.nextInt(whole.length);
        damaged[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, damaged);
        outcomes.merge(outcome(), 1, Integer::sum);
      }
      Files.write(file, whole);
    }

    assertThat(outcomes.keySet()).as("seed %s: %s", seed, outcomes).isSubsetOf("refused", "right");
  }

  private String outcome() {
    try (FileStorage storage = FileStorage.open(folder);
        StorageSnapshot snapshot = storage.snapshot()) {
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

  private List<Path> files(String... endings) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> Arrays.stream(endings).anyMatch(file.toString()::endsWith))
          .sorted()
          .collect(Collectors.toList());
    }
  }
}
