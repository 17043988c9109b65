package dev.stave.storage;

/**
 * How a storage in a folder works.
 *
 * @param durability when a commit is on the disk
 * @param memoryBytes how much heap it may take for what is not in segments yet and for writing
 *     them; a batch larger than that is held all the same
 * @param mergeBytesPerSecond how fast merges in the background may write, so that they leave the
 *     disk to commits; when they fall behind the bound is lifted
 */
public record StorageOptions(Durability durability, long memoryBytes, long mergeBytesPerSecond) {

  public static final long MIN_MEMORY_BYTES = 1 << 20;

  public static final StorageOptions DEFAULT =
      new StorageOptions(Durability.SYNC, 64 << 20, 64 << 20);

  public StorageOptions {
    if (memoryBytes < MIN_MEMORY_BYTES) {
      throw new IllegalArgumentException(
          "memoryBytes is at least " + MIN_MEMORY_BYTES + ": " + memoryBytes);
    }
    if (mergeBytesPerSecond < 1) {
      throw new IllegalArgumentException(
          "mergeBytesPerSecond is at least 1: " + mergeBytesPerSecond);
    }
  }
}
