package dev.stave.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a document says of one of its attachments. The bytes are in the database, once for all
 * documents and revisions that have the same.
 *
 * @param contentType its media type, 1 to {@value #MAX_CONTENT_TYPE_LENGTH} printable ASCII
 *     characters
 * @param length in bytes, as it is read
 * @param sha256 of the bytes as they are stored, 64 hex digits: it names them
 * @param digest CouchDB's name of the bytes as they are stored: {@code md5-} and base64
 * @param encoding {@code gzip} if they are stored compressed, else null
 * @param storedLength in bytes, as it is stored
 * @param revpos the generation of the revision that it came with; 0 if it is not written yet
 */
public record Attachment(
    String contentType,
    long length,
    String sha256,
    String digest,
    @Nullable String encoding,
    long storedLength,
    int revpos) {

  /** The longest name, in bytes of UTF-8. */
  public static final int MAX_NAME_BYTES = 1_024;

  public static final int MAX_CONTENT_TYPE_LENGTH = 1_024;

  /** As many may a document have. */
  public static final int MAX_OF_DOCUMENT = 10_000;

  /** The longest attachment, as it is read and as it is stored, in bytes: 64 GiB. */
  public static final long MAX_BYTES = 64L << 30;

  /** The one way in which bytes are stored compressed. */
  public static final String GZIP = "gzip";

  public Attachment {
    checkContentType(contentType);
    if (encoding != null && !encoding.equals(GZIP)) {
      throw new InvalidDocumentException("attachments are stored as gzip or as they are");
    }
  }

  /** The same, as it came with a revision of that generation. */
  public Attachment withRevpos(int generation) {
    return new Attachment(contentType, length, sha256, digest, encoding, storedLength, generation);
  }

  /** Whether {@code other} is the same, whenever it came. */
  public boolean isSame(@Nullable Attachment other) {
    return other != null && withRevpos(0).equals(other.withRevpos(0));
  }

  /**
   * Returns {@code text} if it may be the media type of an attachment.
   *
   * @throws InvalidDocumentException if it may not
   */
  public static String checkContentType(String text) {
    boolean isPrintable = text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    if (text.isEmpty() || text.length() > MAX_CONTENT_TYPE_LENGTH || !isPrintable) {
      throw new InvalidDocumentException(
          "the content type of an attachment is 1 to "
              + MAX_CONTENT_TYPE_LENGTH
              + " printable ASCII characters");
    }
    return text;
  }

  /**
   * Returns {@code name} if it may name an attachment: 1 to {@value #MAX_NAME_BYTES} bytes of
   * UTF-8, no leading underscore, no NUL, no lone surrogate.
   *
   * @throws InvalidDocumentException if it may not
   */
  public static String checkName(String name) {
    if (name.isEmpty()) {
      throw new InvalidDocumentException("the name of an attachment is not empty");
    }
    if (name.charAt(0) == '_') {
      throw new InvalidDocumentException(
          "the name of an attachment does not begin with an underscore",
          "name",
          Document.shown(name));
    }
    int bytes = Document.bytesOf(name);
    if (bytes < 0) {
      throw new InvalidDocumentException(
          "the name of an attachment has no lone surrogate and no NUL",
          "name",
          Document.shown(name));
    }
    if (bytes > MAX_NAME_BYTES) {
      throw new InvalidDocumentException(
          "the name of an attachment has at most " + MAX_NAME_BYTES + " bytes of UTF-8",
          "name",
          Document.shown(name),
          "bytes",
          bytes);
    }
    return name;
  }

  /**
   * A copy of {@code attachments}, in the order of their names, if a document may have them.
   *
   * @throws InvalidDocumentException if a name may not be one, or there are too many
   */
  public static SortedMap<String, Attachment> checkAll(Map<String, Attachment> attachments) {
    if (attachments.size() > MAX_OF_DOCUMENT) {
      throw new InvalidDocumentException(
          "a document has at most " + MAX_OF_DOCUMENT + " attachments",
          "attachments",
          attachments.size());
    }
    attachments.keySet().forEach(Attachment::checkName);
    return Collections.unmodifiableSortedMap(new TreeMap<>(attachments));
  }

  /** What of {@code attachments} the name of a revision covers: all but when they came. */
  public static ObjectNode identity(Map<String, Attachment> attachments) {
    ObjectNode identity = JsonNodeFactory.instance.objectNode();
    attachments.forEach(
        (name, attachment) -> {
          ObjectNode of = identity.putObject(name);
          of.put("content_type", attachment.contentType).put("sha256", attachment.sha256);
          if (attachment.encoding != null) {
            of.put("encoding", attachment.encoding);
          }
        });
    return identity;
  }
}
