package dev.stave.database;

import dev.stave.json.JsonLimits;
import dev.stave.policy.IndexPolicy;
import dev.stave.revision.Retention;
import dev.stave.storage.Durability;
import dev.stave.storage.StorageOptions;
import dev.stave.validation.Validator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a database is opened.
 *
 * @param maxDocumentBytes the largest body, in bytes of JSON without white space
 * @param indexPolicy what its index leaves out from now on; null for what it left out before. See
 *     {@link Database#setIndexPolicy}
 * @param storage when commits are on the disk, and how much memory they may take before
 * @param retention how much is kept of each document's history from now on; null for what was kept
 *     before, which is {@link Retention#DEFAULT} in a new database. See {@link
 *     Database#setRetention}
 * @param validators what in code is asked of every document that is written
 */
public record DatabaseOptions(
    int maxDocumentBytes,
    StorageOptions storage,
    @Nullable IndexPolicy indexPolicy,
    @Nullable Retention retention,
    List<Validator> validators) {

  /** A batch, the bodies of it together, in bytes: it is held in memory and is one log record. */
  public static final int MAX_BATCH_BYTES = 256 << 20;

  public static final DatabaseOptions DEFAULT =
      new DatabaseOptions(
          JsonLimits.DEFAULT_MAX_BYTES, StorageOptions.DEFAULT, null, null, List.of());

  /** These options with another limit of documents. */
  public DatabaseOptions withMaxDocumentBytes(int bytes) {
    return new DatabaseOptions(bytes, storage, indexPolicy, retention, validators);
  }

  /** These options with another durability. */
  public DatabaseOptions withDurability(Durability durability) {
    return new DatabaseOptions(
        maxDocumentBytes,
        new StorageOptions(durability, storage.memoryBytes(), storage.mergeBytesPerSecond()),
        indexPolicy,
        retention,
        validators);
  }

  /** These options with another bound of heap, see {@link StorageOptions}. */
  public DatabaseOptions withMemoryBytes(long bytes) {
    return new DatabaseOptions(
        maxDocumentBytes,
        new StorageOptions(storage.durability(), bytes, storage.mergeBytesPerSecond()),
        indexPolicy,
        retention,
        validators);
  }

  /** These options with an index policy, which the database keeps. */
  public DatabaseOptions withIndexPolicy(IndexPolicy policy) {
    return new DatabaseOptions(maxDocumentBytes, storage, policy, retention, validators);
  }

  /**
   * These options, but that branches of histories are kept up to {@code revisions} long, and the
   * bodies of {@code bodies} ancestors of each leaf. Bodies that a merge may need are kept beside.
   * The database keeps it.
   *
   * @throws IllegalArgumentException if revisions is not between {@value Retention#MIN_REVISIONS}
   *     and {@value Retention#MAX_REVISIONS}, or bodies not between 0 and that
   */
  public DatabaseOptions withRetention(int revisions, int bodies) {
    Retention wanted = new Retention(revisions, bodies);
    return new DatabaseOptions(maxDocumentBytes, storage, indexPolicy, wanted, validators);
  }

  /**
   * These options, but that {@code validator} too is asked of every document that is written here,
   * in a merge also. What comes from a peer is taken as it is.
   */
  public DatabaseOptions withValidator(Validator validator) {
    List<Validator> more = new ArrayList<>(validators);
    more.add(validator);
    return new DatabaseOptions(maxDocumentBytes, storage, indexPolicy, retention, more);
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
    validators = List.copyOf(validators);
    if (maxDocumentBytes < 2 || maxDocumentBytes > MAX_BATCH_BYTES) {
      throw new IllegalArgumentException(
          "maxDocumentBytes is between 2 and " + MAX_BATCH_BYTES + ": " + maxDocumentBytes);
    }
  }
}
