package dev.stave.sync.http;

import dev.stave.document.Attachment;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.SentAttachment;
import java.io.FilterInputStream;
import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * An attachment at a server: fetched by a request of its own, so that its bytes go from the
 * connection to where they are stored, in whatever order a target wants them, and not at all if
 * that has them.
 */
final class HttpAttachment implements SentAttachment {

  private final HttpWire wire;
  private final HttpUrl url;
  private final String contentType;
  private final long length;
  private final String digest;
  private final int revpos;

  HttpAttachment(
      HttpWire wire, HttpUrl url, String contentType, long length, String digest, int revpos) {
    this.wire = wire;
    this.url = url;
    this.contentType = contentType;
    this.length = length;
    this.digest = digest;
    this.revpos = revpos;
  }

  @Override
  public String contentType() {
    return contentType;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public int revpos() {
    return revpos;
  }

  @Override
  public Stored stored() {
    Request head = request(true).head().build();
    try (Response response = wire.sendWell(head)) {
      String length = response.header("Content-Length");
      String encoding = encoding(response);
      return encoding == null || length == null
          ? new Stored(null, length())
          : new Stored(encoding, Long.parseLong(length));
    } catch (NumberFormatException e) {
      return new Stored(null, length());
    }
  }

  private Request.Builder request(boolean asStored) {
    return new Request.Builder()
        .url(url)
        .header("Accept", "*/*")
        .header("Accept-Encoding", asStored ? Attachment.GZIP : "identity");
  }

  private static @Nullable String encoding(Response response) {
    return Attachment.GZIP.equals(response.header("Content-Encoding")) ? Attachment.GZIP : null;
  }

  @Override
  public Opened open(boolean asStored) {
    Response response = wire.sendWell(request(asStored).build());
    FilterInputStream in =
        new FilterInputStream(HttpWire.body(response)) {
          @Override
          public void close() throws IOException {
            response.close();
          }
        };
    String encoding = encoding(response);
    if (encoding != null && !asStored) {
      response.close();
      throw new PeerException(
          PeerException.Kind.WRONG_ANSWER, null, "an attachment comes compressed, unasked");
    }
    return new Opened(in, encoding);
  }
}
