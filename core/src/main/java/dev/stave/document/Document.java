package dev.stave.document;

import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One revision of a document. A value: it does not follow what is written later.
 *
 * @param deleted whether this revision deletes the document; its body is then usually empty
 * @param attachments by name; mostly none
 */
public record Document(
    String id,
    RevisionId revision,
    boolean deleted,
    JsonObject body,
    SortedMap<String, Attachment> attachments) {

  public Document {
    attachments =
        attachments.isEmpty()
            ? Collections.emptySortedMap()
            : Collections.unmodifiableSortedMap(new TreeMap<>(attachments));
  }

  /** One without attachments. */
  public Document(String id, RevisionId revision, boolean deleted, JsonObject body) {
    this(id, revision, deleted, body, Collections.emptySortedMap());
  }

  /** The longest id, in bytes of UTF-8. */
  public static final int MAX_ID_BYTES = 512;

  /** What the ids of design documents begin with. */
  public static final String DESIGN_PREFIX = "_design/";

  /** The body as an object of the user's class. See {@link JsonObject#as}. */
  public <T> T as(Class<T> type) {
    return body.as(type);
  }

  /**
   * Whether {@code id} is that of a design document: CouchDB's place for what belongs to a database
   * and replicates with it. It is a document like any other, but that no query and no watch finds
   * it, and nothing of it is indexed.
   */
  public static boolean isDesign(String id) {
    return id.startsWith(DESIGN_PREFIX);
  }

  /**
   * Returns {@code id} if it may name a document: 1 to {@value #MAX_ID_BYTES} bytes of UTF-8, no
   * NUL, no lone surrogate, and no leading underscore but in {@value #DESIGN_PREFIX} and a name.
   *
   * @throws InvalidDocumentException if it may not
   */
  public static String checkId(String id) {
    if (id.startsWith("_") && (!isDesign(id) || id.length() == DESIGN_PREFIX.length())) {
      throw new InvalidDocumentException(
          "only reserved document ids start with an underscore: _design/ and a name",
          "id",
          shown(id));
    }
    return checkLocalId(id);
  }

  /**
   * Returns {@code id} if it may name a document that does not replicate: as {@link #checkId}, but
   * that an underscore may lead. Clients make names of checkpoints from digests.
   *
   * @throws InvalidDocumentException if it may not
   */
  public static String checkLocalId(String id) {
    if (id.isEmpty()) {
      throw new InvalidDocumentException("a document id is not empty");
    }
    int bytes = bytesOf(id);
    if (bytes < 0) {
      throw new InvalidDocumentException(
          "a document id has no lone surrogate and no NUL", "id", shown(id));
    }
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

  /** The length of {@code id} in UTF-8, or -1 if it has a lone surrogate or NUL. */
  static int bytesOf(String id) {
    int bytes = 0;
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c == 0) {
        return -1;
      }
      if (!Character.isSurrogate(c)) {
        bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      } else if (i + 1 < id.length() && Character.isSurrogatePair(c, id.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        return -1;
      }
    }
    return bytes;
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

  static String shown(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
