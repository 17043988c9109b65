package dev.stave.server.command;

import dev.stave.server.databases.DataFolderException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What an exception says to people, in a line. */
final class Complaint {

  private Complaint() {}

  /** A failure at a file; at {@code path} if it names none itself. */
  static DataFolderException of(IOException e, Path path) {
    String file = e instanceof FileSystemException named ? named.getFile() : null;
    return new DataFolderException("cannot go on", file == null ? path : Path.of(file), e);
  }

  /** The line for {@code e}, or null if it says nothing. */
  static @Nullable String line(@Nullable IOException e) {
    if (e instanceof FileSystemException named && named.getFile() != null) {
      return of(named, Path.of(named.getFile())).getMessage();
    }
    return e == null ? null : "cannot go on: " + e.getMessage();
  }
}
