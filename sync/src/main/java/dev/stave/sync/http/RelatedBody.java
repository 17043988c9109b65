package dev.stave.sync.http;

import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.SentAttachment;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;

/**
 * A document and attachments of it, {@code multipart/related} as CouchDB takes it: the parts are in
 * the order in which the document names them. The bytes go from the source to the connection.
 */
final class RelatedBody extends RequestBody {

  private static final int BUFFER_BYTES = 64 << 10;

  private final String boundary = UUID.randomUUID().toString().replace("-", "");
  private final List<Part> parts = new ArrayList<>();
  private final byte[] first;
  private final byte[] end = HttpWire.utf8("\r\n--" + boundary + "--");

  private volatile boolean hasSourceFailed;

  private record Part(byte[] head, SentAttachment attachment, SentAttachment.Stored stored) {}

  RelatedBody(byte[] document) {
    byte[] head = HttpWire.utf8("--" + boundary + "\r\nContent-Type: application/json\r\n\r\n");
    this.first = new byte[head.length + document.length];
    System.arraycopy(head, 0, first, 0, head.length);
    System.arraycopy(document, 0, first, head.length, document.length);
  }

  void add(String name, SentAttachment attachment, SentAttachment.Stored stored) {
    String shown = name.replaceAll("[\\r\\n]", " ").replace("\\", "\\\\").replace("\"", "\\\"");
    String head =
        "\r\n--"
            + boundary
            + "\r\nContent-Disposition: attachment; filename=\""
            + shown
            + "\"\r\nContent-Type: "
            + attachment.contentType()
            + "\r\nContent-Length: "
            + stored.length()
            + (stored.encoding() == null ? "" : "\r\nContent-Encoding: " + stored.encoding())
            + "\r\n\r\n";
    parts.add(new Part(HttpWire.utf8(head), attachment, stored));
  }

  /** Whether it broke off since the source did. */
  boolean hasSourceFailed() {
    return hasSourceFailed;
  }

  @Override
  public MediaType contentType() {
    return MediaType.get("multipart/related; boundary=\"" + boundary + "\"");
  }

  @Override
  public long contentLength() {
    long length = first.length + (long) end.length;
    for (Part part : parts) {
      length += part.head().length + part.stored().length();
    }
    return length;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    sink.write(first);
    for (Part part : parts) {
      sink.write(part.head());
      try (SentAttachment.Opened opened =
          part.attachment().open(part.stored().encoding() != null)) {
        copy(opened.in(), part.stored().length(), sink);
      } catch (PeerException e) {
        hasSourceFailed = true;
        throw new SourceFailedException(e);
      }
    }
    sink.write(end);
  }

  private static void copy(InputStream in, long length, BufferedSink sink) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = length;
    while (left > 0) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new IOException("the source's attachment has ended " + left + " bytes too early");
      }
      sink.write(buffer, 0, count);
      left -= count;
    }
  }

  /** It was the source that failed, while the target waited for more. */
  static final class SourceFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient PeerException failure;

    SourceFailedException(PeerException failure) {
      super(failure);
      this.failure = failure;
    }

    PeerException failure() {
      return failure;
    }
  }
}
