package dev.stave.storage;

import static dev.stave.storage.StorageContract.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers, writers and who lets go of files, in every order of their steps that fits the bounds.
 *
 * <p>The model checker knows no disk and no thread of a pool: so what is tried are the parts that
 * have none, on files that were read into memory before. For the whole there are {@link
 * StorageConcurrencyTest} and {@link StorageThreadsTest}.
 */
class StorageInterleavingsTest {

  private static final Map<Path, byte[]> FILES = new HashMap<>();

  @TempDir static Path path;

  private static Folder folder;
  private static Manifest.Rows facts;

  /** Files that were read before; none is deleted, since they are for every run. */
  private static final class HeapDisk extends UnsyncedDisk {
    @Override
    public MappedFile map(Path file) throws IOException {
      byte[] bytes = FILES.get(file);
      return bytes == null ? super.map(file) : new MappedFile(file, bytes);
    }

    @Override
    public void delete(Path file) {
      // see above
    }
  }

  @BeforeAll
  static void writeASegment() throws IOException {
    folder = Folder.open(path, new HeapDisk());
    long[] number = {0};
    Pace pace = new Pace(Long.MAX_VALUE);
    try (SegmentWriter writer =
        new SegmentWriter(folder, () -> ++number[0], 2, pace, new BlockCache(0))) {
      writer.addAll(
          List.of(new Entry(bytes("key"), bytes("value")), new Entry(bytes("large"), new byte[600]))
              .iterator());
      Segment written = writer.finish();
      facts = written.facts();
      written.release();
    }
    for (Path file : List.of(folder.rows(1), folder.bodies(2))) {
      FILES.put(file, Files.readAllBytes(file));
    }
  }

  @AfterAll
  static void close() {
    folder.close();
    FILES.clear();
  }

  private static Segment openSegment() {
    try {
      BodyFile bodies = BodyFile.open(folder.disk(), folder.bodies(2), 2);
      return Segment.open(folder, facts, Map.of(2L, bodies), new BlockCache(0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Few enough for every build. */
  private static ModelCheckingOptions bounds() {
    return new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(200)
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(1);
  }

  /** A segment, snapshots of it, and a merge that puts another into its place. */
  public static final class Lifetime {
    private final Object lock = new Object();
    private final Layers shared;
    private Segment current = openSegment(); // under lock; null once it was replaced

    public Lifetime() {
      current.retain();
      shared = new Layers(List.of(), List.of(current), () -> {});
    }

    /** What a snapshot of its own reads. */
    @Operation
    public String read() {
      Layers snapshot;
      synchronized (lock) {
        if (current == null) {
          return "replaced";
        }
        current.retain();
        snapshot = new Layers(List.of(), List.of(current), () -> {});
      }
      try {
        return text(snapshot);
      } finally {
        snapshot.close();
      }
    }

    /** What a snapshot reads that others close meanwhile. */
    @Operation
    public String readShared() {
      try {
        return text(shared);
      } catch (IllegalStateException e) {
        return e.getMessage(); // that the snapshot is closed, and never that the file is
      }
    }

    @Operation
    public void closeShared() {
      shared.close();
    }

    @Operation
    public void replace() {
      Segment old;
      synchronized (lock) {
        old = current;
        current = null;
      }
      if (old != null) {
        old.replace();
      }
    }

    private static String text(StorageSnapshot snapshot) {
      return new String(snapshot.get(bytes("key")), UTF_8) + snapshot.get(bytes("large")).length;
    }
  }

  /** Batches of two rows, and snapshots that see both or none. */
  public static final class Publication {
    private final MemoryStorage storage = new MemoryStorage();

    @Operation
    public void commit(@Param(gen = IntGen.class, conf = "0:2") int value) {
      StorageBatch batch = new StorageBatch();
      batch.put(bytes("a"), bytes("" + value));
      batch.put(bytes("b"), bytes("" + value));
      storage.commit(batch);
    }

    @Operation
    public void deleteOne() {
      StorageBatch batch = new StorageBatch();
      batch.delete(bytes("a"));
      storage.commit(batch);
    }

    @Operation
    public String read() {
      try (StorageSnapshot snapshot = storage.snapshot()) {
        StringBuilder rows = new StringBuilder();
        snapshot
            .scan(bytes("a"), bytes("c"))
            .forEachRemaining(row -> rows.append(new String(row.value(), UTF_8)).append(' '));
        byte[] b = snapshot.get(bytes("b"));
        return rows + (b == null ? "none" : new String(b, UTF_8));
      }
    }
  }

  /** A cache of one place, about which all blocks quarrel. */
  public static final class OnePlace {
    private final BlockCache cache = new BlockCache(0);
    private final SortedFile[] files = new SortedFile[2];

    public OnePlace() throws IOException {
      for (int i = 0; i < files.length; i++) {
        files[i] = SortedFile.open(folder.disk(), folder.rows(1), 1, cache);
      }
    }

    @Operation
    public void put(@Param(gen = IntGen.class, conf = "0:3") int block) {
      Block.Builder builder = new Block.Builder();
      byte[] key = bytes("block " + block);
      builder.add(key, key.length, bytes("value"), 0, 5);
      byte[] bytes = builder.finish();
      cache.put(files[block & 1], block >> 1, new Block(bytes, 0, bytes.length));
    }

    /** Nothing, or the block that was asked for. */
    @Operation
    public boolean isRightOrNothing(@Param(gen = IntGen.class, conf = "0:3") int block) {
      Block cached = cache.get(files[block & 1], block >> 1);
      return cached == null || cached.get(bytes("block " + block)) != null;
    }
  }

  @Test
  void segment_readAndReplacedAndSnapshotsClosed_isNeverReadClosed() {
    bounds().check(Lifetime.class);
  }

  @Test
  void snapshot_besideCommits_seesWholeBatchesInOneOrder() {
    bounds().threads(2).invocationsPerIteration(100).check(Publication.class);
  }

  @Test
  void cache_besidePuts_givesTheRightBlockOrNone() {
    bounds().check(OnePlace.class);
  }
}
