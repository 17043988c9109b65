package dev.stave.storage;

import static dev.stave.storage.StorageContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Android's mode {@code rwd} keeps to itself that a sync failed: there it is not relied on. */
class LocalDiskTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "Linux, OpenJDK 64-Bit Server VM, true",
    "Linux, Eclipse OpenJ9 VM, true",
    "Linux, Dalvik, false", // what ART calls itself
    "Mac OS X, OpenJDK 64-Bit Server VM, false",
    "Windows 11, OpenJDK 64-Bit Server VM, false",
    ", , false"
  })
  void writesThrough_isReliedOnWhereItIsKnown(String system, String machine, boolean relied) {
    assertThat(LocalDisk.writesThrough(system, machine)).isEqualTo(relied);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void writeThrough_eitherWay_writesWhereItIsTold(boolean writesThrough) throws IOException {
    Path file = folder.resolve("file");
    try (DiskFile out = new LocalDisk(writesThrough).create(file)) {
      out.write(0, bytes("before, "), 0, 8);
      out.writeThrough(8, bytes("<and behind>"), 1, 10);
    }

    assertThat(Files.readAllBytes(file)).isEqualTo(bytes("before, and behind"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void fileStorage_eitherWay_holdsWhatWasCommitted(boolean writesThrough) {
    StorageBatch batch = new StorageBatch();
    batch.put(bytes("key"), bytes("value"));
    LocalDisk disk = new LocalDisk(writesThrough);
    try (FileStorage storage = FileStorage.open(folder, StorageOptions.DEFAULT, disk, 1_000)) {
      storage.commit(batch);
    }

    try (FileStorage storage = FileStorage.open(folder);
        StorageSnapshot snapshot = storage.snapshot()) {
      assertThat(snapshot.get(bytes("key"))).isEqualTo(bytes("value"));
    }
  }

  /** A device that takes every write and cannot be synced. */
  @Test
  void writeThrough_syncThatFails_isTold() throws IOException {
    Path file = Path.of("/dev/null");
    assumeTrue(Files.isWritable(file), "no such device here");
    try (DiskFile out = new LocalDisk(false).open(file)) {
      out.write(0, bytes("taken"), 0, 5);

      assertThatThrownBy(() -> out.writeThrough(0, bytes("taken"), 0, 5))
          .isInstanceOf(IOException.class);
    }
  }
}
