package dev.stave.storage;

import static dev.stave.storage.StorageContract.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One writer, several readers, flushes and merges all at once.
 *
 * <p>Strategy: each batch writes its number under every key, deletes some keys and brings others
 * back. Invariants: all rows of a snapshot carry one number; no row is missing that the number says
 * is there; the number never goes back, and is never behind what was committed before the snapshot.
 */
class StorageConcurrencyTest {

  private static final int KEYS = 40;
  private static final long MILLIS = 3_000;

  @TempDir Path folder;

  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicLong committed = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  @Test
  void fileStorage_readersBesideAWriter_seeWholeBatchesOnly() throws InterruptedException {
    try (FileStorage storage = StorageContract.open(folder, 20_000)) {
      run(storage);
    }
    try (FileStorage storage = FileStorage.open(folder);
        StorageSnapshot snapshot = storage.snapshot()) {
      assertThat(check(snapshot)).isEqualTo(committed.get());
    }
  }

  @Test
  void memoryStorage_readersBesideAWriter_seeWholeBatchesOnly() throws InterruptedException {
    try (MemoryStorage storage = new MemoryStorage()) {
      run(storage);
    }
  }

  /**
   * Several threads commit, each under keys of its own, while others compact, take checkpoints and
   * close snapshots that are being read.
   */
  @Test
  void fileStorage_severalWritersAndAllElseBesideThem_loseNothing() throws Exception {
    int writers = 4;
    AtomicLong[] numbers = new AtomicLong[writers];
    List<Thread> threads = new ArrayList<>();
    try (FileStorage storage = StorageContract.open(folder.resolve("db"), 4_000)) {
      for (int i = 0; i < writers; i++) {
        String mine = "writer " + i + " ";
        AtomicLong number = new AtomicLong();
        numbers[i] = number;
        threads.add(new Thread(() -> guarded(() -> commitOwn(storage, mine, number))));
      }
      threads.add(new Thread(() -> guarded(() -> storage.compact())));
      threads.add(new Thread(() -> guarded(() -> closeUnderAReader(storage))));
      threads.add(new Thread(() -> guarded(() -> closeUnderAReader(storage))));
      threads.add(new Thread(() -> guarded(() -> checkCheckpoint(storage, writers))));
      threads.forEach(Thread::start);
      Thread.sleep(MILLIS);
      done.set(true);
      for (Thread thread : threads) {
        thread.join(30_000);
        assertThat(thread.isAlive()).as("%s hangs", thread).isFalse();
      }
      assertThat(failures).isEmpty();
      storage.compact();
      assertThat(storage.stats().garbageBytes()).isZero();
    }
    try (FileStorage storage = FileStorage.open(folder.resolve("db"));
        StorageSnapshot snapshot = storage.snapshot()) {
      for (int i = 0; i < writers; i++) {
        assertThat(numbers[i].get()).isGreaterThan(3);
        assertThat(numberOf(snapshot, "writer " + i + " ")).isEqualTo(numbers[i].get());
      }
    }
  }

  private static void commitOwn(Storage storage, String prefix, AtomicLong number) {
    long next = number.get() + 1;
    StorageBatch batch = new StorageBatch();
    for (int key = 0; key < 5; key++) {
      batch.put(bytes(prefix + key), bytes(next + "x".repeat(key * 200)));
    }
    storage.commit(batch);
    number.set(next);
  }

  /** The number that all rows of a writer carry, or 0 if it has none yet. */
  private static long numberOf(StorageSnapshot snapshot, String prefix) {
    long number = 0;
    for (int key = 0; key < 5; key++) {
      byte[] value = snapshot.get(bytes(prefix + key));
      long here = value == null ? 0 : Long.parseLong(text(value).replace("x", ""));
      assertThat(key == 0 || here == number).as("%s: %s and %s", prefix, number, here).isTrue();
      number = here;
    }
    return number;
  }

