package dev.stave.server.http;

import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.PageReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.Urls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /_utils/}: Fauxton, CouchDB's admin page, from a folder that whoever runs the server
 * has put there. It has no access of its own, and asks this server what any client may ask.
 *
 * <p>The files are read when the server starts.
 */
final class UtilsEndpoint {

  private static final String NAME = "_utils";
  private static final String INDEX = "index.html";

  /** CouchDB has its manual beside the page, which links to it. */
  private static final String MANUAL = "https://docs.couchdb.org/en/stable";

  /** Where the pages are in Fauxton's package. */
  private static final String IN_PACKAGE = "dist/release";

  private final PageFiles files;

  /**
   * Reads the files of {@code folder}: the pages themselves, or Fauxton's package as it is
   * unpacked. Without a folder there is a page that says how to get one.
   *
   * @throws HttpServerException if there is nothing to be served there
   */
  UtilsEndpoint(@Nullable Path folder) {
    if (folder == null) {
      this.files = PageFiles.none();
      return;
    }
    Path inPackage = folder.resolve(IN_PACKAGE);
    Path pages = Files.isRegularFile(inPackage.resolve(INDEX)) ? inPackage : folder;
    if (!Files.isRegularFile(pages.resolve(INDEX))) {
      throw new HttpServerException(
          "there is no "
              + INDEX
              + " in "
              + folder
              + ": --utils names the folder that `npm pack fauxton` and unpacking make");
    }
    try {
      this.files = PageFiles.ofFolder(pages);
    } catch (IOException e) {
      throw new HttpServerException("cannot read " + pages + ": " + e.getMessage());
    }
  }

  public Reply file(Request request) {
    if (files.isEmpty()) {
      return missing();
    }
    List<String> path = request.path();
    if (path.size() == 1 && !request.exchange().getRequestURI().endsWith("/")) {
      return to(301, "/" + NAME + "/"); // what the page names is beside it
    }
    String name = path.size() == 1 ? INDEX : String.join("/", path.subList(1, path.size()));
    PageReply page = files.find(name);
    if (page == null && name.startsWith("docs/")) {
      return to(302, MANUAL + Urls.of(name.substring("docs/".length()).split("/")));
    }
    if (page == null) {
      throw HttpException.notFound("There is no file " + name + " below " + NAME + ".");
    }
    return page;
  }

  private static Reply to(int status, String address) {
    return request -> {
      request.begin(status, Map.of("Location", address));
      request.output().close();
    };
  }

  private static Reply missing() {
    String html =
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>No admin page here</title>
        <h1>No admin page here</h1>
        <p>This server was started without Fauxton, CouchDB's admin page. To have it:</p>
        <pre>
        npm pack fauxton
        tar xzf fauxton-*.tgz
        java -jar stave.jar serve --utils package
        </pre>
        <p>Stave's own console is <a href="/_console">here</a>.</p>
        </html>
        """;
    return PageReply.of(
        404,
        "text/html; charset=utf-8",
        ConsoleEndpoint.POLICY,
        html.getBytes(StandardCharsets.UTF_8));
  }
}
