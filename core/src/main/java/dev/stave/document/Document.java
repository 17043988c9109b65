package dev.stave.document;

import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import java.nio.charset.StandardCharsets;

/**
 * One revision of a document. A value: it does not follow what is written later.
 *
 * @param deleted whether this revision deletes the document; its body is then usually empty
 */
public record Document(String id, RevisionId revision, boolean deleted, JsonObject body) {

  /** The longest id, in bytes of UTF-8. */
  public static final int MAX_ID_BYTES = 512;

  /** The body as an object of the user's class. See {@link JsonObject#as}. */
  public <T> T as(Class<T> type) {
    return body.as(type);
  }

  /**
   * Returns {@code id} if it may name a document: 1 to {@value #MAX_ID_BYTES} bytes of UTF-8, no
   * leading underscore, no NUL, no lone surrogate.
   *
   * @throws InvalidDocumentException if it may not
   */
  public static String checkId(String id) {
    if (id.isEmpty()) {
      throw new InvalidDocumentException("a document id is not empty");
    }
    if (id.charAt(0) == '_') {
      throw new InvalidDocumentException(
          "only reserved document ids start with an underscore", "id", shown(id));
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(id) || id.indexOf('\0') >= 0) {
      throw new InvalidDocumentException(
          "a document id has no lone surrogate and no NUL", "id", shown(id));
    }
    int bytes = id.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_ID_BYTES) {
      throw new InvalidDocumentException(
          "a document id has at most " + MAX_ID_BYTES + " bytes of UTF-8",
          "id",
          shown(id),
          "bytes",
          bytes);
    }
    return id;
  }

  /**
   * Returns {@code body} if a document may have it: no member at the top begins with an underscore,
   * since those names are CouchDB's.
   *
   * @throws InvalidDocumentException if one does
   */
  public static JsonObject checkBody(String id, JsonObject body) {
    body.sharedTree()
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (name.startsWith("_")) {
                throw new InvalidDocumentException(
                    "member names that begin with an underscore are reserved",
                    "id",
                    shown(id),
                    "member",
                    shown(name));
              }
            });
    return body;
  }

  private static String shown(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
