package dev.stave.storage;

/** The storage, or the database on it, was closed. Not for a retry on the same object. */
public final class StorageClosedException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  /** For what stands on a storage, too. */
  public StorageClosedException(String what) {
    super(what);
  }
}
