package dev.stave.server.graphql.transport;

import dev.stave.server.exchange.HttpException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** How a reply is written. */
enum Media {
  /** As GraphQL over HTTP has it: the status says whether the request was executed. */
  RESPONSE("application/graphql-response+json"),
  /** As it was before: every well-formed request is answered with 200. */
  JSON("application/json"),
  /** Server-sent events. */
  EVENTS("text/event-stream");

  private final String type;

  Media(String type) {
    this.type = type;
  }

  String contentType() {
    return type + "; charset=utf-8";
  }

  private record Range(String type, double quality) {}

  /**
   * What a client likes best that there is. Who likes everything gets {@link #JSON}.
   *
   * @param accept the header; empty if there is none
   * @throws HttpException 406 if it likes nothing of it
   */
  static Media of(String accept) {
    if (accept.isBlank()) {
      return JSON;
    }
    List<Range> ranges = new ArrayList<>();
    for (String each : accept.toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = each.split(";");
      ranges.add(new Range(parts[0].trim(), quality(parts)));
    }
    ranges.sort(Comparator.comparingDouble(Range::quality).reversed()); // stable
    for (Range range : ranges) {
      if (range.quality() > 0) {
        for (Media media : values()) {
          if (range.type().equals(media.type)) {
            return media;
          }
        }
        if (range.type().equals("*/*") || range.type().equals("application/*")) {
          return JSON;
        }
      }
    }
    throw new HttpException(
        406,
        "not_acceptable",
        "a reply is application/graphql-response+json, application/json or text/event-stream");
  }

  private static double quality(String[] parts) {
    for (String part : parts) {
      String parameter = part.trim();
      if (parameter.startsWith("q=")) {
        try {
          return Double.parseDouble(parameter.substring(2));
        } catch (NumberFormatException e) {
          return 0;
        }
      }
    }
    return 1;
  }
}
