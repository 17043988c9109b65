package dev.stave.storage;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract over a memtable so small that rows soon lie in segments, and those merge. */
class FileStorageTest extends StorageContract {

  @TempDir Path folder;

  @Override
  Storage open() {
    return StorageContract.open(folder, 4_000);
  }
}
