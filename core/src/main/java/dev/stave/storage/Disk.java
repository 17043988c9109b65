package dev.stave.storage;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The calls that a storage makes on files. {@link LocalDisk} is the machine's; tests have one that
 * loses what was not synced, and one that fails.
 *
 * <p>A name counts as durable when its folder was synced after it was given, bytes when their file
 * was synced after they were written. Any thread may call any method.
 */
interface Disk {

  /** Makes an empty file, also in the place of one that is there. */
  DiskFile create(Path file) throws IOException;

  /** Opens a file for writing into it. */
  DiskFile open(Path file) throws IOException;

  /** Maps a finished file for reading. */
  MappedFile map(Path file) throws IOException;

  /** Gives {@code from} the name {@code to}, in the place of what had it. */
  void rename(Path from, Path to) throws IOException;

  /** Gives {@code file} a second name. */
  void link(Path file, Path name) throws IOException;

  /** Deletes the file if it is there. */
  void delete(Path file) throws IOException;

  /** Makes the names in {@code folder} durable. */
  void syncFolder(Path folder) throws IOException;
}
