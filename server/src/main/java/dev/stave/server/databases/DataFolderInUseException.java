package dev.stave.server.databases;

import java.nio.file.Path;

/** Somebody else has the data folder: a server, or a command that is not done. */
public final class DataFolderInUseException extends DataFolderException {

  private static final long serialVersionUID = 1L;

  DataFolderInUseException(Path path) {
    super("the data folder is in use; if a server runs on it, give --url instead of --data", path);
  }
}
