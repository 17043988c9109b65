package dev.stave.server.databases;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The databases of a data folder as files, for work that needs them closed. No server has the
 * folder meanwhile.
 */
public final class DatabaseFiles implements AutoCloseable {

  private final DataFolder folder;

  private DatabaseFiles(DataFolder folder) {
    this.folder = folder;
  }

  /**
   * Opens the data folder {@code path} to read in it, be it on a medium that cannot be written.
   * Empty if there is none.
   *
   * @throws DataFolderInUseException if a server has it
   */
  public static Optional<DatabaseFiles> openToRead(Path path) {
    return DataFolder.exists(path)
        ? Optional.of(new DatabaseFiles(DataFolder.openToRead(path)))
        : Optional.empty();
  }

  /**
   * Opens the data folder {@code path}, or makes it.
   *
   * @throws DataFolderInUseException if a server has it
   * @throws DataFolderException if it holds other things, or cannot be written
   */
  public static DatabaseFiles open(Path path) {
    DataFolder folder = DataFolder.open(path);
    try {
      folder.readOrMakeUuid();
      folder.deleteLeft();
      return new DatabaseFiles(folder);
    } catch (IOException e) {
      folder.close();
      throw new DataFolderException("cannot open the data folder", path, e);
    }
  }

  /** Whether {@code path} is a data folder. */
  public static boolean isDataFolder(Path path) {
    return DataFolder.exists(path);
  }

  /** Whether there is a database of this name in the data folder {@code path}. Opens nothing. */
  public static boolean isThere(Path path, DatabaseName name) {
    return isDatabase(path.resolve(name.folder()));
  }

  /** Whether there is a database in the folder {@code path}, be it damaged. */
  public static boolean isDatabase(Path path) {
    return DatabaseFolder.holdsDatabase(path);
  }

  /** Whether a database has files of this name: plain ones, that lead nowhere else. */
  public static boolean isFileName(String name) {
    return DatabaseFolder.isFileName(name);
  }

  /** The folder of the database of this name; empty if there is none. */
  public Optional<Path> find(DatabaseName name) {
    return Optional.of(folder.resolve(name.folder())).filter(DatabaseFiles::isDatabase);
  }

  /** What the files in a database's folder take. */
  public static long bytes(Path path) {
    try {
      return DatabaseFolder.bytes(path);
    } catch (IOException e) {
      throw new DataFolderException("cannot list the files", path, e);
    }
  }

  /** A folder to make a database of this name in, where there is none. */
  public NewFolder create(DatabaseName name) {
    return NewFolder.in(folder.resolve(name.folder()), folder.temporary());
  }

  /** Releases the data folder. */
  @Override
  public void close() {
    folder.close();
  }
}
