package dev.stave.validation;

import dev.stave.json.JsonPointer;

/**
 * One thing that is wrong with a document.
 *
 * @param place where in the document's body; the root for the document as a whole
 * @param message what is wrong, in a line for people
 * @param rule where the rule comes from: of a schema the document that has it and the place in the
 *     schema, as {@code stave.schema.order#/properties/total/minimum}; of code what the code says
 */
public record Problem(JsonPointer place, String message, String rule) {

  /** A problem at the place that {@code pointer} is the text of. */
  public static Problem at(String pointer, String message, String rule) {
    return new Problem(JsonPointer.parse(pointer), message, rule);
  }

  @Override
  public String toString() {
    return (place.tokens().isEmpty() ? "(root)" : place) + ": " + message + " [" + rule + "]";
  }
}
