package dev.stave.storage;

import java.nio.file.Path;

/** The database is open already. Close it there, or use that one. */
public final class StorageInUseException extends StorageException {

  private static final long serialVersionUID = 1L;

  public StorageInUseException(Path folder) {
    super("the database is open already, here or in another process", folder);
  }
}