  /** A reader whose snapshot is closed gets its answer or hears that it is closed. */
  private static void closeUnderAReader(Storage storage) {
    StorageSnapshot snapshot = storage.snapshot();
    Thread closer = new Thread(snapshot::close);
    closer.start();
    try {
      while (true) {
        numberOf(snapshot, "writer 0 ");
        snapshot.scan(bytes("w"), bytes("x")).forEachRemaining(row -> text(row.value()));
      }
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("the snapshot is closed");
    }
    try {
      closer.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void checkCheckpoint(FileStorage storage, int writers) {
    Path copy = folder.resolve("copy " + reads.incrementAndGet());
    storage.checkpoint(copy);
    try (FileStorage opened = FileStorage.open(copy);
        StorageSnapshot then = opened.snapshot();
        StorageSnapshot now = storage.snapshot()) {
      for (int i = 0; i < writers; i++) {
        String prefix = "writer " + i + " ";
        assertThat(numberOf(then, prefix)).isLessThanOrEqualTo(numberOf(now, prefix));
      }
    }
  }

  private void run(Storage storage) throws InterruptedException {
    commit(storage, 0);
    List<Thread> threads = new ArrayList<>();
    threads.add(new Thread(() -> guarded(() -> commit(storage, committed.get() + 1))));
    for (int reader = 0; reader < 3; reader++) {
      Random random = new Random(reader);
      AtomicLong last = new AtomicLong();
      threads.add(new Thread(() -> guarded(() -> last.set(read(storage, last.get(), random)))));
    }
    threads.forEach(Thread::start);
    Thread.sleep(MILLIS);
    done.set(true);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(failures).isEmpty();
    assertThat(committed.get()).isGreaterThan(10);
    assertThat(reads.get()).isGreaterThan(10);
  }

  private void guarded(Runnable step) {
    try {
      while (!done.get()) {
        step.run();
      }
    } catch (RuntimeException | Error e) {
      failures.add(e);
      done.set(true);
    }
  }

  private static boolean isThere(int key, long number) {
    return (key + number) % 4 != 0;
  }

  /** Values of all sizes, the number first. */
  private void commit(Storage storage, long number) {
    StorageBatch batch = new StorageBatch();
    for (int key = 0; key < KEYS; key++) {
      if (isThere(key, number)) {
        batch.put(bytes("key " + key), bytes(number + "x".repeat(key % 7 == 0 ? 600 : key)));
      } else {
        batch.delete(bytes("key " + key));
      }
    }
    storage.commit(batch);
    committed.set(number);
  }

  private long read(Storage storage, long last, Random random) {
    long before = committed.get();
    try (StorageSnapshot snapshot = storage.snapshot()) {
      long number = check(snapshot);
      assertThat(number).isGreaterThanOrEqualTo(Math.max(last, before));
      if (random.nextInt(4) == 0) {
        Thread.yield();
        assertThat(check(snapshot)).isEqualTo(number);
      }
      int key = random.nextInt(KEYS);
      assertThat(snapshot.get(bytes("key " + key)) != null).isEqualTo(isThere(key, number));
      reads.incrementAndGet();
      return number;
    }
  }

  /** The number that all rows carry. */
  private static long check(StorageSnapshot snapshot) {
    long forwards = check(snapshot.scan(bytes("k"), bytes("l")));
    assertThat(check(snapshot.scanBackward(bytes("k"), bytes("l")))).isEqualTo(forwards);
    return forwards;
  }

  private static long check(Iterator<StorageSnapshot.Row> rows) {
    long number = -1;
    int count = 0;
    while (rows.hasNext()) {
      StorageSnapshot.Row row = rows.next();
      long here = Long.parseLong(text(row.value()).replace("x", ""));
      assertThat(number == -1 || number == here).as("%s and %s", number, here).isTrue();
      number = here;
      assertThat(isThere(Integer.parseInt(text(row.key()).substring(4)), number)).isTrue();
      count++;
    }
    assertThat(count).isEqualTo(KEYS * 3 / 4);
    return number;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
