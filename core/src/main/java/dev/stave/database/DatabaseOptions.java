package dev.stave.database;

import dev.stave.json.JsonLimits;

/**
 * How a database is opened.
 *
 * @param maxDocumentBytes the largest body, in bytes of JSON without white space
 */
public record DatabaseOptions(int maxDocumentBytes) {

  /** A batch, the bodies of it together, in bytes: it is held in memory and is one log record. */
  public static final int MAX_BATCH_BYTES = 256 << 20;

  /** Ancestors beyond this many generations are forgotten, as in CouchDB. */
  public static final int REVISION_LIMIT = 1_000;

  /** Of so many ancestors of each leaf the body is kept, beside those a merge may need. */
  public static final int BODIES_KEPT = 5;

  public static final DatabaseOptions DEFAULT = new DatabaseOptions(JsonLimits.DEFAULT_MAX_BYTES);

  public DatabaseOptions {
    if (maxDocumentBytes < 2 || maxDocumentBytes > MAX_BATCH_BYTES) {
      throw new IllegalArgumentException(
          "maxDocumentBytes is between 2 and " + MAX_BATCH_BYTES + ": " + maxDocumentBytes);
    }
  }
}
