package dev.stave.storage;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** A whole number of commits, held still. Any thread may read it, several at once. */
public interface StorageSnapshot extends AutoCloseable {

  /** The value of {@code key}, or null. */
  byte @Nullable [] get(byte[] key);

  /** The rows from {@code from} (included) to {@code to} (excluded), in key order. */
  Iterator<Row> scan(byte[] from, byte[] to);

  /** The rows from {@code from} (included) to {@code to} (excluded), last key first. */
  Iterator<Row> scanBackward(byte[] from, byte[] to);

  /** Lets go of what is held. A second call does nothing. */
  @Override
  void close();

  /** A key and its value. */
  record Row(byte[] key, byte[] value) {}
}
