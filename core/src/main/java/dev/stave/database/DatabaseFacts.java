package dev.stave.database;

import dev.stave.database.DocumentRows.Meta;
import dev.stave.storage.ClosedStorage;
import dev.stave.storage.StorageSnapshot;
import dev.stave.storage.StorageStats;
import java.nio.file.Path;

/**
 * What a database that nobody has open holds. Its files are only read, and little of them: neither
 * documents nor what an index is built from.
 *
 * @param documents live ones
 * @param deleted documents whose winner is deleted
 * @param attachments the bytes of them
 * @param storage its files; what counts since an opening is 0
 */
public record DatabaseFacts(
    long documents, long deleted, Attachments.Totals attachments, StorageStats storage) {

  /**
   * Of the database in {@code folder}, which may be on a medium that cannot be written.
   *
   * @throws dev.stave.storage.StorageException if somebody has it open, or there is none
   * @throws dev.stave.storage.CorruptStaveException if it is damaged, as far as this shows
   */
  public static DatabaseFacts of(Path folder) {
    StorageStats stats = ClosedStorage.stats(folder);
    try (ClosedStorage storage = ClosedStorage.open(folder);
        StorageSnapshot rows = storage.snapshot()) {
      Meta meta = Meta.decode(rows.get(DocumentRows.META));
      return new DatabaseFacts(meta.live(), meta.deleted(), Attachments.totals(rows), stats);
    }
  }
}
