package dev.stave.validation;

import dev.stave.StaveException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A document was not written, nor anything with it, since a schema or a {@link Validator} of the
 * database refuses it. Change the document at the places it names.
 */
public final class RefusedDocumentException extends StaveException {

  private static final long serialVersionUID = 1L;

  private static final int SHOWN = 3;

  private final String id;
  private final transient List<Problem> problems;

  /** {@code problems} are one or more. */
  public RefusedDocumentException(String id, List<Problem> problems) {
    super("the document is refused", "id", id, "problems", shown(problems));
    this.id = id;
    this.problems = List.copyOf(problems);
  }

  private static String shown(List<Problem> problems) {
    String first =
        problems.stream().limit(SHOWN).map(Problem::toString).collect(Collectors.joining("; "));
    int more = problems.size() - SHOWN;
    return more > 0 ? first + "; and " + more + " more" : first;
  }

  /** The document that was refused; of several in a batch, the first. */
  public String id() {
    return id;
  }

  /** What is wrong with it. */
  public List<Problem> problems() {
    return problems;
  }
}
