package dev.stave.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every storage does. */
abstract class StorageContract {

  private Storage storage;

  /** A new, empty storage. */
  abstract Storage open() throws Exception;

  @BeforeEach
  void openStorage() throws Exception {
    storage = open();
  }

  @AfterEach
  void closeStorage() {
    storage.close();
  }

  /** A storage in a folder that writes a segment whenever there are so many bytes for one. */
  static FileStorage open(java.nio.file.Path folder, long memtableBytes) {
    return FileStorage.open(folder, StorageOptions.DEFAULT, new LocalDisk(), memtableBytes);
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static byte[] noise(int length, long seed) {
    byte[] noise = new byte[length];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  private void put(String key, String value) {
    StorageBatch batch = new StorageBatch();
    batch.put(bytes(key), bytes(value));
    storage.commit(batch);
  }

  private void delete(String key) {
    StorageBatch batch = new StorageBatch();
    batch.delete(bytes(key));
    storage.commit(batch);
  }

  private byte[] get(byte[] key) {
    try (StorageSnapshot snapshot = storage.snapshot()) {
      return snapshot.get(key);
    }
  }

  /** Enough rows under other keys that what was written before moves to lower layers. */
  private void bury() {
    for (int i = 0; i < 120; i++) {
      put("zz" + i % 100, "filler " + i);
    }
  }

  @Test
  void get_absentKey_isNull() {
    assertThat(get(bytes("a"))).isNull();
  }

  @Test
  void commit_putThenOverwriteThenDelete_theLastOneCounts() {
    put("a", "1");
    assertThat(get(bytes("a"))).isEqualTo(bytes("1"));

    bury();
    put("a", "2");
    assertThat(get(bytes("a"))).isEqualTo(bytes("2"));

    bury();
    delete("a");
    assertThat(get(bytes("a"))).isNull();

    bury();
    assertThat(get(bytes("a"))).isNull();
    put("a", "3");
    assertThat(get(bytes("a"))).isEqualTo(bytes("3"));
  }

  @Test
  void commit_oneKeyTwiceInABatch_theLastWordCounts() {
    StorageBatch batch = new StorageBatch();
    batch.put(bytes("a"), bytes("1"));
    batch.delete(bytes("a"));
    batch.delete(bytes("b"));
    batch.put(bytes("b"), bytes("2"));
    storage.commit(batch);

    assertThat(get(bytes("a"))).isNull();
    assertThat(get(bytes("b"))).isEqualTo(bytes("2"));
  }

  @Test
  void commit_emptyBatch_changesNothing() {
    put("a", "1");

    storage.commit(new StorageBatch());

    assertThat(get(bytes("a"))).isEqualTo(bytes("1"));
  }

  @Test
  void commit_valuesAroundEveryLimit_areReadBack() {
    int[] sizes = {0, 1, 511, 512, 513, 65_535, 65_536, 9 << 20};
    for (int size : sizes) {
      StorageBatch batch = new StorageBatch();
      batch.put(bytes("size " + size), noise(size, size));
      storage.commit(batch);
    }
    bury();

    for (int size : sizes) {
      assertThat(Arrays.equals(get(bytes("size " + size)), noise(size, size)))
          .as("value of %s bytes", size)
          .isTrue();
    }
  }

  @Test
  void commit_emptyAndLongestKey_areReadBack() {
    byte[] longest = new byte[StorageBatch.MAX_KEY_BYTES];
    Arrays.fill(longest, (byte) 0xff);
    StorageBatch batch = new StorageBatch();
    batch.put(new byte[0], bytes("first"));
    batch.put(longest, bytes("last"));
    storage.commit(batch);
    bury();

    assertThat(get(new byte[0])).isEqualTo(bytes("first"));
    assertThat(get(longest)).isEqualTo(bytes("last"));
  }

  @Test
  void put_keyOverTheLimit_isRefusedBeforeItIsCommitted() {
    byte[] tooLong = new byte[StorageBatch.MAX_KEY_BYTES + 1];

    assertThatThrownBy(() -> new StorageBatch().put(tooLong, bytes("")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1025");
    assertThatThrownBy(() -> new StorageBatch().delete(tooLong))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void commit_manyLongKeysWithLargeInlineValues_fitTheirPages() {
    StorageModel model = new StorageModel();
    for (int i = 0; i < 200; i++) {
      byte[] key = noise(StorageBatch.MAX_KEY_BYTES, i);
      StorageBatch batch = new StorageBatch();
      batch.put(key, noise(Segment.MIN_BODY - 1, -i));
      model.put(key, noise(Segment.MIN_BODY - 1, -i));
      storage.commit(batch);
    }
    bury();

    try (StorageSnapshot snapshot = storage.snapshot()) {
      model.rows().forEach((key, value) -> assertThat(snapshot.get(key)).isEqualTo(value));
    }
  }

  @Test
  void snapshot_whileItIsOpen_holdsStill() {
    StorageModel model = new StorageModel();
    for (int i = 0; i < 50; i++) {
      put("key " + i, "old " + i);
      model.put(bytes("key " + i), bytes("old " + i));
    }
    try (StorageSnapshot snapshot = storage.snapshot()) {
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 50; i += 2) {
          delete("key " + i);
          put("key " + (i + 1), "new " + round);
          put("new key " + i, "new");
        }
        bury();
        model.assertEqualTo(snapshot);
      }
    }
  }

  @Test
  void snapshot_iteratorsInFlight_holdStillToo() {
    put("a", "1");
    put("b", "1");
    put("c", "1");
    try (StorageSnapshot snapshot = storage.snapshot()) {
      Iterator<StorageSnapshot.Row> rows = snapshot.scan(bytes("a"), bytes("d"));
      rows.next();
      delete("b");
      put("bb", "2");
      bury();

      assertThat(rows.next().key()).isEqualTo(bytes("b"));
      assertThat(rows.next().key()).isEqualTo(bytes("c"));
      assertThat(rows.hasNext()).isFalse();
      assertThatThrownBy(rows::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void scan_boundsOfEveryKind_areFromIncludedToExcluded() {
    StorageModel model = new StorageModel();
    for (String key : new String[] {"", "a", "ab", "b", "ba", "c"}) {
      put(key, "value of " + key);
      model.put(bytes(key), bytes("value of " + key));
      bury();
    }
    String[] bounds = {"", "a", "aa", "ab", "abc", "b", "bb", "c", "d"};
    try (StorageSnapshot snapshot = storage.snapshot()) {
      for (String from : bounds) {
        for (String to : bounds) {
          model.assertSameScan(snapshot, bytes(from), bytes(to));
        }
      }
    }
  }

  @Test
  void scan_rowsOverSeveralPages_equalsTheModelForAnyBounds() {
    StorageModel model = new StorageModel();
    Random random = new Random(7);
    StorageBatch batch = new StorageBatch();
    for (int i = 0; i < 4_000; i++) {
      byte[] key = bytes(Integer.toString(random.nextInt(1_000_000), 36));
      byte[] value = noise(random.nextInt(600), i);
      batch.put(key, value);
      model.put(key, value);
    }
    storage.commit(batch);
    put("zzzzz", "the table is written now");
    model.put(bytes("zzzzz"), bytes("the table is written now"));

    try (StorageSnapshot snapshot = storage.snapshot()) {
      model.assertEqualTo(snapshot);
      for (int i = 0; i < 120; i++) {
        byte[] from = bytes(Integer.toString(random.nextInt(1_300_000), 36));
        byte[] to = bytes(Integer.toString(random.nextInt(1_300_000), 36));
        model.assertSameScan(snapshot, from, to);
      }
    }
  }

  @Test
  void close_twice_isOnceAndLaterCallsAreRefused() {
    put("a", "1");

    storage.close();
    storage.close();

    assertThatThrownBy(() -> storage.snapshot()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> put("b", "1")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void close_withASnapshotOpen_leavesTheSnapshotReadable() {
    put("a", "1");
    bury();
    StorageSnapshot snapshot = storage.snapshot();

    storage.close();

    assertThat(snapshot.get(bytes("a"))).isEqualTo(bytes("1"));
    snapshot.close();
    snapshot.close();
  }

  // Tables

  private Table table(String... keys) {
    try (TableWriter writer = storage.tables().write(keys.length, true)) {
      for (String key : keys) {
        writer.add(bytes(key), bytes("value of " + key));
      }
      return writer.finish();
    }
  }

  private String tables() {
    StringBuilder found = new StringBuilder();
    for (Table table : storage.tables().retained()) {
      table
          .scan(bytes("a"), bytes("z"), false)
          .forEachRemaining(row -> found.append(new String(row.key(), UTF_8)));
      found.append('|');
      table.release();
    }
    return found.toString();
  }

  @Test
  void tables_replaced_standWhereTheOldOnesWere() {
    Table first = table("a", "b");
    storage.tables().replace(List.of(), first);
    Table second = table("c");
    storage.tables().replace(List.of(), second);
    storage.tables().replace(List.of(), table("d", "e"));
    assertThat(tables()).isEqualTo("ab|c|de|");

    storage.tables().replace(List.of(first, second), table("m"));
    assertThat(tables()).isEqualTo("m|de|");

    storage.tables().replace(storage.tables().retained(), null);
    assertThat(tables()).isEmpty();
  }

  @Test
  void tables_heldWhileReplaced_goOnBeingRead() {
    storage.tables().replace(List.of(), table("a", "b"));
    Table held = storage.tables().retained().get(0);
    storage.tables().replace(List.of(held), null);

    assertThat(held.get(bytes("b"))).isEqualTo(bytes("value of b"));
    assertThat(held.get(bytes("c"))).isNull();
    assertThat(held.keys()).isEqualTo(2);
    held.release();
  }

  @Test
  void tables_notFinished_leaveNothing() {
    try (TableWriter writer = storage.tables().write(1, false)) {
      writer.add(bytes("a"), bytes("b"));
    }

    assertThat(tables()).isEmpty();
  }

  @Test
  void tables_position_growsWithTheKey() {
    String[] keys = new String[5_000];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = String.format("%05d", i);
    }
    Table table = table(keys);
    long before = 0;
    for (int i = 0; i < keys.length; i += 100) {
      long position = table.position(bytes(keys[i]));
      assertThat(position).isBetween(before, before + 100 * 40);
      before = position;
    }
    assertThat(before).isGreaterThan(table.bytes() / 2);
    table.release();
  }

  /** An empty one had a row of an empty key. */
  @Test
  void tables_empty_haveNoRows() {
    Table table = table();

    assertThat(table.keys()).isZero();
    assertThat(table.get(new byte[0])).isNull();
    assertThat(table.scan(new byte[0], bytes("z"), false)).isExhausted();
    assertThat(table.scan(new byte[0], bytes("z"), true)).isExhausted();
    assertThat(table.position(bytes("k"))).isNotNegative();
    table.release();
  }
}
