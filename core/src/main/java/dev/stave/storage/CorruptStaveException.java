package dev.stave.storage;

import dev.stave.StaveException;
import java.nio.file.Path;

/**
 * Stored bytes are not what was written. Nothing of them is served. Restore the folder from a
 * backup; the files that are whole are not touched.
 */
public final class CorruptStaveException extends StaveException {

  private static final long serialVersionUID = 1L;

  private final transient Damage damage;

  CorruptStaveException(String what, Path file, long offset) {
    super(what, "file", file, "offset", offset);
    this.damage = new Damage(file, offset, what);
  }

  /** Where it is. */
  Damage damage() {
    return damage;
  }
}
