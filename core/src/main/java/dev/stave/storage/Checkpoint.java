package dev.stave.storage;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A copy of a storage's files in another folder, made beside it and renamed when it is whole.
 * Segments are given a second name, which costs the same whatever they weigh, or are copied where
 * the target is on another disk.
 */
final class Checkpoint implements AutoCloseable {

  /** Ends the name of a folder that is not whole yet. */
  static final String PARTIAL = ".partial";

  private static final int COPY_BYTES = 1 << 20;

  /** The folders that are being made by this process: a second one would delete their files. */
  private static final Set<Path> UNDER_WAY = ConcurrentHashMap.newKeySet();

  private final Disk disk;
  private final Path target;
  private final Path parent;
  private final Path partial;
  private boolean named;
  private boolean finished;

  /** Begins one, to be at {@code target}, where there must be nothing yet, or an empty folder. */
  Checkpoint(Disk disk, Path target) throws IOException {
    this.disk = disk;
    this.target = target.toAbsolutePath();
    Path above = this.target.getParent();
    if (above == null) {
      throw new FileAlreadyExistsException(target.toString(), null, "this is the root folder");
    }
    this.parent = above;
    this.partial = this.target.resolveSibling(this.target.getFileName() + PARTIAL);
    refuseOccupied(this.target);
    if (!UNDER_WAY.add(partial)) {
      throw new FileAlreadyExistsException(
          partial.toString(), null, "a copy to this folder is being made already");
    }
    boolean isBegun = false;
    try {
      begin();
      isBegun = true;
    } finally {
      if (!isBegun) {
        UNDER_WAY.remove(partial);
      }
    }
  }

  private void begin() throws IOException {
    for (Path file : Files.isDirectory(partial) ? Folder.list(partial) : List.<Path>of()) {
      if (!Folder.isOurs(file)) {
        throw new FileAlreadyExistsException(
            file.toString(), null, "the copy is made in " + partial + ", which holds other files");
      }
    }
    delete(partial); // what an earlier one left that did not end
    Folder.createDurably(disk, parent);
    Files.createDirectory(partial); // on the disk when it has its name
  }

  private static void refuseOccupied(Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new FileAlreadyExistsException(target.toString(), null, "a file is there already");
    }
    if (!Folder.list(target).isEmpty()) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "the folder is not empty: choose a new one");
    }
  }

  /** Copies the logs that {@code manifest} names, up to where it says that they end. */
  void copyLogs(Folder source, Manifest manifest) throws IOException {
    for (Manifest.Log log : manifest.logs()) {
      Path file = source.log(log.number());
      copy(file, log.end() == Manifest.OPEN ? Files.size(file) : log.end());
    }
  }

  /** Takes the logs that {@code manifest} names, which nobody writes any more. */
  void takeLogs(Folder source, Manifest manifest) throws IOException {
    for (Manifest.Log log : manifest.logs()) {
      take(source.log(log.number()));
    }
  }

  /** Begins a log of its own, which the caller finishes. */
  CommitLog beginLog(Path log) throws IOException {
    return CommitLog.createWhole(disk, partial.resolve(log.getFileName().toString()));
  }

  /** Copies the first {@code length} bytes of a log, which others may go on writing. */
  private void copy(Path file, long length) throws IOException {
    try (MappedFile source = disk.map(file);
        DiskFile copy = disk.create(partial.resolve(file.getFileName().toString()))) {
      byte[] buffer = new byte[(int) Math.min(COPY_BYTES, length)];
      for (long at = 0; at < length; at += buffer.length) {
        int part = (int) Math.min(buffer.length, length - at);
        source.read(at, buffer, part);
        copy.write(at, buffer, 0, part);
      }
      copy.sync();
    }
  }

  /** Takes a file that nobody writes any more. */
  private void take(Path file) throws IOException {
    try {
      disk.link(file, partial.resolve(file.getFileName().toString()));
    } catch (IOException | UnsupportedOperationException e) {
      copy(file, Files.size(file)); // if the file is gone, this says so
    }
  }

  /** All files in {@code folder} that {@code manifest} names, but the logs. */
  static List<Path> filesOf(Manifest manifest, Folder folder) {
    List<Path> files = new ArrayList<>();
    manifest.segments().forEach(rows -> files.add(folder.rows(rows.number())));
    manifest.bodies().keySet().forEach(bodies -> files.add(folder.bodies(bodies)));
    manifest.tables().forEach(table -> files.add(folder.table(table.number())));
    return files;
  }

  /** Gives {@code file} the name {@code to} beside its own, or where that cannot be instead. */
  static void moveOrLink(Disk disk, Path file, Path to) throws IOException {
    try {
      disk.link(file, to);
    } catch (IOException | UnsupportedOperationException e) {
      disk.rename(file, to); // Android lets no app link
    }
  }

  /** Takes all that {@code manifest} names, but the logs, which are here already. */
  void finish(Folder source, Manifest manifest) throws IOException {
    for (Path file : filesOf(manifest, source)) {
      take(file);
    }
    manifest.write(disk, partial);
    named = true; // or perhaps not, if the disk says that it failed
    disk.rename(partial, target);
    disk.syncFolder(parent);
    finished = true;
  }

  private void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    for (Path file : Folder.list(folder)) {
      disk.delete(file);
    }
    disk.delete(folder);
  }

  /** Deletes one that is finished and of no use after all. */
  void takeBack() {
    try {
      delete(target);
    } catch (IOException e) {
      // it is whole, and does no harm
    }
  }

  /** Of one that is not finished nothing stays. */
  @Override
  public void close() {
    if (!finished) {
      try {
        delete(named && !Files.exists(partial) ? target : partial);
      } catch (IOException e) {
        // the next one of that name deletes it
      }
    }
    UNDER_WAY.remove(partial);
  }
}
