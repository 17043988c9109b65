package dev.stave.storage;

import static dev.stave.storage.StorageContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several logs after a crash: one is sealed, and the next one goes on. */
class LogChainTest {

  @TempDir Path path;

  private long beginOfLast;

  private static StorageBatch batch(String key) {
    StorageBatch batch = new StorageBatch();
    batch.put(bytes(key), bytes("value"));
    return batch;
  }

  @BeforeEach
  void write() throws IOException {
    Disk disk = new LocalDisk();
    try (CommitLog sealed = CommitLog.create(disk, path.resolve("0000000001.log"), true);
        CommitLog next = CommitLog.create(disk, path.resolve("0000000002.log"), true)) {
      sealed.append(List.of(batch("a")));
      beginOfLast = sealed.end();
      sealed.append(List.of(batch("b")));
      sealed.seal();
      next.append(List.of(batch("c")));
    }
    CommitLog.create(disk, path.resolve("0000000003.log"), true).close(); // made ahead
    List<Manifest.Log> logs =
        List.of(
            new Manifest.Log(1, Manifest.OPEN),
            new Manifest.Log(2, Manifest.OPEN),
            new Manifest.Log(3, Manifest.OPEN));
    new Manifest(4, logs, List.of(), Map.of(), List.of()).write(disk, path);
  }

  private void assertHoldsAll(StorageSnapshot snapshot) {
    for (String key : List.of("a", "b", "c")) {
      assertThat(snapshot.get(bytes(key))).as(key).isEqualTo(bytes("value"));
    }
  }

  @Test
  void open_sealedLogAndANext_holdsBoth() {
    try (ClosedStorage storage = ClosedStorage.open(path);
        StorageSnapshot snapshot = storage.snapshot()) {
      assertHoldsAll(snapshot);
    }
    assertThat(StorageCheck.of(path).damages()).isEmpty();
    assertThat(StorageCheck.of(path).rows()).isEqualTo(3);
    long logBytes = ClosedStorage.stats(path).logBytes();
    try (FileStorage storage = FileStorage.open(path);
        StorageSnapshot snapshot = storage.snapshot()) {
      assertHoldsAll(snapshot);
      assertThat(storage.stats().logBytes()).isEqualTo(logBytes).isGreaterThan(150);
    }
  }

  /** Only opening noticed: to read it, to copy it and to check it found the rows around the gap. */
  @Test
  void open_endOfASealedLogLost_isNoticedByAllWhoRead() throws IOException {
    Path log = path.resolve("0000000001.log");
    byte[] bytes = Files.readAllBytes(log);
    Arrays.fill(bytes, (int) beginOfLast, bytes.length, (byte) 0);
    Files.write(log, bytes);
    String where = "file=" + log + ", offset=" + beginOfLast;

    assertThatThrownBy(() -> ClosedStorage.open(path).close()).hasMessageEndingWith(where);
    assertThatThrownBy(() -> ClosedStorage.copy(path, path.resolveSibling("copy")))
        .hasMessageEndingWith(where);
    assertThatThrownBy(() -> ClosedStorage.stats(path)).hasMessageEndingWith(where);
    assertThat(StorageCheck.of(path).damages())
        .extracting(Damage::offset)
        .containsExactly(beginOfLast);
    assertThatThrownBy(() -> FileStorage.open(path)).hasMessageEndingWith(where);
  }

  @Test
  void open_nextLogLost_isNoticedByAllWhoRead() throws IOException {
    new Manifest(4, List.of(new Manifest.Log(1, Manifest.OPEN)), List.of(), Map.of(), List.of())
        .write(new LocalDisk(), path);

    assertThatThrownBy(() -> ClosedStorage.open(path)).isInstanceOf(CorruptStaveException.class);
    assertThat(StorageCheck.of(path).damages()).hasSize(1);
    assertThatThrownBy(() -> FileStorage.open(path)).isInstanceOf(CorruptStaveException.class);
  }

  /** What failed once after a flush had made its segment failed every commit from then on. */
  @Test
  void commit_afterAFlushThatFailedAtItsVeryEnd_goesOn() {
    class OneError extends UnsyncedDisk {
      boolean thrown;

      @Override
      public void delete(Path file) throws IOException {
        if (!thrown && file.endsWith("0000000001.log")) {
          thrown = true;
          throw new OutOfMemoryError("as if there were no memory");
        }
        super.delete(file);
      }
    }
    OneError disk = new OneError();
    try (FileStorage storage = FileStorage.open(path, StorageOptions.DEFAULT, disk, 1)) {
      storage.commit(batch("d"));
      storage.commit(batch("e"));
      storage.commit(batch("f"));
      assertThat(disk.thrown).isTrue();
      storage.compact();
      try (StorageSnapshot snapshot = storage.snapshot()) {
        assertHoldsAll(snapshot);
        assertThat(snapshot.get(bytes("f"))).isEqualTo(bytes("value"));
      }
    }
    assertThat(StorageCheck.of(path).damages()).isEmpty();
  }
}
