package dev.stave.server.databases;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A folder that one process at a time owns. */
final class DataFolder implements AutoCloseable {

  /** Begins the name of a folder that is to be deleted. */
  static final String DROPPED = ".dropped-";

  /** What tells a data folder from any other. No database is called so, nor as the lock is. */
  static final String UUID = "UUID";

  private static final String LOCK = "LOCK";
  private static final Set<String> BEGINNINGS = Set.of(LOCK, UUID + ".tmp");

  private final Path path;
  private final FileChannel lockFile;

  private DataFolder(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /** Opens a data folder or makes one, but never out of a folder that holds anything else. */
  static DataFolder open(Path path) {
    requireUsable(path);
    try {
      Files.createDirectories(path);
      return new DataFolder(path, lock(path));
    } catch (FileAlreadyExistsException e) {
      throw new DataFolderException("the data folder is a file", path);
    } catch (IOException e) {
      throw new DataFolderException("cannot open the data folder", path, e);
    }
  }

  /** Whether {@code path} is a data folder already. */
  static boolean exists(Path path) {
    return Files.isRegularFile(path.resolve(UUID));
  }

  /** Refuses what neither is a data folder nor can become one. Changes nothing. */
  static void requireUsable(Path path) {
    if (!Files.isDirectory(path) || exists(path)) {
      return;
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
      for (Path child : children) {
        if (!isOurs(child)) {
          throw new DataFolderException(
              "not a data folder of Stave, for it holds " + child.getFileName(), path);
        }
      }
    } catch (IOException e) {
      throw new DataFolderException("cannot open the data folder", path, e);
    }
  }

  /** What a crash at the very first start leaves, and databases that were copied here. */
  private static boolean isOurs(Path child) {
    String name = child.getFileName().toString();
    return BEGINNINGS.contains(name)
        || name.startsWith(DROPPED)
        || DatabaseName.ofFolder(name).isPresent() && DatabaseFolder.holdsDatabase(child);
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // held by this very process: told the same way below
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new DataFolderException(
        "the data folder is in use; if a server runs on it, give --url instead of --data", path);
  }

  Path path() {
    return path;
  }

  Path resolve(String child) {
    return path.resolve(child);
  }

  List<Path> children() throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
      stream.forEach(children::add);
    }
    return children;
  }

  /** Makes the names in this folder durable, new ones and those that are gone. */
  void sync() throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Unlocks the folder. */
  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new DataFolderException("cannot unlock the data folder", path, e);
    }
  }
}
