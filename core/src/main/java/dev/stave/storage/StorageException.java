package dev.stave.storage;

import dev.stave.StaveException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The disk, or whatever is below, refused. The message says which file, and what may help. */
public class StorageException extends StaveException {

  private static final long serialVersionUID = 1L;

  StorageException(String what, Path file) {
    super(what, "file", file);
  }

  /** {@code what} failed, for {@code cause}. */
  public StorageException(String what, Path file, IOException cause) {
    super(what + ": " + reason(cause), "file", file);
    initCause(cause);
  }

  /** What the operating system said, without the file name, and what to do where that is known. */
  static String reason(IOException cause) {
    String said =
        cause instanceof FileSystemException e && e.getReason() != null
            ? e.getReason()
            : String.valueOf(cause.getMessage());
    if (cause instanceof AccessDeniedException) {
      said = "Permission denied";
    }
    if (cause instanceof NoSuchFileException e) {
      said = "No such file " + e.getFile();
    }
    if (said.contains("No space left") || said.contains("quota")) {
      return said + " (make room and try again)";
    }
    if (said.contains("Read-only") || said.contains("Permission denied")) {
      return said + " (a database needs a folder that it may write to)";
    }
    return said;
  }
}
