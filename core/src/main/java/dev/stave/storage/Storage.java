package dev.stave.storage;

/**
 * Ordered byte keys with byte values. Any thread may call any method.
 *
 * <p>Keys are ordered by their bytes, unsigned.
 */
public interface Storage extends AutoCloseable {

  /**
   * Applies all of {@code batch} or nothing of it. On return it is as durable as this storage can
   * make it, and every later snapshot sees it.
   *
   * @throws StorageException if it could not be made durable; whether it was is then known only
   *     after the storage is opened again
   */
  void commit(StorageBatch batch);

  /** What is committed now, held still until the snapshot is closed. */
  StorageSnapshot snapshot();

  /** What is kept beside the rows, and derived from them. */
  Tables tables();

  /** Releases files and locks. A second call does nothing. */
  @Override
  void close();
}
