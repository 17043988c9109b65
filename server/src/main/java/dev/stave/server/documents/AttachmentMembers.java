package dev.stave.server.documents;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.database.Database;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Parameters;
import dev.stave.server.wire.IncomingDocument;
import dev.stave.server.wire.OutgoingDocument;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a reader asks for of a document's attachments: their bytes, those that came after revisions
 * that it has, and how they are stored. Bytes are written while they are read.
 */
public final class AttachmentMembers {

  private static final int BASE64_BYTES = 48 << 10; // whole groups of three

  private final Database database;
  private final boolean withBytes;
  private final boolean encodings;
  private final List<RevisionId> since;
  private final long atMost;

  private AttachmentMembers(
      Database database,
      boolean withBytes,
      boolean encodings,
      List<RevisionId> since,
      long atMost) {
    this.database = database;
    this.withBytes = withBytes;
    this.encodings = encodings;
    this.since = since;
    this.atMost = atMost;
  }

  /** What {@code attachments}, {@code att_encoding_info} and {@code atts_since} ask for. */
  public static AttachmentMembers of(Parameters parameters, Database database) {
    List<RevisionId> since = since(parameters);
    boolean withBytes =
        parameters.has("attachments")
            ? parameters.flag("attachments")
            : parameters.has("atts_since");
    boolean encodings = parameters.flag("att_encoding_info");
    return new AttachmentMembers(database, withBytes, encodings, since, Long.MAX_VALUE);
  }

  /** As replicators ask: with the bytes, as they are stored. */
  static AttachmentMembers ofParts(Parameters parameters, Database database) {
    return new AttachmentMembers(database, true, true, since(parameters), Long.MAX_VALUE);
  }

  /** The same, with stubs alone of a document whose attachments are longer together. */
  public AttachmentMembers upTo(long bytes) {
    return new AttachmentMembers(database, withBytes, encodings, since, bytes);
  }

  private static List<RevisionId> since(Parameters parameters) {
    JsonNode json = parameters.json("atts_since").orElseGet(JsonNodeFactory.instance::arrayNode);
    if (!json.isArray()) {
      throw HttpException.badParameter("`atts_since` must be an array of revisions");
    }
    return IncomingDocument.revisions(json);
  }

  /** Whether anything is asked for beside stubs. */
  boolean isAny() {
    return withBytes || encodings;
  }

  /** Writes the document as a value, with {@code extra} members before those of its body. */
  public void write(Document document, Map<String, JsonNode> extra, JsonGenerator out)
      throws IOException {
    write(document, extra, valueOf(out));
  }

  /** Pieces of the text of one value. */
  public static Text valueOf(JsonGenerator out) {
    boolean[] begun = new boolean[1];
    return text -> {
      if (begun[0]) {
        out.writeRaw(text);
      } else {
        out.writeRawValue(text);
      }
      begun[0] = true;
    };
  }

  /** Takes JSON text, piece by piece. */
  public interface Text {
    void append(String text) throws IOException;
  }

  /** As above, as text. */
  public void write(Document document, Map<String, JsonNode> extra, Text out) throws IOException {
    if (document.attachments().isEmpty() || !isAny()) {
      out.append(OutgoingDocument.text(document, extra));
      return;
    }
    long length = document.attachments().values().stream().mapToLong(Attachment::length).sum();
    if (!withBytes || length > atMost) {
      out.append(withMember(document, extra, OutgoingDocument.stubs(document, encodings)));
      return;
    }
    Document rest =
        new Document(document.id(), document.revision(), document.deleted(), document.body());
    String text = OutgoingDocument.text(rest, extra);
    out.append(text.substring(0, text.length() - 1));
    String before = ",\"" + OutgoingDocument.ATTACHMENTS + "\":{";
    int known = known(document);
    for (Map.Entry<String, Attachment> each : document.attachments().entrySet()) {
      out.append(before + TextNode.valueOf(each.getKey()) + ":");
      write(each.getValue(), each.getValue().revpos() > known, out);
      before = ",";
    }
    out.append("}}");
  }

  private static String withMember(
      Document document, Map<String, JsonNode> extra, JsonNode attachments) {
    Map<String, JsonNode> members = new LinkedHashMap<>(extra);
    members.put(OutgoingDocument.ATTACHMENTS, attachments);
    return OutgoingDocument.text(document, members);
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

  private void write(Attachment attachment, boolean wanted, Text out) throws IOException {
    if (!wanted) {
      out.append(OutgoingDocument.stub(attachment, encodings).toString());
      return;
    }
    String about = OutgoingDocument.about(attachment, encodings).toString();
    out.append(about.substring(0, about.length() - 1) + ",\"data\":\"");
    try (InputStream in = database.attachments().open(attachment)) {
      byte[] piece = new byte[BASE64_BYTES];
      for (int count = in.readNBytes(piece, 0, BASE64_BYTES);
          count > 0;
          count = in.readNBytes(piece, 0, BASE64_BYTES)) {
        out.append(Base64.getEncoder().encodeToString(Arrays.copyOf(piece, count)));
      }
    }
    out.append("\"}");
  }

  /** The document and the bytes that are wanted, as parts; empty if none are. */
  Optional<RelatedReply> related(Document document, Map<String, JsonNode> extra) {
    int known = known(document);
    Map<String, Attachment> following = new LinkedHashMap<>();
    ObjectNode members = JsonReply.object();
    document
        .attachments()
        .forEach(
            (name, attachment) -> {
              boolean follows = withBytes && attachment.revpos() > known;
              members.set(
                  name,
                  follows
                      ? OutgoingDocument.follows(attachment, encodings)
                      : OutgoingDocument.stub(attachment, encodings));
              if (follows) {
                following.put(name, attachment);
              }
            });
    return following.isEmpty()
        ? Optional.empty()
        : Optional.of(new RelatedReply(database, withMember(document, extra, members), following));
  }
}
