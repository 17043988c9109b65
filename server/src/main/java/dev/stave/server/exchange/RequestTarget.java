package dev.stave.server.exchange;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Path and query of a URL, decoded. A segment may hold a slash that was sent as {@code %2F}; what
 * is not percent-encoded UTF-8 is refused.
 */
public record RequestTarget(List<String> segments, Parameters parameters) {

  public static RequestTarget parse(String path, String query) {
    return new RequestTarget(segments(path), new Parameters(parameters(query)));
  }

  /** What the header {@code Destination} of a COPY says: an id, and perhaps {@code ?rev=}. */
  public static RequestTarget ofDestination(String header) {
    int question = header.indexOf('?');
    String path = question < 0 ? header : header.substring(0, question);
    String slashed = path.startsWith("/") ? path : "/" + path;
    return parse(slashed, question < 0 ? "" : header.substring(question + 1));
  }

  /** The fields of a form. */
  public static Parameters form(String body) {
    return new Parameters(parameters(body));
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/")) {
      if (!segment.isEmpty()) { // as CouchDB has it: "//name/" is "/name"
        segments.add(decode(segment, "path"));
      }
    }
    return segments;
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters.put(
          decode(name.replace('+', ' '), "query"), decode(value.replace('+', ' '), "query"));
    }
    return parameters;
  }

  private static String decode(String encoded, String where) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        bytes.write(octet(encoded, i + 1, where));
        i += 2;
      } else {
        bytes.write(c < 0x80 ? c : 0xff); // a URL is ASCII; 0xff is in no UTF-8
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw HttpException.badRequest("the " + where + " of the URL is not UTF-8: " + encoded);
    }
  }

  private static int octet(String encoded, int at, String where) {
    if (at + 2 <= encoded.length()) {
      int high = Character.digit(encoded.charAt(at), 16);
      int low = Character.digit(encoded.charAt(at + 1), 16);
      if (high >= 0 && low >= 0) {
        return high << 4 | low;
      }
    }
    throw HttpException.badRequest(
        "the " + where + " of the URL has a % without two hex digits: " + encoded);
  }
}
