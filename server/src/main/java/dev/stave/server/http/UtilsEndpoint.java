package dev.stave.server.http;

import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.PageReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.Urls;
import dev.stave.server.wire.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /_utils/}: Fauxton, CouchDB's admin page, from a folder that whoever runs the server
 * has put there. It has no access of its own, and asks this server what any client may ask.
 *
 * <p>The files are read when the server starts, and a request names one of them: no path of a
 * request is ever one of the disk.
 */
final class UtilsEndpoint {

  private static final String NAME = "_utils";
  private static final String INDEX = "index.html";

  /** CouchDB has its manual beside the page, which links to it. */
  private static final String MANUAL = "https://docs.couchdb.org/en/stable";

  /** Where the pages are in Fauxton's package. */
  private static final String IN_PACKAGE = "dist/release";

  /** Fauxton has 4 MB. */
  private static final long MAX_BYTES = 64L << 20;

  private static final int MAX_DEPTH = 8;

  private static final int TAG_DIGITS = 32;

  /** Styles are written into the page by its editor, which also has its worker from a text. */
  private static final String POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
          + " worker-src 'self' blob:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("gif", "image/gif"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff", "font/woff"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("ttf", "font/ttf"),
          Map.entry("eot", "application/vnd.ms-fontobject"));

  private final Map<String, PageReply> files = new HashMap<>();

  /**
   * Reads the files of {@code folder}: the pages themselves, or Fauxton's package as it is
   * unpacked. Without a folder there is a page that says how to get one.
   *
   * @throws HttpServerException if there is nothing to be served there
   */
  UtilsEndpoint(@Nullable Path folder) {
    if (folder == null) {
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
      read(pages);
    } catch (IOException e) {
      throw new HttpServerException("cannot read " + pages + ": " + e.getMessage());
    }
  }

  private void read(Path pages) throws IOException {
    List<Path> found;
    try (Stream<Path> walk = Files.walk(pages, MAX_DEPTH)) {
      found = walk.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)).toList();
    }
    long bytes = 0;
    for (Path each : found) {
      bytes += Files.size(each);
      if (bytes > MAX_BYTES) {
        throw new HttpServerException(
            pages + " has more than " + MAX_BYTES + " bytes: that is not a page for --utils");
      }
      files.put(pages.relativize(each).toString().replace('\\', '/'), page(each));
    }
  }

  private static PageReply page(Path file) throws IOException {
    String name = file.getFileName().toString();
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    byte[] bytes = Files.readAllBytes(file);
    String type = TYPES.getOrDefault(ending, "application/octet-stream");
    return new PageReply(
        200,
        type,
        POLICY,
        bytes,
        "\"" + Digests.hex("SHA-256", bytes).substring(0, TAG_DIGITS) + "\"");
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
    PageReply page = files.get(name);
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
