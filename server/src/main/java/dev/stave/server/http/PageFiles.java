package dev.stave.server.http;

import dev.stave.server.exchange.PageReply;
import dev.stave.server.wire.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a page that others have written, in memory. A request names one of them: no path of
 * a request is ever one of the disk.
 */
final class PageFiles {

  /** Fauxton has 4 MB, GraphiQL 8. */
  static final long MAX_BYTES = 64L << 20;

  private static final int MAX_DEPTH = 8;

  private static final int TAG_DIGITS = 32;

  /** Editors write styles into the page, and may have a worker from a text. */
  private static final String POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'"
          + " data:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; frame-ancestors"
          + " 'none'";

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
  private long bytes;

  private PageFiles() {}

  /** None. */
  static PageFiles none() {
    return new PageFiles();
  }

  /**
   * All below {@code folder}.
   *
   * @throws HttpServerException if they have more than {@link #MAX_BYTES}
   */
  static PageFiles ofFolder(Path folder) throws IOException {
    List<Path> found;
    try (Stream<Path> walk = Files.walk(folder, MAX_DEPTH)) {
      found = walk.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)).toList();
    }
    PageFiles files = new PageFiles();
    for (Path each : found) {
      files.count(folder, Files.size(each));
      files.add(folder.relativize(each).toString().replace('\\', '/'), Files.readAllBytes(each));
    }
    return files;
  }

  /** All of a zip archive. */
  static PageFiles ofArchive(InputStream archive) throws IOException {
    PageFiles files = new PageFiles();
    try (ZipInputStream in = new ZipInputStream(archive)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        files.add(entry.getName(), in.readAllBytes());
      }
    }
    return files;
  }

  private void count(Path folder, long more) {
    bytes += more;
    if (bytes > MAX_BYTES) {
      throw new HttpServerException(
          folder + " has more than " + MAX_BYTES + " bytes: that is not a page to be served");
    }
  }

  private void add(String name, byte[] content) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String type = TYPES.getOrDefault(ending, "application/octet-stream");
    String tag = "\"" + Digests.hex("SHA-256", content).substring(0, TAG_DIGITS) + "\"";
    files.put(name, new PageReply(200, type, POLICY, content, tag));
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  @Nullable PageReply find(String name) {
    return files.get(name);
  }
}
