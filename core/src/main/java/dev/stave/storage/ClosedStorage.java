package dev.stave.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A storage in a folder that nobody else has open, to read it only: nothing is written there, so
 * that it may be on a medium that cannot be written.
 */
public final class ClosedStorage implements Storage {

  /** Ends the name of a folder that is being deleted. */
  private static final String DROPPED = ".dropped";

  private final Folder folder;
  private final FileSet files;
  private final Memtable memtable;
  private List<Table> tables; // these two: under this
  private boolean closed;

  private ClosedStorage(Folder folder, FileSet files, Memtable memtable) {
    this.folder = folder;
    this.files = files;
    this.memtable = memtable;
    this.tables = files.live().tables();
  }

  /**
   * Opens the storage in {@code path}.
   *
   * @throws StorageException if somebody has it open, or there is no storage
   * @throws CorruptStaveException if a file is damaged
   */
  public static ClosedStorage open(Path path) {
    Folder folder = Folder.openToRead(path);
    FileSet files = null;
    boolean isOpen = false;
    try {
      files = FileSet.open(folder, new BlockCache(StorageOptions.MIN_MEMORY_BYTES));
      Memtable[] memtable = {Memtable.aboveSegments()};
      Recovery.of(
          folder, files.manifest(), batch -> memtable[0] = memtable[0].with(batch.entries()));
      ClosedStorage opened = new ClosedStorage(folder, files, memtable[0]);
      isOpen = true;
      return opened;
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

  /** Refuses: it is open to read only. */
  @Override
  public void commit(StorageBatch batch) {
    throw new UnsupportedOperationException("the storage is open to read only");
  }

  @Override
  public synchronized StorageSnapshot snapshot() {
    requireOpen();
    files.segments().forEach(Segment::retain);
    return new Layers(List.of(memtable), files.segments(), () -> {});
  }

  /** The tables; one that is replaced by nothing is forgotten here, and stays in the folder. */
  @Override
  public Tables tables() {
    return new Tables() {
      @Override
      public List<Table> retained() {
        synchronized (ClosedStorage.this) {
          requireOpen();
          tables.forEach(Table::retain);
          return tables;
        }
      }

      @Override
      public TableWriter write(long expected, boolean urgent) {
        throw new UnsupportedOperationException("the storage is open to read only");
      }

      @Override
      public void replace(List<Table> old, @Nullable Table made) {
        synchronized (ClosedStorage.this) {
          tables = Tables.replaced(tables, old, made);
        }
      }
    };
  }

  /** What is closed is not mapped any more. */
  private void requireOpen() {
    if (closed) {
      throw new StorageClosedException("the database is closed: " + folder.name());
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      files.close();
      folder.close();
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
    open(from).close(); // what cannot be opened is not worth copying
    try (Folder folder = Folder.openToRead(from);
        Checkpoint checkpoint = new Checkpoint(folder.disk(), target)) {
      Manifest manifest = Manifest.read(from);
      checkpoint.copyLogs(folder, manifest);
      checkpoint.finish(folder, manifest);
    } catch (IOException e) {
      throw new StorageException("cannot copy the database", target, e);
    }
  }

  /**
   * Deletes the storage in {@code path} and those in folders below it, of which nobody may have any
   * open. The folder is renamed first, so that a crash leaves all of it or what {@link #isLeft}
   * knows.
   *
   * @throws StorageInUseException if somebody has one of them open; then nothing has changed
   * @throws StorageException if there is none, or the disk refuses
   */
  public static void delete(Path path) {
    Path dropped = path.resolveSibling(path.getFileName() + DROPPED);
    try {
      refuseIfAnyIsOpen(path);
      deleteTree(dropped);
      Disk disk = new LocalDisk();
      disk.rename(path, dropped);
      Path above = path.toAbsolutePath().getParent();
      if (above != null) {
        disk.syncFolder(above);
      }
      deleteTree(dropped);
    } catch (IOException e) {
      throw new StorageException("cannot delete the database", path, e);
    }
  }

  private static void refuseIfAnyIsOpen(Path path) throws IOException {
    Folder.openToRead(path).close();
    for (Path below : Folder.list(path)) {
      if (Files.isDirectory(below)) {
        refuseIfAnyIsOpen(below);
      }
    }
  }

  private static void deleteTree(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      for (Path below : Folder.list(path)) {
        deleteTree(below);
      }
    }
    Files.deleteIfExists(path);
  }

  /** Whether {@code folder} is what a crash left of a storage that was being made or deleted. */
  public static boolean isLeft(Path folder) {
    String name = folder.getFileName().toString();
    return name.endsWith(DROPPED) || name.endsWith(Checkpoint.PARTIAL);
  }

  /**
   * Deletes what {@link #isLeft}.
   *
   * @throws StorageException if the disk refuses
   */
  public static void deleteLeft(Path folder) {
    try {
      deleteTree(folder);
    } catch (IOException e) {
      throw new StorageException("cannot delete what is left of a database", folder, e);
    }
  }

  /**
   * Forgets all tables of the storage in {@code path}, which nobody may have open: whoever derives
   * them makes them anew. Damage in them does no harm any more.
   *
   * @throws StorageException if somebody has it open, there is no storage, or the disk refuses
   * @throws CorruptStaveException if its manifest is damaged
   */
  public static void dropTables(Path path) {
    try (Folder folder = Folder.openToRead(path)) {
      Manifest.read(path).withoutTables().write(folder.disk(), path);
    } catch (IOException e) {
      throw new StorageException("cannot write the manifest", path, e);
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
