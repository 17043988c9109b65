package dev.stave.server.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * Something for a browser, which must not guess another type, nor load what {@code policy}, its
 * Content-Security-Policy, does not name.
 */
public record PageReply(int status, String type, String policy, byte[] bytes, String etag)
    implements Reply {

  /** One that is not kept by the browser. */
  public static PageReply of(int status, String type, String policy, byte[] bytes) {
    return new PageReply(status, type, policy, bytes, "");
  }

  @Override
  public void send(Request request) throws IOException {
    if (!etag.isEmpty() && request.hasAlready(etag)) {
      new NotModified(etag).send(request);
      return;
    }
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", type);
    headers.put("Content-Security-Policy", policy);
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Referrer-Policy", "no-referrer");
    if (!etag.isEmpty()) {
      headers.put("ETag", "W/" + etag); // weak: of the content, compressed or not
      headers.put("Cache-Control", "no-cache"); // kept, and asked for again by its tag
      headers.put("Vary", "Accept-Encoding");
    }
    request.begin(status, headers);
    try (OutputStream out = request.compressedOutput()) {
      out.write(bytes);
    }
  }
}
