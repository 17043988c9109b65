package dev.stave.server.documents;

import dev.stave.database.Database;
import dev.stave.document.Attachment;
import dev.stave.server.exchange.MultipartReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/**
 * A document, and attachments of it as they are stored, as the parts of one body: {@code
 * multipart/related}, as a client sends it too. A reply, or a part of one.
 */
final class RelatedReply implements Reply {

  private static final int BUFFER_BYTES = 64 << 10;

  private final Database database;
  private final String document;
  private final Map<String, Attachment> attachments;
  private final String boundary = MultipartReply.newBoundary();

  /** {@code document} is JSON that tells of {@code attachments} as those that follow. */
  RelatedReply(Database database, String document, Map<String, Attachment> attachments) {
    this.database = database;
    this.document = document;
    this.attachments = attachments;
  }

  String contentType() {
    return MultipartSink.RELATED + "; boundary=\"" + boundary + "\"";
  }

  @Override
  public void send(Request request) throws IOException {
    request.begin(200, Map.of("Content-Type", contentType()));
    try (OutputStream out = request.output()) {
      writeTo(out);
    }
  }

  void writeTo(OutputStream out) throws IOException {
    text("--" + boundary + "\r\nContent-Type: application/json\r\n\r\n" + document, out);
    for (Map.Entry<String, Attachment> each : attachments.entrySet()) {
      Attachment attachment = each.getValue();
      text(
          "\r\n--"
              + boundary
              + "\r\nContent-Disposition: attachment; filename="
              + quoted(each)
              + "\r\nContent-Type: "
              + attachment.contentType()
              + "\r\nContent-Length: "
              + attachment.storedLength(),
          out);
      if (attachment.encoding() != null) {
        text("\r\nContent-Encoding: " + attachment.encoding(), out);
      }
      text("\r\n\r\n", out);
      copy(attachment, out);
    }
    text("\r\n--" + boundary + "--", out);
  }

  private static String quoted(Map.Entry<String, Attachment> each) {
    String name = each.getKey().replaceAll("[\\r\\n]", " "); // a header is one line
    return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private void copy(Attachment attachment, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = database.attachments().openStored(attachment)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
      }
    }
  }

  private static void text(String text, OutputStream out) throws IOException {
    MultipartReply.write(text, out);
  }
}
