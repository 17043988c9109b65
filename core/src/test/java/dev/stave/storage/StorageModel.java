package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.bytes.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What a storage ought to hold: a sorted map, and the comparison with it. */
final class StorageModel {

  private final NavigableMap<byte[], byte[]> rows = new TreeMap<>(Bytes::compare);

  static StorageModel copyOf(StorageModel other) {
    StorageModel copy = new StorageModel();
    copy.rows.putAll(other.rows);
    return copy;
  }

  void put(byte[] key, byte[] value) {
    rows.put(key, value);
  }

  void delete(byte[] key) {
    rows.remove(key);
  }

  NavigableMap<byte[], byte[]> rows() {
    return rows;
  }

  /** What the live bodies take in one file. */
  long bodyBytes() {
    long bytes =
        rows.values().stream()
            .filter(value -> value.length >= Segment.MIN_BODY)
            .mapToLong(value -> value.length + BodyFile.OVERHEAD)
            .sum();
    return bytes;
  }

  /** Every row by get, and all rows by a scan in each direction. */
  void assertEqualTo(StorageSnapshot snapshot) {
    rows.forEach((key, value) -> assertThat(snapshot.get(key)).isEqualTo(value));
    assertSameScan(snapshot, new byte[0], afterAll());
  }

  /** The rows from {@code from} to {@code to}, forwards and backwards. */
  void assertSameScan(StorageSnapshot snapshot, byte[] from, byte[] to) {
    List<String> expected = new ArrayList<>();
    if (Bytes.compare(from, to) < 0) {
      rows.subMap(from, true, to, false)
          .forEach((key, value) -> expected.add(text(key) + "=" + text(value)));
    }
    assertThat(texts(snapshot.scan(from, to))).isEqualTo(expected);
    List<String> backwards = texts(snapshot.scanBackward(from, to));
    Collections.reverse(backwards);
    assertThat(backwards).isEqualTo(expected);
  }

  private static List<String> texts(Iterator<StorageSnapshot.Row> rows) {
    List<String> texts = new ArrayList<>();
    rows.forEachRemaining(row -> texts.add(text(row.key()) + "=" + text(row.value())));
    return texts;
  }

  /** Short enough to print, and different for different bytes. */
  static String text(byte[] bytes) {
    String head = hex(Arrays.copyOf(bytes, Math.min(bytes.length, 24)));
    return head + (bytes.length > 24 ? "…#" + Arrays.hashCode(bytes) : "");
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      text.append(Character.forDigit(b >> 4 & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
    }
    return text.toString();
  }

  static byte[] afterAll() {
    byte[] end = new byte[2_000];
    Arrays.fill(end, (byte) 0xff);
    return end;
  }
}
