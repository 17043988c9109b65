package dev.stave.server.http;

import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.PageReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /_graphiql}: a page to write GraphQL in. It has no access of its own, and asks this
 * server what any client may ask.
 *
 * <p>{@code src/main/graphiql} makes it what it is in the jar: one archive.
 */
final class GraphiqlEndpoint {

  private static final String ARCHIVE = "/dev/stave/server/graphiql.zip";

  private @Nullable PageFiles files; // once somebody has asked for one

  public Reply page(Request request) throws IOException {
    return file("index.html");
  }

  /** A file that the page asks for. */
  public Reply file(Request request) throws IOException {
    return file(request.segment(1));
  }

  private Reply file(String name) throws IOException {
    PageReply file = files().find(name);
    if (file == null) {
      throw HttpException.notFound("GraphiQL has no file " + name + ".");
    }
    return file;
  }

  private synchronized PageFiles files() throws IOException {
    PageFiles known = files;
    if (known == null) {
      try (InputStream in = GraphiqlEndpoint.class.getResourceAsStream(ARCHIVE)) {
        if (in == null) {
          throw new IOException("not in the jar: " + ARCHIVE);
        }
        known = PageFiles.ofArchive(in);
      }
      files = known;
    }
    return known;
  }
}
