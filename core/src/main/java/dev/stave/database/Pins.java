package dev.stave.database;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Bytes;
import dev.stave.storage.StorageSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sequences of which every leaf's body is kept, by name. Immutable. As rows: {@code 'k' name →
 * varint(sequence)}.
 */
final class Pins {

  static final Pins NONE = new Pins(new TreeMap<>());

  private static final byte[] PREFIX = {'k'};

  private final SortedMap<String, Long> byName;
  private final long[] sequences;

  private Pins(SortedMap<String, Long> byName) {
    this.byName = Collections.unmodifiableSortedMap(byName);
    this.sequences = byName.values().stream().mapToLong(pin -> pin).distinct().toArray();
  }

  static byte[] key(String name) {
    return new ByteWriter().raw(PREFIX).raw(name.getBytes(StandardCharsets.UTF_8)).toBytes();
  }

  static byte[] encode(long sequence) {
    return new ByteWriter().varint(sequence).toBytes();
  }

  static Pins read(StorageSnapshot rows) {
    SortedMap<String, Long> pins = new TreeMap<>();
    Iterator<StorageSnapshot.Row> all = rows.scan(PREFIX, Bytes.afterPrefix(PREFIX));
    while (all.hasNext()) {
      StorageSnapshot.Row row = all.next();
      byte[] name = row.key();
      pins.put(
          new String(name, PREFIX.length, name.length - PREFIX.length, StandardCharsets.UTF_8),
          new ByteReader(row.value()).varint());
    }
    return pins.isEmpty() ? NONE : new Pins(pins);
  }

  Pins with(String name, long sequence) {
    SortedMap<String, Long> more = new TreeMap<>(byName);
    more.put(name, sequence);
    return new Pins(more);
  }

  Pins without(String name) {
    SortedMap<String, Long> fewer = new TreeMap<>(byName);
    fewer.remove(name);
    return new Pins(fewer);
  }

  SortedMap<String, Long> byName() {
    return byName;
  }

  /** Each once. Not to be changed. */
  long[] sequences() {
    return sequences;
  }
}
