package dev.stave.database;

import dev.stave.storage.ClosedStorage;
import dev.stave.storage.FileStorage;
import java.nio.file.Path;

/** What can be done with the folder of a database that nobody has open, without opening it. */
public final class ClosedDatabase {

  private ClosedDatabase() {}

  /**
   * Makes a database in {@code target} out of a checkpoint, which is only read.
   *
   * @throws dev.stave.storage.StorageException if somebody has the checkpoint open, or the target
   *     cannot be made; then nothing of it is there
   * @throws dev.stave.storage.CorruptStaveException if the checkpoint is damaged
   */
  public static void restore(Path checkpoint, Path target) {
    ClosedStorage.copy(checkpoint, target);
    becomeAnother(target);
  }

  /**
   * Peers must not take a copy for its original: what they know of that one's sequences is wrong.
   */
  static void becomeAnother(Path folder) {
    try (FileStorage copy = FileStorage.open(folder)) {
      Database.giveUuid(copy);
    } catch (RuntimeException | Error e) {
      DatabaseFolders.deleteQuietly(folder); // rather none than one that passes for its original
      throw e;
    }
  }

  /**
   * Takes the room of what was overwritten and deleted back, as {@link Database#compact} does.
   *
   * @throws dev.stave.storage.StorageException if somebody has it open, or the disk refuses
   * @throws dev.stave.storage.CorruptStaveException if it is damaged
   */
  public static void compact(Path folder) {
    try (FileStorage files = FileStorage.open(folder)) {
      files.compact();
    }
  }

  /**
   * Forgets the index of the database in {@code folder}, which nobody may have open: the next
   * opening makes it anew, from the documents. For one that is damaged, or that a check found
   * wrong.
   *
   * @throws dev.stave.storage.StorageException if somebody has it open, or the disk refuses
   */
  public static void dropIndex(Path folder) {
    ClosedStorage.dropTables(folder);
  }
}
