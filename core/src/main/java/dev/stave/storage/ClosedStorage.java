package dev.stave.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** What can be done with the folder of a storage that nobody has open. It is only read. */
public final class ClosedStorage {

  private ClosedStorage() {}

  /**
   * What is committed in {@code path}, which nobody may have open. Nothing is written there, so
   * that it may be on a medium that cannot be written. Closing the snapshot lets go of the folder.
   *
   * @throws StorageException if somebody has it open, or there is no storage
   * @throws CorruptStaveException if a file is damaged
   */
  public static StorageSnapshot read(Path path) {
    Folder folder = Folder.openToRead(path);
    FileSet files = null;
    boolean isOpen = false;
    try {
      FileSet opened = FileSet.open(folder, new BlockCache(StorageOptions.MIN_MEMORY_BYTES));
      files = opened;
      AtomicReference<Memtable> memtable = new AtomicReference<>(Memtable.aboveSegments());
      Recovery.of(
          folder,
          files.manifest(),
          batch -> memtable.updateAndGet(rows -> rows.with(batch.entries())));
      files.segments().forEach(Segment::retain);
      StorageSnapshot snapshot =
          new Layers(
              List.of(memtable.get()),
              files.segments(),
              () -> {
                opened.close();
                folder.close();
              });
      isOpen = true;
      return snapshot;
    } catch (IOException e) {
      throw new StorageException("cannot read the database", path, e);
    } finally {
      if (!isOpen) {
        if (files != null) {
          files.close();
        }
        folder.close();
      }
    }
  }

  /**
   * Copies the storage in {@code from}, which nobody may have open and which is only read, to a new
   * folder, as {@link FileStorage#checkpoint} does.
   *
   * @throws StorageException if somebody has it open, or the copy cannot be made; then nothing of
   *     it is there
   * @throws CorruptStaveException if it is damaged, as far as opening it shows
   */
  public static void copy(Path from, Path target) {
    read(from).close(); // what cannot be opened is not worth copying
    try (Folder folder = Folder.openToRead(from);
        Checkpoint checkpoint = new Checkpoint(folder.disk(), target)) {
      Manifest manifest = Manifest.read(from);
      for (Manifest.Log log : manifest.logs()) {
        checkpoint.copy(folder.log(log.number()), Files.size(folder.log(log.number())));
      }
      checkpoint.finish(folder, manifest);
    } catch (IOException e) {
      throw new StorageException("cannot copy the database", target, e);
    }
  }

  /**
   * What the storage in {@code path} holds, which nobody may have open and which is only read: its
   * segments are not looked into.
   *
   * @throws StorageException if somebody has it open, or there is no storage
   * @throws CorruptStaveException if its manifest or its log is damaged
   */
  public static StorageStats stats(Path path) {
    try (Folder folder = Folder.openToRead(path)) {
      Manifest manifest = Manifest.read(path);
      long logBytes = Recovery.of(folder, manifest, batch -> {}).bytes();
      return new StorageCounters().stats(manifest, 0, 0, logBytes);
    } catch (IOException e) {
      throw new StorageException("cannot read the database", path, e);
    }
  }
}
