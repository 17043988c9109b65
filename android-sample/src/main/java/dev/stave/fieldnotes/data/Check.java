package dev.stave.fieldnotes.data;

/**
 * One line of a checklist.
 *
 * @param id names it on all devices, so that two of them may tick different lines of one list
 * @param state one of {@link Condition}'s codes
 */
public record Check(String id, String text, String state) {

  public Check withState(String to) {
    return new Check(id, text, to);
  }
}
