package dev.stave.sync.peer;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** An attachment whose bytes are at the source until somebody asks for them. */
public interface SentAttachment {

  String contentType();

  /** In bytes, as it is read. */
  long length();

  /** CouchDB's name of the bytes as they are stored there: {@code md5-} and base64. */
  String digest();

  /** The generation of the revision that it came with. */
  int revpos();

  /**
   * How the source has it.
   *
   * @throws PeerException if the source cannot be asked
   */
  Stored stored();

  /**
   * How bytes are stored.
   *
   * @param encoding {@code gzip} or null
   * @param length in bytes, as they are stored
   */
  record Stored(@Nullable String encoding, long length) {}

  /**
   * Opens the bytes. Close what is returned.
   *
   * @param asStored as they are stored, if the source gives them so: what is returned says it
   * @throws PeerException if the source cannot be asked, or has them no more
   */
  Opened open(boolean asStored);

  /**
   * Bytes that are read once.
   *
   * @param encoding as what they come, {@code gzip} or null
   */
  record Opened(InputStream in, @Nullable String encoding) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
