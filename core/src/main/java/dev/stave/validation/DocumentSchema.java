package dev.stave.validation;

import dev.stave.revision.RevisionId;
import java.util.List;

/**
 * A schema that a database has.
 *
 * @param id the document that it is kept as
 * @param revision that document's winner
 * @param problems why it is not in force; none if it is
 */
public record DocumentSchema(String id, RevisionId revision, List<Problem> problems) {

  public DocumentSchema {
    problems = List.copyOf(problems);
  }

  /** Whether what is written is checked against it. */
  public boolean isInForce() {
    return problems.isEmpty();
  }
}
