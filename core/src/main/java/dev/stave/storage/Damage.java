package dev.stave.storage;

import java.nio.file.Path;

/**
 * Something in a storage's files that is not as it was written.
 *
 * @param file the file, or the folder if none in particular
 * @param offset in bytes, where it begins, or 0 where that means nothing
 * @param what what is wrong, in a few words
 */
public record Damage(Path file, long offset, String what) {

  @Override
  public String toString() {
    return what + ": file=" + file + ", offset=" + offset;
  }
}
