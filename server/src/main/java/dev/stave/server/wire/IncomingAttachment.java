package dev.stave.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.document.Attachment;
import dev.stave.document.InvalidDocumentException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An attachment as a client names it in a document. */
public sealed interface IncomingAttachment {

  /** What an attachment is that nobody says more of. */
  String OCTETS = "application/octet-stream";

  /**
   * Its bytes are with it.
   *
   * @param revpos when it came; 0 if that is not said
   */
  record Inline(String contentType, byte[] bytes, int revpos) implements IncomingAttachment {}

  /** It is there already. */
  record Stub() implements IncomingAttachment {}

  /**
   * Its bytes come in a part of their own.
   *
   * @param encoding as what they come, {@code gzip} or null
   * @param length of it, and {@code encodedLength} of what comes; -1 where that is not said
   */
  record Follows(
      String contentType, @Nullable String encoding, long length, long encodedLength, int revpos)
      implements IncomingAttachment {}

  /** Reads the member {@code _attachments}, in its order: parts of a body come in that. */
  static Map<String, IncomingAttachment> all(JsonNode json) {
    if (!json.isObject()) {
      throw new RefusedDocumentException("bad_request", "_attachments must be an object");
    }
    Map<String, IncomingAttachment> all = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      all.put(checkName(member.getKey()), of(member.getKey(), member.getValue()));
    }
    return all;
  }

  /** Returns {@code name} if it may name an attachment, and else says why not, as CouchDB does. */
  static String checkName(String name) {
    if (name.startsWith("_")) {
      throw new RefusedDocumentException(
          "bad_request", "Attachment name '" + name + "' starts with prohibited character '_'");
    }
    try {
      return Attachment.checkName(name);
    } catch (InvalidDocumentException e) {
      throw new RefusedDocumentException("bad_request", e.getMessage());
    }
  }

  /** Returns {@code type} if it may be a media type; null is that of any bytes. */
  static String contentType(@Nullable String type) {
    try {
      return type == null || type.isBlank() ? OCTETS : Attachment.checkContentType(type);
    } catch (InvalidDocumentException e) {
      throw new RefusedDocumentException("bad_request", e.getMessage());
    }
  }

  private static IncomingAttachment of(String name, JsonNode json) {
    int revpos = json.path("revpos").asInt(0);
    if (revpos < 0) {
      throw new RefusedDocumentException("bad_request", "revpos of " + name + " is negative");
    }
    if (json.path("stub").asBoolean()) {
      return new Stub();
    }
    String type = contentType(json.path("content_type").textValue());
    if (json.path("follows").asBoolean()) {
      String encoding = json.path("encoding").textValue();
      if (encoding != null && encoding.equals("identity")) {
        encoding = null;
      }
      if (encoding != null && !encoding.equals(Attachment.GZIP)) {
        throw new RefusedDocumentException(
            "bad_request", "the encoding of an attachment is gzip or identity: " + name);
      }
      long length = json.path("length").asLong(-1);
      return new Follows(type, encoding, length, json.path("encoded_length").asLong(-1), revpos);
    }
    JsonNode data = json.path("data");
    try {
      if (data.isTextual()) {
        return new Inline(type, Base64.getDecoder().decode(data.textValue()), revpos);
      }
    } catch (IllegalArgumentException e) {
      // not base64
    }
    throw new RefusedDocumentException("bad_request", "Invalid attachment data for " + name);
  }
}
