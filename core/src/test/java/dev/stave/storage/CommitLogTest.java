package dev.stave.storage;

import static dev.stave.storage.StorageContract.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.StaveException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitLogTest {

  private static final Disk DISK = new LocalDisk();

  @TempDir Path folder;
  private Path file;

  /** Where each record ends. The first "record" is the file's header. */
  private final List<Integer> ends = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("0000000001.log");
    try (CommitLog log = CommitLog.create(DISK, file, true)) {
      ends.add((int) log.end());
      for (String batch : List.of("a", "b", "c")) {
        log.append(List.of(batch(batch)));
        ends.add((int) log.end());
      }
      log.finish();
    }
  }

  private CommitLog open(Consumer<StorageBatch> replay) throws IOException {
    CommitLog.Contents contents = CommitLog.read(DISK, file, Manifest.OPEN, replay);
    return CommitLog.resume(DISK, file, true, contents);
  }

  private static StorageBatch batch(String name) {
    StorageBatch batch = new StorageBatch();
    batch.put(bytes(name), bytes("value of " + name));
    batch.put(bytes(name + "-empty"), new byte[0]);
    batch.delete(bytes(name + "-gone"));
    return batch;
  }

  /** The names of the batches in the log, after it was opened and closed. */
  private List<String> replayed() throws IOException {
    List<String> names = new ArrayList<>();
    open(batch -> names.add(nameOf(batch))).finish();
    return names;
  }

  private static String nameOf(StorageBatch batch) {
    List<Entry> entries = new ArrayList<>(batch.entries());
    assertThat(entries.get(1).value()).isEmpty();
    assertThat(entries.get(2).isDeletion()).isTrue();
    return new String(entries.get(0).key(), UTF_8);
  }

  @Test
  void open_wholeLog_replaysAllInOrder() throws IOException {
    assertThat(replayed()).containsExactly("a", "b", "c");
  }

  @Test
  void open_tornAtAnyByteOfTheLastRecord_isCutAndGoesOn() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = ends.get(2); length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));

      assertThat(replayed()).containsExactly("a", "b");
      assertThat(Files.size(file)).isEqualTo((long) ends.get(2));

      try (CommitLog log = open(batch -> {})) {
        log.append(List.of(batch("d")));
        log.finish();
      }
      assertThat(replayed()).containsExactly("a", "b", "d");
    }
  }

  @Test
  void open_lastRecordZeroedInPart_isCut() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int from = ends.get(2); from < whole.length; from++) {
      byte[] torn = whole.clone();
      Arrays.fill(torn, from, torn.length, (byte) 0);
      if (Arrays.equals(torn, whole)) {
        continue; // the record ends in zeros of its own
      }
      Files.write(file, torn);

      assertThat(replayed()).containsExactly("a", "b");
    }
  }

  @Test
  void open_anyBitOfAnEarlierRecordFlipped_isRefusedWithFileAndOffset() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int bit = ends.get(0) * 8; bit < ends.get(2) * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, damaged);
      int record = bit / 8 < ends.get(1) ? ends.get(0) : ends.get(1);

      assertThatThrownBy(this::replayed)
          .isInstanceOf(CorruptStaveException.class)
          .hasMessageEndingWith("file=" + file + ", offset=" + record);
      assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
    }
  }

  @Test
  void open_anyBitOfTheHeaderFlipped_isRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int bit = 0; bit < ends.get(0) * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, damaged);

      assertThatThrownBy(this::replayed)
          .isInstanceOf(StaveException.class)
          .hasMessageContaining("file=" + file);
    }
  }

  @Test
  void open_laterVersion_isNamed() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    byte[] header = new FileHeader(0x53544156454c4f47L, 9, 1).toBytes();
    System.arraycopy(header, 0, whole, 0, header.length);
    Files.write(file, whole);

    assertThatThrownBy(this::replayed)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("format 9), this one reads 2: file=" + file);
  }

  @Test
  void open_headerCutShort_isRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < ends.get(0); length++) {
      Files.write(file, Arrays.copyOf(whole, length));

      assertThatThrownBy(this::replayed).isInstanceOf(CorruptStaveException.class);
    }
  }

  @Test
  void open_recordsOfAnOlderLogBehindTheTail_areNotReplayed() throws IOException {
    byte[] older = Files.readAllBytes(file);
    Files.delete(file);
    try (CommitLog log = CommitLog.create(DISK, file, true)) {
      log.append(List.of(batch("z")));
      log.finish();
    }
    byte[] newer = Files.readAllBytes(file);
    byte[] recycled = Arrays.copyOf(newer, newer.length + older.length);
    System.arraycopy(older, ends.get(0), recycled, newer.length, older.length - ends.get(0));
    Files.write(file, recycled);

    assertThat(replayed()).containsExactly("z");
    assertThat(Files.size(file)).isEqualTo(newer.length);
  }

  @Test
  void append_onAnInterruptedThread_isDurable() throws IOException {
    try (CommitLog log = open(batch -> {})) {
      Thread.currentThread().interrupt();
      log.append(List.of(batch("d")));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }

    assertThat(replayed()).containsExactly("a", "b", "c", "d");
  }

  /**
   * Damage was looked for in windows, and a record whose header lay across the end of one was not
   * seen: so this commit passed for the remains of a power cut.
   */
  @Test
  void open_damageBeforeTheOnlyRecordAtAnyDistance_isRefused() throws IOException {
    for (int length = (64 << 10) - 16; length <= (64 << 10) + 16; length += 8) {
      Files.delete(file);
      StorageBatch first = new StorageBatch();
      first.put(bytes("k"), new byte[length - 24 - 6]); // the header; entries, key and its lengths
      try (CommitLog log = CommitLog.create(DISK, file, true)) {
        log.append(List.of(first));
        assertThat(log.end()).isEqualTo(FileHeader.BYTES + (long) length);
        log.append(List.of(batch("b")));
        log.finish();
      }
      byte[] damaged = Files.readAllBytes(file);
      damaged[FileHeader.BYTES + 100] ^= 1;
      Files.write(file, damaged);

      assertThatThrownBy(this::replayed).isInstanceOf(CorruptStaveException.class);
    }
  }

  /**
   * What was written of a group before an error that is not the disk's stayed there, and a batch of
   * it that was refused came back behind a later one of the same length as those before it.
   */
  @Test
  void append_memoryRunsOutInAGroup_leavesNothingOfIt() throws IOException {
    Files.delete(file);
    FaultyDisk disk = new FaultyDisk(FaultyDisk.Kind.OUT_OF_MEMORY, 13, false);
    try (CommitLog log = CommitLog.create(disk, file, true)) {
      assertThatThrownBy(() -> log.append(List.of(large("a"), large("b"), large("c"))))
          .isInstanceOf(OutOfMemoryError.class);
      assertThat(disk.hasFailed()).isTrue();
      log.append(List.of(large("d")));
      log.finish();
    }
    List<String> keys = new ArrayList<>();
    open(batch -> batch.entries().forEach(row -> keys.add(new String(row.key(), UTF_8)))).finish();

    assertThat(keys).containsExactly("d");
  }

  private static StorageBatch large(String key) {
    StorageBatch batch = new StorageBatch();
    batch.put(bytes(key), new byte[CommitLog.LARGE / 2]);
    return batch;
  }
}
