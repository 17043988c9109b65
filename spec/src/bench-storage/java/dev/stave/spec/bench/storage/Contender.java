package dev.stave.spec.bench.storage;

import dev.stave.spec.bench.storage.RocksEngine.Setup;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;

/** Who runs. The first one is measured against all others. */
enum Contender {
  STAVE("Stave", null),
  ROCKSDB("RocksDB as it comes", Setup.AS_IT_COMES),
  ROCKSDB_PLAIN("RocksDB, no compression", Setup.NO_COMPRESSION),
  ROCKSDB_MMAP("RocksDB, no compression, mmap", Setup.NO_COMPRESSION_MMAP),
  ROCKSDB_LZ4("RocksDB, LZ4", Setup.LZ4);

  private final String title;
  private final @Nullable Setup setup; // null: not RocksDB

  Contender(String title, @Nullable Setup setup) {
    this.title = title;
    this.setup = setup;
  }

  String title() {
    return title;
  }

  /** What is done once a process and belongs to no workload, as unpacking a native library. */
  void prepare() {
    if (setup != null) {
      RocksDB.loadLibrary();
    }
  }

  Engine open(Path folder) {
    return setup == null ? new StaveEngine(folder) : new RocksEngine(folder, setup);
  }

  /** Where many threads put one document each at a time. */
  DocumentStore openDocuments(Path folder) {
    return setup == null
        ? new DatabaseDocuments(folder)
        : new RowDocuments(new RocksEngine(folder, setup));
  }
}
