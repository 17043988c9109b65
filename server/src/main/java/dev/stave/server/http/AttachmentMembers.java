package dev.stave.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import dev.stave.server.wire.IncomingDocument;
import dev.stave.server.wire.OutgoingDocument;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a reader asks for of a document's attachments: their bytes in base64, those that came after
 * revisions that it has, and how they are stored. Bytes are written while they are read.
 */
final class AttachmentMembers {

  private final Database database;
  private final boolean withBytes;
  private final boolean encodings;
  private final List<RevisionId> since;

  private AttachmentMembers(
      Database database, boolean withBytes, boolean encodings, List<RevisionId> since) {
    this.database = database;
    this.withBytes = withBytes;
    this.encodings = encodings;
    this.since = since;
  }

  /** What {@code attachments}, {@code att_encoding_info} and {@code atts_since} ask for. */
  static AttachmentMembers of(Parameters parameters, Database database) {
    List<RevisionId> since =
        parameters.json("atts_since").map(AttachmentMembers::revisions).orElse(List.of());
    return new AttachmentMembers(
        database,
        parameters.flag("attachments") || !since.isEmpty(),
        parameters.flag("att_encoding_info"),
        since);
  }

  private static List<RevisionId> revisions(JsonNode json) {
    if (!json.isArray()) {
      throw HttpException.badParameter("`atts_since` must be an array of revisions");
    }
    List<RevisionId> revisions = new ArrayList<>();
    json.forEach(each -> revisions.add(IncomingDocument.revision(each.textValue())));
    return revisions;
  }

  /** Whether anything is asked for beside stubs. */
  boolean isAny() {
    return withBytes || encodings;
  }

  /** Writes the document, with {@code extra} members before those of its body. */
  void write(Document document, Map<String, JsonNode> extra, JsonGenerator out) throws IOException {
    if (document.attachments().isEmpty() || !isAny()) {
      out.writeRawValue(OutgoingDocument.text(document, extra));
      return;
    }
    if (!withBytes) {
      Map<String, JsonNode> more = new HashMap<>(extra);
      more.put(OutgoingDocument.ATTACHMENTS, OutgoingDocument.stubs(document, encodings));
      out.writeRawValue(OutgoingDocument.text(document, more));
      return;
    }
    String text = OutgoingDocument.text(withoutAttachments(document), extra);
    int known = known(document);
    out.writeStartObject();
    out.writeObjectFieldStart(OutgoingDocument.ATTACHMENTS);
    for (Map.Entry<String, Attachment> each : document.attachments().entrySet()) {
      out.writeFieldName(each.getKey());
      write(each.getValue(), each.getValue().revpos() > known, out);
    }
    out.writeEndObject();
    out.writeRaw("," + text.substring(1, text.length() - 1));
    out.writeEndObject();
  }

  private static Document withoutAttachments(Document document) {
    return new Document(document.id(), document.revision(), document.deleted(), document.body());
  }

  /** The newest generation of what the reader has of this branch; 0 if it has nothing of it. */
  private int known(Document document) {
    if (since.isEmpty()) {
      return 0;
    }
    RevisionTree tree = database.tree(document.id());
    Set<RevisionId> path = new HashSet<>();
    tree.path(document.revision()).stream().map(Revision::id).forEach(path::add);
    return since.stream().filter(path::contains).mapToInt(RevisionId::generation).max().orElse(0);
  }

  private void write(Attachment attachment, boolean wanted, JsonGenerator out) throws IOException {
    ObjectNode about = JsonReply.object();
    OutgoingDocument.about(attachment, encodings, about);
    out.writeStartObject();
    for (Map.Entry<String, JsonNode> member : about.properties()) {
      out.writeFieldName(member.getKey());
      out.writeTree(member.getValue());
    }
    if (wanted) {
      out.writeFieldName("data");
      try (InputStream in = database.attachments().open(attachment)) {
        writeBase64(in, attachment.length(), out);
      }
    } else {
      out.writeNumberField("length", attachment.length());
      out.writeBooleanField("stub", true);
    }
    out.writeEndObject();
  }

  /** In pieces of whole groups of three bytes, each of which is base64 by itself. */
  private static void writeBase64(InputStream in, long length, JsonGenerator out)
      throws IOException {
    out.writeRawValue("\"");
    byte[] piece = new byte[48 << 10];
    long left = length;
    while (left > 0) {
      int count = in.readNBytes(piece, 0, (int) Math.min(piece.length, left));
      if (count == 0) {
        throw new IllegalStateException("an attachment is shorter than it says");
      }
      byte[] part = count == piece.length ? piece : Arrays.copyOf(piece, count);
      out.writeRaw(Base64.getEncoder().encodeToString(part));
      left -= count;
    }
    out.writeRaw('"');
  }
}
