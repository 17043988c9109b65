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

/** A folder that one process at a time owns. */
final class DataFolder implements AutoCloseable {

  /** No database is called so: a name has no capital letters. */
  private static final String LOCK = "LOCK";

  private final Path path;
  private final FileChannel lockFile;

  private DataFolder(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  static DataFolder open(Path path) {
    try {
      Files.createDirectories(path);
      return new DataFolder(path, lock(path));
    } catch (FileAlreadyExistsException e) {
      throw new DataFolderException("the data folder is a file", path);
    } catch (IOException e) {
      throw new DataFolderException("cannot open the data folder", path, e);
    }
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
