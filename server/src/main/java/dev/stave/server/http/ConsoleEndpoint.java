package dev.stave.server.http;

import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.PageReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * {@code GET /_console}: a page to look into databases with. It has no access of its own, and asks
 * this server what any client may ask.
 */
final class ConsoleEndpoint {

  private static final String FOLDER = "/dev/stave/server/console/";

  static final String POLICY = "default-src 'self'; frame-ancestors 'none'";

  private static final Map<String, String> TYPES =
      Map.of(
          "index.html", "text/html; charset=utf-8",
          "console.css", "text/css; charset=utf-8",
          "console.js", "text/javascript; charset=utf-8");

  public Reply page(Request request) throws IOException {
    return file("index.html");
  }

  /** A file that the page asks for. */
  public Reply file(Request request) throws IOException {
    return file(request.segment(1));
  }

  /** {@code GET /_openapi}: what may be asked of this server, in OpenAPI 3.1. */
  static Reply openApi(Request request) throws IOException {
    return PageReply.of(200, "application/json", POLICY, bytes("/dev/stave/server/openapi.json"));
  }

  private static Reply file(String name) throws IOException {
    String type = TYPES.get(name);
    if (type == null) {
      throw HttpException.notFound("The console has no file " + name + ".");
    }
    return PageReply.of(200, type, POLICY, bytes(FOLDER + name));
  }

  private static byte[] bytes(String resource) throws IOException {
    try (InputStream in = ConsoleEndpoint.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("not in the jar: " + resource);
      }
      return in.readAllBytes();
    }
  }
}
