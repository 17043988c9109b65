package dev.stave.spec.sim;

import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.SentAttachment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/**
 * An attachment as it comes over a network: its bytes are asked for when they are wanted.
 *
 * @param fetch gets them, and may take its time or fail
 */
record WireAttachment(
    String contentType,
    long length,
    String digest,
    int revpos,
    Stored stored,
    Supplier<byte[]> fetch)
    implements SentAttachment {

  static WireAttachment of(SentAttachment of, Supplier<byte[]> fetch) {
    return new WireAttachment(
        of.contentType(), of.length(), of.digest(), of.revpos(), of.stored(), fetch);
  }

  /** All the bytes of one, as they are stored. */
  static byte[] bytes(SentAttachment of) {
    try (Opened opened = of.open(true)) {
      return opened.in().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Opened open(boolean asStored) throws PeerException {
    return new Opened(new ByteArrayInputStream(fetch.get()), stored.encoding());
  }
}
