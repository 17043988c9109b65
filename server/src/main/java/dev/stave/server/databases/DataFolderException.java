package dev.stave.server.databases;

import dev.stave.StaveException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** A folder or a file in it cannot be used. The message says which, why, and what may help. */
public class DataFolderException extends StaveException {

  private static final long serialVersionUID = 1L;

  /** {@code what} is wrong, with what helps. */
  public DataFolderException(String what, Path path) {
    super(what, "path", path);
  }

  /** {@code what} failed, for {@code cause}. */
  public DataFolderException(String what, Path path, IOException cause) {
    super(what + ": " + reason(cause), "path", path);
    initCause(cause);
  }

  /** What the operating system said, without the path, and what to do where that is known. */
  private static String reason(IOException cause) {
    String said =
        cause instanceof FileSystemException e && e.getReason() != null
            ? e.getReason()
            : String.valueOf(cause.getMessage());
    if (cause instanceof NoSuchFileException e) {
      return "No such file " + e.getFile();
    }
    if (cause instanceof NotDirectoryException || cause instanceof FileAlreadyExistsException) {
      return "a file is in the way";
    }
    if (cause instanceof AccessDeniedException) {
      return "Permission denied (look who may write there)";
    }
    return said.contains("No space left") || said.contains("quota")
        ? said + " (make room and try again)"
        : said;
  }
}
