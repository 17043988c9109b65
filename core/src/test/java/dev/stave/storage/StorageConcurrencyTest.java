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
