package dev.stave.spec.bench.storage;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/**
 * RocksDB through its JNI, set up as one would who wants it fast with 64 MiB of memory and every
 * commit on the disk.
 *
 * <pre>
 * threads      increaseParallelism(2)
 * memory       64 MiB block cache, to which two write buffers of 24 MiB are charged
 * filter       Bloom, 10 bits a key
 * log          synced at each commit; two old ones kept to be written over, which makes syncs cheaper
 * compression  as this build has it, or none, or LZ4
 * mmap         off, or on: then blocks are read where they lie, without the cache
 * </pre>
 *
 * All else is as RocksDB's Java API has it.
 */
final class RocksEngine implements Engine {

  private static final long CACHE_BYTES = 64L << 20;
  private static final long WRITE_BUFFER_BYTES = 24L << 20;
  private static final int WRITE_BUFFERS = 2;
  private static final int BLOOM_BITS = 10;
  private static final int THREADS = 2;
  private static final int OLD_LOGS = 2;
  private static final int LONGEST_ROW = 4 << 10;

  private static final long SETTLE_LIMIT_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final int QUIET_POLLS = 10;
  private static final List<String> DUE =
      List.of(
          "rocksdb.mem-table-flush-pending",
          "rocksdb.num-running-flushes",
          "rocksdb.compaction-pending",
          "rocksdb.num-running-compactions");

  /** How it is set up besides. */
  enum Setup {
    AS_IT_COMES(null),
    NO_COMPRESSION(CompressionType.NO_COMPRESSION),
    NO_COMPRESSION_MMAP(CompressionType.NO_COMPRESSION),
    LZ4(CompressionType.LZ4_COMPRESSION);

    private final @Nullable CompressionType compression; // null: the build's own

    Setup(@Nullable CompressionType compression) {
      this.compression = compression;
    }
  }

  private final Cache cache = new LRUCache(CACHE_BYTES);
  private final WriteBufferManager buffers = new WriteBufferManager(CACHE_BYTES, cache);
  private final BloomFilter filter = new BloomFilter(BLOOM_BITS);
  private final Options options;
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final RocksDB db;
  private final RocksReader latest; // to RocksDB, a read without a snapshot sees the latest commit

  RocksEngine(Path folder, Setup setup) {
    options =
        new Options()
            .setCreateIfMissing(true)
            .setIncreaseParallelism(THREADS)
            .setWriteBufferSize(WRITE_BUFFER_BYTES)
            .setMaxWriteBufferNumber(WRITE_BUFFERS)
            .setWriteBufferManager(buffers)
            .setRecycleLogFileNum(OLD_LOGS)
            .setTableFormatConfig(
                new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter));
    if (setup.compression != null) {
      options.setCompressionType(setup.compression);
    }
    options.setAllowMmapReads(setup == Setup.NO_COMPRESSION_MMAP);
    try {
      db = RocksDB.open(options, folder.toString());
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
    latest = new RocksReader();
  }

  static String version() {
    RocksDB.loadLibrary();
    return RocksDB.rocksdbVersion().toString();
  }

  /** The compression that this build of RocksDB uses if nobody chooses. */
  static String defaultCompression() {
    RocksDB.loadLibrary();
    try (Options defaults = new Options()) {
      return defaults.compressionType().toString();
    }
  }

  @Override
  public Batch batch() {
    return new RocksBatch();
  }

  @Override
  public Reader reader() {
    return new RocksReader();
  }

  @Override
  public void get(byte[] key, Visitor visitor) {
    latest.get(key, visitor);
  }

  @Override
  public void settle() {
    long deadline = System.nanoTime() + SETTLE_LIMIT_NANOS;
    for (int quiet = 0; quiet < QUIET_POLLS; ) {
      quiet = isIdle() ? quiet + 1 : 0;
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("RocksDB does not settle");
      }
      Sleep.millis(10);
    }
  }

  private boolean isIdle() {
    try {
      for (String property : DUE) {
        if (db.getLongProperty(property) != 0) {
          return false;
        }
      }
      return true;
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    latest.close();
    db.close();
    synced.close();
    options.close();
    filter.close();
    buffers.close();
    cache.close();
  }

  private final class RocksBatch implements Batch {
    private final WriteBatch rows = new WriteBatch();

    @Override
    public void put(byte[] key, byte[] value) {
      try {
        rows.put(key, value);
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void delete(byte[] key) {
      try {
        rows.delete(key);
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void commit() {
      try {
        db.write(synced, rows);
        rows.clear();
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  /** One iterator for all scans of one moment, since making one costs more than moving it. */
  private final class RocksReader implements Reader {
    private final ReadOptions reads = new ReadOptions();
    private final byte[] key = new byte[LONGEST_ROW];
    private final byte[] value = new byte[LONGEST_ROW];
    private @Nullable RocksIterator iterator;

    @Override
    public void get(byte[] wanted, Visitor visitor) {
      try {
        int length = db.get(reads, wanted, value);
        if (length == RocksDB.NOT_FOUND) {
          throw new IllegalStateException("a row is missing");
        }
        visitor.row(wanted, value, checked(length));
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void scan(byte[] from, byte[] to, Visitor visitor) {
      RocksIterator rows = iterator();
      for (rows.seek(from); rows.isValid(); rows.next()) {
        int keyLength = checked(rows.key(key));
        if (Arrays.compareUnsigned(key, 0, keyLength, to, 0, to.length) >= 0) {
          return;
        }
        visitor.row(key, value, checked(rows.value(value)));
      }
      try {
        rows.status();
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    private RocksIterator iterator() {
      if (iterator == null) {
        iterator = db.newIterator(reads);
      }
      return iterator;
    }

    private static int checked(int length) {
      if (length > LONGEST_ROW) {
        throw new IllegalStateException("a row of " + length + " bytes");
      }
      return length;
    }

    @Override
    public void close() {
      if (iterator != null) {
        iterator.close();
      }
      reads.close();
    }
  }
}
