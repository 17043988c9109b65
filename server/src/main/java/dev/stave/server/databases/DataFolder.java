package dev.stave.server.databases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder that one process at a time owns. */
final class DataFolder implements AutoCloseable {

  /** Begins the name of a folder that is to be deleted. */
  static final String DROPPED = ".dropped-";

  /** Begins the name of a folder that whoever made it deletes or renames, or the next start. */
  static final String TEMPORARY = ".temporary-";

  /** What tells a data folder from any other. No database is called so, nor as the lock is. */
  private static final String UUID = "UUID";

  private static final String LOCK = "LOCK";
  private static final Set<String> BEGINNINGS = Set.of(LOCK, UUID + ".tmp");

  /**
   * The real paths of the folders that this process has open. A lock is the process's, and POSIX
   * drops it when the process closes any descriptor of the file: so while a folder is open here,
   * its LOCK must not be opened again, not even to find it locked.
   */
  private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final Path realPath;
  private final @Nullable FileChannel lockFile;

  private DataFolder(Path path, Path realPath, @Nullable FileChannel lockFile) {
    this.path = path;
    this.realPath = realPath;
    this.lockFile = lockFile;
  }

  /** Opens a data folder or makes one, but never out of a folder that holds anything else. */
  static DataFolder open(Path path) {
    requireUsable(path);
    try {
      Files.createDirectories(path);
      return locked(path, false, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new DataFolderException("the data folder is a file", path);
    } catch (IOException e) {
      throw new DataFolderException("cannot open the data folder", path, e);
    }
  }

  /**
   * Opens a data folder that is there, to read what is in it. It may be on a medium that cannot be
   * written: then it is locked for sharing.
   */
  static DataFolder openToRead(Path path) {
    try {
      Path lock = path.resolve(LOCK);
      if (!Files.exists(lock)) {
        return new DataFolder(path, path, null);
      }
      boolean shared = !Files.isWritable(lock);
      return locked(path, shared, shared ? StandardOpenOption.READ : StandardOpenOption.WRITE);
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
        || isLeft(child)
        || DatabaseName.ofFolder(name).isPresent() && DatabaseFolder.holdsDatabase(child);
  }

  private static boolean isLeft(Path child) {
    String name = child.getFileName().toString();
    return name.startsWith(DROPPED) || name.startsWith(TEMPORARY);
  }

  private static DataFolder locked(Path path, boolean shared, OpenOption... options)
      throws IOException {
    Path realPath = path.toRealPath();
    if (!OPEN_HERE.add(realPath)) {
      throw new DataFolderInUseException(path);
    }
    FileChannel channel = null;
    boolean isLocked = false;
    try {
      channel = FileChannel.open(path.resolve(LOCK), options);
      isLocked = tryLock(channel, shared);
      if (!isLocked) {
        throw new DataFolderInUseException(path);
      }
      return new DataFolder(path, realPath, channel);
    } finally {
      if (!isLocked) {
        if (channel != null) {
          channel.close();
        }
        OPEN_HERE.remove(realPath);
      }
    }
  }

  private static boolean tryLock(FileChannel channel, boolean shared) throws IOException {
    try {
      return channel.tryLock(0, Long.MAX_VALUE, shared) != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this process, but by another class loader's Stave
    }
  }

  Path path() {
    return path;
  }

  Path resolve(String child) {
    return path.resolve(child);
  }

  /** The name of this folder among all others, for good. */
  String readOrMakeUuid() throws IOException {
    Path file = resolve(UUID);
    if (!Files.exists(file)) {
      Path written = resolve(UUID + ".tmp");
      Files.writeString(written, java.util.UUID.randomUUID().toString().replace("-", ""));
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return Files.readString(file).trim();
  }

  /** The path of a new folder that nobody takes for a database. */
  Path temporary() {
    return resolve(TEMPORARY + java.util.UUID.randomUUID());
  }

  /** Deletes what a crash left of folders that were not to stay. */
  void deleteLeft() throws IOException {
    for (Path child : children()) {
      if (isLeft(child)) {
        delete(child);
      }
    }
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
    sync(path);
  }

  /** Makes the names in {@code folder} durable. */
  static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Deletes {@code tree} and all that is in it. */
  static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      files
          .sorted((left, right) -> right.compareTo(left)) // what is inside comes first
          .forEach(DataFolder::deleteOne);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unlocks the folder. */
  @Override
  public void close() {
    if (lockFile == null) {
      return;
    }
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new DataFolderException("cannot unlock the data folder", path, e);
    } finally {
      OPEN_HERE.remove(realPath);
    }
  }
}
