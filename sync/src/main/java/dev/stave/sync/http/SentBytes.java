package dev.stave.sync.http;

import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.SentAttachment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * An attachment whose bytes travel with its document.
 *
 * @param encoding {@code gzip} or null
 */
public record SentBytes(
    String contentType,
    long length,
    String digest,
    int revpos,
    @Nullable String encoding,
    byte[] bytes)
    implements SentAttachment {

  /**
   * Fetches the bytes of {@code attachment}, as they are stored.
   *
   * @throws PeerException if they are not there any more
   */
  public static SentBytes of(SentAttachment attachment) {
    return read(attachment, true);
  }

  /** The same, not compressed unless {@code asStored}. */
  static SentBytes read(SentAttachment attachment, boolean asStored) {
    try (Opened opened = attachment.open(asStored)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[8 << 10];
      for (int n = opened.in().read(buffer); n >= 0; n = opened.in().read(buffer)) {
        out.write(buffer, 0, n);
      }
      return new SentBytes(
          attachment.contentType(),
          attachment.length(),
          attachment.digest(),
          attachment.revpos(),
          opened.encoding(),
          out.toByteArray());
    } catch (IOException e) {
      throw new PeerException(PeerException.Kind.UNREACHABLE, e, "an attachment broke off");
    }
  }

  @Override
  public Stored stored() {
    return new Stored(encoding, bytes.length);
  }

  @Override
  public Opened open(boolean asStored) throws PeerException {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    if (encoding == null || asStored) {
      return new Opened(in, encoding);
    }
    try {
      return new Opened(new GZIPInputStream(in), null);
    } catch (IOException e) {
      throw new PeerException(
          PeerException.Kind.WRONG_ANSWER, e, "an attachment is not compressed as it is said");
    }
  }
}
