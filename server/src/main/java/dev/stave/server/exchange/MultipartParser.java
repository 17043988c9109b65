package dev.stave.server.exchange;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Takes a MIME multipart body apart while it comes in (RFC 2046), piece by piece of any length.
 * What is not well formed is a bad request.
 */
public final class MultipartParser {

  /** Takes the parts. */
  public interface Parts {

    /** A part begins; the names of its headers are in lower case. */
    void begin(Map<String, String> headers);

    /** More bytes of it. */
    void take(byte[] bytes, int from, int length);

    /** It ends. */
    void end();
  }

  private static final int MAX_BOUNDARY = 200;
  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final byte[] HEADERS_END = {'\r', '\n', '\r', '\n'};

  private enum State {
    PREAMBLE,
    DELIMITER,
    HEADERS,
    BODY,
    EPILOGUE
  }

  private final byte[] delimiter;
  private final Parts parts;
  private State state = State.PREAMBLE;
  private byte[] window = {'\r', '\n'}; // as if a line had ended: the first delimiter may be first
  private int from;
  private int end = window.length;

  public MultipartParser(String boundary, Parts parts) {
    if (boundary.isEmpty() || boundary.length() > MAX_BOUNDARY) {
      throw HttpException.badRequest(
          "the boundary of a multipart body has 1 to " + MAX_BOUNDARY + " characters");
    }
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.UTF_8);
    this.parts = parts;
  }

  /** Takes more of the body. */
  public void take(byte[] bytes, int length) {
    byte[] next = new byte[end - from + length];
    System.arraycopy(window, from, next, 0, end - from);
    System.arraycopy(bytes, 0, next, end - from, length);
    window = next;
    end = next.length;
    from = 0;
    boolean goesOn = true;
    while (goesOn) {
      goesOn = step();
    }
  }

  /** Passes if the body has ended where it is now. */
  public void finish() {
    if (state != State.EPILOGUE) {
      throw HttpException.badRequest("the multipart body has no end: its last boundary is missing");
    }
  }

  /** Returns whether there may be more to be done with what is there. */
  private boolean step() {
    switch (state) {
      case PREAMBLE, BODY -> {
        return upToDelimiter();
      }
      case DELIMITER -> {
        return afterDelimiter();
      }
      case HEADERS -> {
        return headers();
      }
      default -> {
        from = end; // whatever follows the last one means nothing
        return false;
      }
    }
  }

  private boolean upToDelimiter() {
    int at = indexOf(delimiter, from);
    int sure = at >= 0 ? at : Math.max(from, end - delimiter.length + 1);
    if (state == State.BODY && sure > from) {
      parts.take(window, from, sure - from);
    }
    from = sure;
    if (at < 0) {
      return false;
    }
    if (state == State.BODY) {
      parts.end();
    }
    from = at + delimiter.length;
    state = State.DELIMITER;
    return true;
  }

  /** Two dashes say that it was the last; else there may be white space before the line ends. */
  private boolean afterDelimiter() {
    while (from < end && (window[from] == ' ' || window[from] == '\t')) {
      from++;
    }
    if (end - from < 2) {
      return false;
    }
    if (window[from] == '-' && window[from + 1] == '-') {
      state = State.EPILOGUE;
    } else if (window[from] == '\r' && window[from + 1] == '\n') {
      state = State.HEADERS; // the end of this line is kept: there may be no header
    } else {
      throw HttpException.badRequest("a boundary of the multipart body does not end its line");
    }
    return true;
  }

  private boolean headers() {
    int at = indexOf(HEADERS_END, from);
    if ((at < 0 ? end : at) - from > MAX_HEADER_BYTES) {
      throw HttpException.badRequest(
          "the headers of a part have more than " + MAX_HEADER_BYTES + " bytes");
    }
    if (at < 0) {
      return false;
    }
    Map<String, String> headers = new TreeMap<>();
    String text = new String(window, from, at - from, StandardCharsets.UTF_8);
    for (String line : text.split("\r\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon).trim().toLowerCase(Locale.ROOT);
        headers.put(name, line.substring(colon + 1).trim());
      }
    }
    parts.begin(headers);
    from = at + HEADERS_END.length;
    state = State.BODY;
    return true;
  }

  private int indexOf(byte[] sought, int start) {
    for (int i = start; i <= end - sought.length; i++) {
      int matched = 0;
      while (matched < sought.length && window[i + matched] == sought[matched]) {
        matched++;
      }
      if (matched == sought.length) {
        return i;
      }
    }
    return -1;
  }
}
