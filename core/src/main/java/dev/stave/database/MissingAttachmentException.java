package dev.stave.database;

import dev.stave.StaveException;

/**
 * The bytes of an attachment are not in the database: no document that is kept has them any more,
 * or they never came in. Nothing was written. Bring them in, see {@link Attachments}.
 */
public final class MissingAttachmentException extends StaveException {

  private static final long serialVersionUID = 1L;

  MissingAttachmentException(String what, Object... facts) {
    super(what, facts);
  }
}
