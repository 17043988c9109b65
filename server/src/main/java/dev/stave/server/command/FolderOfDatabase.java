package dev.stave.server.command;

import dev.stave.server.databases.DatabaseFiles;
import dev.stave.server.databases.DatabaseName;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a database that is to be read, by its name or by its path, and kept from others.
 */
final class FolderOfDatabase implements AutoCloseable {

  private final Path path;
  private final @Nullable LocalFiles around;

  private FolderOfDatabase(Path path, @Nullable LocalFiles around) {
    this.path = path;
    this.around = around;
  }

  /** The database {@code name} in the data folder {@code data}. */
  static FolderOfDatabase named(String name, Path data, String ifServed) {
    DatabaseName checked = new DatabaseName(name);
    LocalFiles files = LocalFiles.toRead(data, ifServed);
    try {
      return new FolderOfDatabase(files.find(checked), files);
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  /** The database at {@code path}; a server that has the data folder around it has it, too. */
  static FolderOfDatabase at(Path path, String ifServed) {
    if (!DatabaseFiles.isDatabase(path)) {
      throw new CommandException(
          Files.isDirectory(path)
              ? "there is no database of Stave in " + path
              : "there is no folder " + path);
    }
    Path above = path.toAbsolutePath().normalize().getParent();
    return above == null || !DatabaseFiles.isDataFolder(above)
        ? new FolderOfDatabase(path, null)
        : new FolderOfDatabase(path, LocalFiles.toRead(above, ifServed));
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    if (around != null) {
      around.close();
    }
  }
}
