package dev.stave.validation;

import dev.stave.document.Document;
import java.util.List;

/**
 * A rule in code of what a document may be. It is given to a database when that is opened, and is
 * asked on the thread that writes, so many threads may ask it at once. It should look at the
 * document and at nothing that changes, and it must not write to the database.
 *
 * <p>Replicas do not share it. Where they should, use a JSON Schema, which is a document.
 */
@FunctionalInterface
public interface Validator {

  /**
   * What is wrong with the document as it would be; nothing if it may be written. If this throws,
   * nothing is written, and who writes gets what was thrown.
   *
   * @param document never deleted, and never one of Stave's own. Its revision is what it will have
   *     unless it is put without one where a deleted document was
   */
  List<Problem> validate(Document document);
}
