package dev.stave.server.command;

import dev.stave.server.databases.DataFolderInUseException;
import dev.stave.server.databases.DatabaseFiles;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.NewFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** The databases of a data folder as files, or the line that says why they cannot be had. */
final class LocalFiles implements AutoCloseable {

  private final Path folder;
  private final DatabaseFiles files;

  private LocalFiles(Path folder, DatabaseFiles files) {
    this.folder = folder;
    this.files = files;
  }

  /** To read. {@code ifServed} is what helps where a server has the folder. */
  static LocalFiles toRead(Path folder, String ifServed) {
    return new LocalFiles(
        folder,
        unlessServed(folder, ifServed, () -> DatabaseFiles.openToRead(folder))
            .orElseThrow(() -> noData(folder)));
  }

  /** To write into a folder that is there. */
  static LocalFiles toWrite(Path folder, String ifServed) {
    toRead(folder, ifServed).close();
    return toMake(folder, ifServed);
  }

  /** To write into a folder that is made if need be. */
  static LocalFiles toMake(Path folder, String ifServed) {
    return new LocalFiles(folder, unlessServed(folder, ifServed, () -> DatabaseFiles.open(folder)));
  }

  private static <T> T unlessServed(Path folder, String ifServed, Supplier<T> opening) {
    try {
      return opening.get();
    } catch (DataFolderInUseException e) {
      throw new CommandException("the data folder is in use: " + folder + ": " + ifServed);
    }
  }

  /** There is nothing of Stave's at {@code folder}. */
  static CommandException noData(Path folder) {
    return new CommandException(
        Files.isDirectory(folder)
            ? folder + " is not a data folder of Stave"
            : "there is no data folder " + folder + ": give another with --data");
  }

  static CommandException noDatabase(Path folder, DatabaseName name) {
    return new CommandException("there is no database " + name + " in " + folder);
  }

  /** Refuses a name that is taken. Opens nothing. */
  static void refuseExisting(Path folder, DatabaseName name) {
    if (DatabaseFiles.isThere(folder, name)) {
      throw new CommandException(
          "there is a database " + name + " in " + folder + " already: choose another name");
    }
  }

  Path find(DatabaseName name) {
    Optional<Path> found = files.find(name);
    return found.orElseThrow(() -> noDatabase(folder, name));
  }

  /** A folder to make a new database in. */
  NewFolder create(DatabaseName name) {
    refuseExisting(folder, name);
    return files.create(name);
  }

  @Override
  public void close() {
    files.close();
  }
}
