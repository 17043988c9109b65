package dev.stave.server.documents;

import dev.stave.database.IdRange;

/** Which documents a list is of. */
public enum DocumentKind {
  /** All that replicate: those of {@link #DESIGN} too. */
  ANY,
  DESIGN,
  /** Those that do not replicate. */
  LOCAL;

  /** All ids that begin with {@code _design/}: a zero follows the slash. */
  public static final IdRange DESIGN_IDS = new IdRange("_design/", "_design0", false);
}
