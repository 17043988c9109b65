package dev.stave.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import java.util.List;
import java.util.Map;

/** A document as it is shown to a client: {@code _id}, {@code _rev}, and the body as it is kept. */
public final class OutgoingDocument {

  private OutgoingDocument() {}

  /** The JSON text of {@code document}, with {@code extra} members before those of its body. */
  public static String text(Document document, Map<String, JsonNode> extra) {
    StringBuilder text = new StringBuilder(document.body().size() + 128);
    text.append("{\"_id\":").append(TextNode.valueOf(document.id()));
    text.append(",\"_rev\":").append(quoted(document.revision()));
    if (document.deleted()) {
      text.append(",\"_deleted\":true");
    }
    extra.forEach((name, value) -> text.append(",\"").append(name).append("\":").append(value));
    String body = document.body().toString();
    return text.append(body.equals("{}") ? "" : ",").append(body, 1, body.length()).toString();
  }

  /** As {@link #text(Document, Map)}, with nothing extra. */
  public static String text(Document document) {
    return text(document, Map.of());
  }

  /** The same as a tree that is the caller's to change. */
  public static ObjectNode tree(Document document) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("_id", document.id()).put("_rev", document.revision().toString());
    if (document.deleted()) {
      tree.put("_deleted", true);
    }
    tree.setAll(document.body().tree());
    return tree;
  }

  /** Revision ids as JSON. */
  public static ArrayNode ids(List<Revision> revisions) {
    ArrayNode ids = JsonNodeFactory.instance.arrayNode();
    revisions.forEach(revision -> ids.add(revision.id().toString()));
    return ids;
  }

  /** A revision id as JSON. A foreign digest may hold any visible character. */
  public static String quoted(RevisionId revision) {
    return '"' + revision.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
