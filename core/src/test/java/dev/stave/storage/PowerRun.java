package dev.stave.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A storage at work on a {@link RecordingDisk}, at random from a seed: batches with values of all
 * sizes and deletions, alone and in groups that go into the log by one write, snapshots held,
 * compactions, closing and reopening, and processes killed. What must be there is marked on the
 * recording as it becomes known.
 */
final class PowerRun {

  private static final int KEYS = 30;
  private static final int[] SIZES = {0, 10, 100, 300, 511, 512, 513, 900, 2_000};
  private static final long MEMTABLE = 6_000;

  /** What the storage held after each batch so far. Behind the acknowledged one is a group. */
  record Known(List<String> states, int acknowledged) {}

  private final Path folder;
  private final RecordingDisk disk;
  private final StorageOptions options;
  private final Random random;
  private final NavigableMap<String, String> rows = new TreeMap<>();
  private final List<String> states = new ArrayList<>();
  private int acknowledged;
  private final Deque<StorageSnapshot> snapshots = new ArrayDeque<>();
  private FileStorage storage;

  PowerRun(Path folder, RecordingDisk disk, Durability durability, Random random) {
    this.folder = folder;
    this.disk = disk;
    this.options = new StorageOptions(durability, 1 << 20, 1 << 30);
    this.random = random;
  }

  /** So many random things, the first after what is in the folder. */
  void go(int actions) throws IOException {
    storage = FileStorage.open(folder, options, disk, MEMTABLE);
    rows.putAll(rowsOf(storage));
    states.add(rows.toString());
    acknowledge();
    for (int i = 0; i < actions; i++) {
      int what = random.nextInt(100);
      if (what < 84) {
        commit();
      } else if (what < 88) {
        storage.compact();
      } else if (what < 91) {
        snapshots.add(storage.snapshot());
      } else if (what < 94) {
        closeOldestSnapshot();
      } else if (what < 97) {
        storage.close();
        storage = FileStorage.open(folder, options, disk, MEMTABLE);
      } else {
        killAndReopen();
      }
    }
    snapshots.forEach(StorageSnapshot::close);
    storage.close();
  }

  private void acknowledge() {
    acknowledged = states.size() - 1;
    disk.mark(new Known(List.copyOf(states), acknowledged));
  }

  private void closeOldestSnapshot() {
    if (!snapshots.isEmpty()) {
      snapshots.remove().close();
    }
  }

  /** One batch, or as many as wait when several threads commit. */
  private void commit() {
    List<StorageBatch> group = new ArrayList<>();
    for (int i = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0; i >= 0; i--) {
      group.add(nextBatch());
      states.add(rows.toString());
    }
    disk.mark(new Known(List.copyOf(states), acknowledged));
    storage.commit(group);
    acknowledge();
  }

  private StorageBatch nextBatch() {
    StorageBatch batch = new StorageBatch();
    for (int i = random.nextInt(5); i >= 0; i--) {
      String key = "key " + random.nextInt(KEYS);
      int size = random.nextInt(200) == 0 ? 70_000 : SIZES[random.nextInt(SIZES.length)];
      if (random.nextInt(4) == 0) {
        batch.delete(StorageContract.bytes(key));
        rows.remove(key);
      } else {
        byte[] value = StorageContract.noise(size, random.nextInt());
        batch.put(StorageContract.bytes(key), value);
        rows.put(key, StorageModel.text(value));
      }
    }
    return batch;
  }

  /** Whatever is under way ends in the middle. The next process finds what was not synced too. */
  private void killAndReopen() {
    disk.killAfter(1 + random.nextInt(40));
    boolean isRunning = true;
    for (int i = 0; i < 30 && isRunning; i++) {
      try {
        commit();
      } catch (StorageException e) {
        isRunning = false;
      }
    }
    disk.killAfter(0);
    try {
      storage.close();
    } catch (StorageException e) {
      // it is dead
    }
    disk.revive();
    storage = FileStorage.open(folder, options, disk, MEMTABLE);
    settle(rowsOf(storage));
  }

  /** Batches under way when the process died are there or not, and from now on for good. */
  private void settle(NavigableMap<String, String> found) {
    int at = states.lastIndexOf(found.toString());
    if (at < acknowledged) {
      throw new AssertionError("killed and reopened, it holds no state that may be: " + found);
    }
    states.subList(at + 1, states.size()).clear();
    rows.clear();
    rows.putAll(found);
    acknowledge();
  }

  /** All rows of a storage, read by each way. */
  static NavigableMap<String, String> rowsOf(Storage storage) {
    NavigableMap<String, String> rows = new TreeMap<>();
    try (StorageSnapshot snapshot = storage.snapshot()) {
      snapshot
          .scan(new byte[0], StorageModel.afterAll())
          .forEachRemaining(row -> rows.put(text(row.key()), StorageModel.text(row.value())));
      Set<String> backward = new HashSet<>();
      snapshot
          .scanBackward(new byte[0], StorageModel.afterAll())
          .forEachRemaining(row -> backward.add(text(row.key())));
      if (!backward.equals(rows.keySet())) {
        throw new AssertionError("backward " + backward + ", forward " + rows.keySet());
      }
      for (int i = 0; i < KEYS; i++) {
        byte[] value = snapshot.get(StorageContract.bytes("key " + i));
        String got = value == null ? null : StorageModel.text(value);
        if (!java.util.Objects.equals(got, rows.get("key " + i))) {
          throw new AssertionError("key " + i + ": got " + got + ", scanned " + rows);
        }
      }
    }
    return rows;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
  }
}
