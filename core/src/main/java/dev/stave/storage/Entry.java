package dev.stave.storage;

import org.jspecify.annotations.Nullable;

/** What one layer of a storage says of a key: its value, or with null that it is deleted. */
record Entry(byte[] key, byte @Nullable [] value) {

  boolean isDeletion() {
    return value == null;
  }
}
