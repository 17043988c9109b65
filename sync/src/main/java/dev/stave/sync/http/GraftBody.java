package dev.stave.sync.http;

import dev.stave.sync.peer.SentRevision;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.RequestBody;

/**
 * Revisions as one request has them: a stream of revisions, compressed while it is written, or
 * JSON. For one thread at a time.
 */
final class GraftBody {

  private static final byte[] HEAD = HttpWire.utf8("{\"new_edits\":false,\"docs\":[");
  private static final byte[] TAIL = HttpWire.utf8("]}");
  private static final MediaType STREAM = MediaType.get(RevisionWriter.MEDIA_TYPE);

  private final boolean isStream;
  private final List<SentRevision> revisions = new ArrayList<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final OutputStream out;
  private long size;

  GraftBody(boolean isStream) {
    this.isStream = isStream;
    try {
      this.out = isStream ? new FastGzip(bytes) : bytes;
      out.write(isStream ? RevisionWriter.head() : HEAD);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail to be written
    }
  }

  boolean isStream() {
    return isStream;
  }

  /** Adds a revision as the body has it: a frame of a stream, or JSON. */
  void add(SentRevision revision, byte[] written) {
    try {
      if (!isStream && !revisions.isEmpty()) {
        out.write(',');
      }
      out.write(written);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    revisions.add(revision);
    size += written.length;
  }

  /** In bytes, before they are compressed. */
  long size() {
    return size;
  }

  List<SentRevision> revisions() {
    return revisions;
  }

  /** Ends it: nothing is added any more. */
  GraftBody end() {
    try {
      out.write(isStream ? RevisionWriter.end() : TAIL);
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** What is sent, once it is at its {@link #end}. */
  RequestBody toRequest() {
    return RequestBody.create(bytes.toByteArray(), isStream ? STREAM : HttpWire.JSON);
  }
}
