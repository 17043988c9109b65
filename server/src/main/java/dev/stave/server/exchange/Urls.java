package dev.stave.server.exchange;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Paths of URLs. */
public final class Urls {

  private Urls() {}

  /** The path with these segments, each percent-encoded. */
  public static String of(String... segments) {
    return Arrays.stream(segments)
        .map(segment -> "/" + encoded(segment))
        .collect(Collectors.joining());
  }

  /** The segment, percent-encoded. */
  public static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
