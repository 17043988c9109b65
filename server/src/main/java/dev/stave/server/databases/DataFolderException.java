package dev.stave.server.databases;

import dev.stave.StaveException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The data folder cannot be used. The message says which, why, and what may help. */
public final class DataFolderException extends StaveException {

  private static final long serialVersionUID = 1L;

  DataFolderException(String what, Path path) {
    super(what, "path", path);
  }

  DataFolderException(String what, Path path, IOException cause) {
    super(what + ": " + reason(cause), "path", path);
    initCause(cause);
  }

  private static String reason(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "Permission denied";
    }
    if (cause instanceof NoSuchFileException e) {
      return "No such file " + e.getFile();
    }
    return cause instanceof FileSystemException e && e.getReason() != null
        ? e.getReason()
        : String.valueOf(cause.getMessage());
  }
}
