package dev.stave.database;

import dev.stave.policy.IndexPolicy;
import dev.stave.storage.FileStorage;
import dev.stave.storage.MemoryStorage;
import dev.stave.storage.Storage;
import java.nio.file.Path;

/** Databases whose index writes a table whenever it takes half of {@code indexBytes}. */
public final class SmallDatabases {

  private SmallDatabases() {}

  /** With 0 each commit makes a table. */
  public static Database inMemory(long indexBytes) {
    return Database.opened(new MemoryStorage(), DatabaseOptions.DEFAULT, indexBytes);
  }

  /** On a storage of one's own, which closes with it. */
  public static Database on(Storage storage) {
    return Database.opened(storage, DatabaseOptions.DEFAULT, 1 << 20);
  }

  /** In memory, with options that only databases in folders are given else. */
  public static Database inMemory(DatabaseOptions options) {
    return Database.opened(new MemoryStorage(), options, 1 << 20);
  }

  /** As {@link #inMemory}, in a folder. */
  public static Database open(Path folder, long indexBytes) {
    return open(folder, indexBytes, DatabaseOptions.DEFAULT);
  }

  /** As {@link #open(Path, long)}, with a policy that the database keeps. */
  public static Database open(Path folder, long indexBytes, IndexPolicy policy) {
    return open(folder, indexBytes, DatabaseOptions.DEFAULT.withIndexPolicy(policy));
  }

  private static Database open(Path folder, long indexBytes, DatabaseOptions options) {
    return Database.opened(FileStorage.open(folder, options.storage()), options, indexBytes);
  }
}
