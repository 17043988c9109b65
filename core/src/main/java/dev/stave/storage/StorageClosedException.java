package dev.stave.storage;

/** The storage, or the database on it, was closed. Not for a retry on the same object. */
public final class StorageClosedException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  StorageClosedException(String what) {
    super(what);
  }
}
