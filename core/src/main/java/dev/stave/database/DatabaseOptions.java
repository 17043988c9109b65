package dev.stave.database;

import dev.stave.json.JsonLimits;
import dev.stave.policy.IndexPolicy;
import dev.stave.storage.Durability;
import dev.stave.storage.StorageOptions;
import org.jspecify.annotations.Nullable;

/**
 * How a database is opened.
 *
 * @param maxDocumentBytes the largest body, in bytes of JSON without white space
 * @param indexPolicy what its index leaves out from now on; null for what it left out before. See
 *     {@link Database#setIndexPolicy}
 * @param storage when commits are on the disk, and how much memory they may take before
 */
public record DatabaseOptions(
    int maxDocumentBytes, StorageOptions storage, @Nullable IndexPolicy indexPolicy) {

  /** A batch, the bodies of it together, in bytes: it is held in memory and is one log record. */
  public static final int MAX_BATCH_BYTES = 256 << 20;

  /** Ancestors beyond this many generations are forgotten, as in CouchDB. */
  public static final int REVISION_LIMIT = 1_000;

  /** Of so many ancestors of each leaf the body is kept, beside those a merge may need. */
  public static final int BODIES_KEPT = 5;

  public static final DatabaseOptions DEFAULT =
      new DatabaseOptions(JsonLimits.DEFAULT_MAX_BYTES, StorageOptions.DEFAULT, null);

  /** These options with another limit of documents. */
  public DatabaseOptions withMaxDocumentBytes(int bytes) {
    return new DatabaseOptions(bytes, storage, indexPolicy);
  }

  /** These options with another durability. */
  public DatabaseOptions withDurability(Durability durability) {
    return new DatabaseOptions(
        maxDocumentBytes,
        new StorageOptions(durability, storage.memoryBytes(), storage.mergeBytesPerSecond()),
        indexPolicy);
  }

  /** These options with another bound of heap, see {@link StorageOptions}. */
  public DatabaseOptions withMemoryBytes(long bytes) {
    return new DatabaseOptions(
        maxDocumentBytes,
        new StorageOptions(storage.durability(), bytes, storage.mergeBytesPerSecond()),
        indexPolicy);
  }

  /** These options with an index policy, which the database keeps. */
  public DatabaseOptions withIndexPolicy(IndexPolicy policy) {
    return new DatabaseOptions(maxDocumentBytes, storage, policy);
  }

  /** One part in so many of the memory is for the index. */
  private static final int INDEX_SHARE = 2;

  long indexMemoryBytes() {
    return storage.memoryBytes() / INDEX_SHARE;
  }

  /** The storage's options, less the memory of the index. */
  StorageOptions rowStorage() {
    long rest = storage.memoryBytes() - indexMemoryBytes();
    return new StorageOptions(
        storage.durability(),
        Math.max(StorageOptions.MIN_MEMORY_BYTES, rest),
        storage.mergeBytesPerSecond());
  }

  public DatabaseOptions {
    if (maxDocumentBytes < 2 || maxDocumentBytes > MAX_BATCH_BYTES) {
      throw new IllegalArgumentException(
          "maxDocumentBytes is between 2 and " + MAX_BATCH_BYTES + ": " + maxDocumentBytes);
    }
  }
}
