package dev.stave.storage;

import dev.stave.concurrent.Uninterrupted;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A storage's folder: what its files are called, who may open it, and what makes a name durable.
 */
final class Folder implements AutoCloseable {

  static final String MANIFEST = "MANIFEST";
  private static final String LOCK = "LOCK";
  private static final Pattern OURS =
      Pattern.compile("LOCK|MANIFEST(\\.tmp)?|[0-9]{10}\\.(log|rows|bodies|table)(\\.tmp)?");

  /**
   * The real paths of the folders that this process has open. A lock is the process's, and POSIX
   * drops it when the process closes any descriptor of the file: so while a folder is open here,
   * its LOCK must not be opened again, not even to find it locked.
   */
  private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

  private final Disk disk;
  private final Path path;
  private final Path realPath;
  private final @Nullable FileChannel lockFile;

  private Folder(Disk disk, Path path, Path realPath, @Nullable FileChannel lockFile) {
    this.disk = disk;
    this.path = path;
    this.realPath = realPath;
    this.lockFile = lockFile;
  }

  /**
   * Makes the folder if there is none, and locks it. Refuses one that holds anything foreign, and
   * one that has lost its manifest.
   */
  static Folder open(Path path, Disk disk) {
    try {
      createDurably(disk, path.toAbsolutePath());
      if (!hasManifest(path)) {
        refuseForeign(path); // before there is a LOCK in it
      }
      return locked(path, disk, () -> lock(path));
    } catch (FileAlreadyExistsException e) {
      throw new StorageException("not a folder", Paths.get(e.getFile()));
    } catch (IOException e) {
      throw new StorageException("cannot open the folder", path, e);
    }
  }

  /**
   * Opens a folder that is there, to read it only, and locks it if it has ever been open. Nothing
   * is asked of what is in it, and it may be on a medium that cannot be written.
   */
  static Folder openToRead(Path path) {
    if (!Files.isDirectory(path)) {
      throw new StorageException("there is no such folder", path);
    }
    Path lock = path.resolve(LOCK);
    if (!Files.exists(lock)) {
      return new Folder(new LocalDisk(), path, path, null);
    }
    boolean exclusive = Files.isWritable(lock);
    try {
      return locked(path, new LocalDisk(), () -> lockToRead(path, exclusive));
    } catch (IOException e) {
      throw new StorageException("cannot open the folder", path, e);
    }
  }

  private static Folder locked(Path path, Disk disk, Uninterrupted.Call<FileChannel> lock)
      throws IOException {
    Path realPath = path.toRealPath();
    if (!OPEN_HERE.add(realPath)) {
      throw openAlready(path);
    }
    try {
      return new Folder(disk, path, realPath, Uninterrupted.call(lock));
    } catch (IOException | RuntimeException | Error e) {
      OPEN_HERE.remove(realPath);
      throw e;
    }
  }

  /** Whatever is in the folder. A file that cannot be written can be locked for sharing only. */
  private static FileChannel lockToRead(Path path, boolean exclusive) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path.resolve(LOCK), exclusive ? StandardOpenOption.WRITE : StandardOpenOption.READ);
    try {
      if (!tryLock(channel, !exclusive)) {
        throw openAlready(path);
      }
      return channel;
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /** Makes the folder and those above it, each on the disk by name when this returns. */
  static void createDurably(Disk disk, Path path) throws IOException {
    Path parent = path.getParent();
    if (Files.isDirectory(path) || parent == null) {
      return;
    }
    if (!Files.exists(path)) {
      createDurably(disk, parent);
    }
    try {
      Files.createDirectory(path);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(path)) { // or else somebody makes the same one just now
        throw e;
      }
    }
    disk.syncFolder(parent);
  }

  /** What is in a folder. */
  static List<Path> list(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      return list(files);
    }
  }

  /** What a folder could not tell on the way is its failure, and not the iterator's. */
  static List<Path> list(DirectoryStream<Path> files) throws IOException {
    List<Path> all = new ArrayList<>();
    try {
      files.forEach(all::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return all;
  }

  /** Whether a storage gives such a name, and nobody else: a file's, without its folder. */
  static boolean isOurs(Path file) {
    return OURS.matcher(file.getFileName().toString()).matches();
  }

  private static boolean hasManifest(Path path) {
    return Files.exists(path.resolve(MANIFEST));
  }

  private static void refuseForeign(Path path) throws IOException {
    for (Path file : list(path)) {
      if (!isOurs(file)) {
        throw new StorageException(
            "not a Stave database: the folder holds other files and no MANIFEST", file);
      }
    }
  }

  /** Without a manifest there is at most what a crash in the first opening of all left. */
  private static void refuseAllButBeginnings(Path path) throws IOException {
    for (Path file : list(path)) {
      String name = file.getFileName().toString();
      boolean emptyLog =
          (name.endsWith(".log") || name.endsWith(".log.tmp"))
              && Files.size(file) <= FileHeader.BYTES;
      if (name.matches("[0-9]{10}.*") && !emptyLog) {
        throw new CorruptStaveException(
            "the MANIFEST is lost, and the data is still here (restore from a backup)", file, 0);
      }
    }
  }

  /** Looks for the manifest under the lock: another process may be about to write the first. */
  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (!tryLock(channel, false)) {
        throw openAlready(path);
      }
      if (!hasManifest(path)) {
        refuseAllButBeginnings(path);
      }
      return channel;
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private static boolean tryLock(FileChannel channel, boolean shared) throws IOException {
    try {
      return channel.tryLock(0, Long.MAX_VALUE, shared) != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this process, but by another class loader's Stave
    }
  }

  private static StorageInUseException openAlready(Path path) {
    return new StorageInUseException(path);
  }

  Disk disk() {
    return disk;
  }

  Path path() {
    return path;
  }

  /** For messages that go to clients of a server, which are not told where it keeps its files. */
  Path name() {
    Path name = path.getFileName();
    return name == null ? path : name;
  }

  Path log(long number) {
    return path.resolve(name(number) + ".log");
  }

  Path rows(long number) {
    return path.resolve(name(number) + ".rows");
  }

  Path bodies(long number) {
    return path.resolve(name(number) + ".bodies");
  }

  Path table(long number) {
    return path.resolve(name(number) + ".table");
  }

  /** What a file is called while it is being written. */
  static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + ".tmp");
  }

  private static String name(long number) {
    String digits = Long.toString(number);
    return "0000000000".substring(Math.min(10, digits.length())) + digits;
  }

  /** Deletes a file that nothing names any more. If that fails, the next opening does it. */
  static void deleteQuietly(Disk disk, Path file) {
    try {
      disk.delete(file);
    } catch (IOException e) {
      // it takes room, and does no harm
    }
  }

  /** Deletes the files that a crash left behind: ours by name, and not among {@code live}. */
  void deleteAllBut(Set<Path> live) throws IOException {
    List<Path> stray = new ArrayList<>();
    for (Path file : list(path)) {
      String name = file.getFileName().toString();
      boolean fixed = name.equals(LOCK) || name.equals(MANIFEST);
      if (!fixed && isOurs(file) && !live.contains(file)) {
        stray.add(file);
      }
    }
    for (Path file : stray) {
      disk.delete(file);
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
      throw new StorageException("cannot unlock the folder", path, e);
    } finally {
      OPEN_HERE.remove(realPath);
    }
  }
}
