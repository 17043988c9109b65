package dev.stave.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.InvalidJsonException;
import dev.stave.json.JsonObject;
import java.nio.charset.StandardCharsets;

/** The text of a query and a place in it: reads names, strings and numbers. For one thread. */
final class QueryText {

  /** RFC 9535: integers are those of I-JSON. */
  private static final long MAX_INTEGER = (1L << 53) - 1;

  private final String text;
  private int at;

  QueryText(String text) {
    this.text = text;
  }

  /** The character at hand; NUL behind the end, which no grammar here has. */
  char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  boolean isAtEnd() {
    return at == text.length();
  }

  int place() {
    return at;
  }

  void goBackTo(int place) {
    at = place;
  }

  /** Goes past {@code token} if it is here. */
  boolean take(String token) {
    boolean here = text.startsWith(token, at);
    at += here ? token.length() : 0;
    return here;
  }

  void expect(String token) {
    if (!take(token)) {
      throw wrong("expected " + token);
    }
  }

  void skipBlanks() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  NodeQueryException wrong(String what) {
    String rest = text.substring(at, Math.min(text.length(), at + 20));
    return new NodeQueryException(
        "not a JSONPath: " + what, "at", at, "before", rest.isEmpty() ? "(end)" : rest);
  }

  /** A name after a dot: letters, digits, underscore, all beyond ASCII; no digit first. */
  String shorthandName() {
    int from = at;
    while (at < text.length() && (isNameStart(peek()) || (at > from && isDigit(peek())))) {
      checkSurrogate();
      at++;
    }
    if (at == from) {
      throw wrong("expected a name or *");
    }
    return text.substring(from, at);
  }

  /** Refuses half a character; goes to the second half of a whole one. */
  private void checkSurrogate() {
    if (Character.isSurrogate(peek())) {
      if (!Character.isSurrogatePair(peek(), at + 1 < text.length() ? text.charAt(at + 1) : ' ')) {
        throw wrong("lone surrogate");
      }
      at++;
    }
  }

  private static boolean isNameStart(char c) {
    return c >= 0x80 || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** A function's name; empty if there is none here. */
  String functionName() {
    int from = at;
    while (peek() >= 'a' && peek() <= 'z' || (at > from && (peek() == '_' || isDigit(peek())))) {
      at++;
    }
    return text.substring(from, at);
  }

  boolean isAtInteger() {
    return isDigit(peek()) || peek() == '-';
  }

  long integer() {
    int from = at;
    take("-");
    digits();
    String number = text.substring(from, at);
    if (number.equals("-0") || number.replace("-", "").matches("0.+")) {
      at = from;
      throw wrong("an integer has no leading zero, and zero no sign");
    }
    if (number.length() > 17 || Math.abs(Long.parseLong(number)) > MAX_INTEGER) {
      at = from;
      throw wrong("an integer is within 2^53-1");
    }
    return Long.parseLong(number);
  }

  private void digits() {
    int from = at;
    while (isDigit(peek())) {
      at++;
    }
    if (at == from) {
      throw wrong("expected a digit");
    }
  }

  /** As in JSON, but that it is told from what follows by the grammar here. */
  JsonNode number() {
    int from = at;
    take("-");
    digits();
    if (take(".")) {
      digits();
    }
    if (take("e") || take("E")) {
      if (!take("-")) {
        take("+");
      }
      digits();
    }
    try {
      return JsonObject.parseValue(text.substring(from, at).getBytes(StandardCharsets.UTF_8));
    } catch (InvalidJsonException e) {
      at = from;
      throw wrong("a number that no document has");
    }
  }

  boolean isAtString() {
    return peek() == '\'' || peek() == '"';
  }

  String string() {
    char quote = peek();
    at++;
    StringBuilder string = new StringBuilder();
    while (peek() != quote || isAtEnd()) {
      if (isAtEnd() || peek() < ' ') {
        throw wrong(isAtEnd() ? "the string does not end" : "control character in a string");
      }
      if (take("\\")) {
        escaped(quote, string);
      } else {
        int from = at;
        checkSurrogate();
        at++;
        string.append(text, from, at);
      }
    }
    at++;
    return string.toString();
  }

  private void escaped(char quote, StringBuilder string) {
    char c = peek();
    int letter = "bfnrt/\\".indexOf(c);
    if (c == quote && !isAtEnd()) {
      string.append(c);
      at++;
    } else if (letter >= 0) {
      string.append("\b\f\n\r\t/\\".charAt(letter));
      at++;
    } else if (take("u")) {
      char first = hexadecimal();
      string.append(first);
      if (Character.isHighSurrogate(first)) {
        expect("\\u");
        char second = hexadecimal();
        if (!Character.isLowSurrogate(second)) {
          throw wrong("lone surrogate");
        }
        string.append(second);
      } else if (Character.isLowSurrogate(first)) {
        throw wrong("lone surrogate");
      }
    } else {
      throw wrong("no such escape");
    }
  }

  private char hexadecimal() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = peek() < 0x80 ? Character.digit(peek(), 16) : -1;
      if (digit < 0) {
        throw wrong("expected four hexadecimal digits");
      }
      value = value << 4 | digit;
      at++;
    }
    return (char) value;
  }
}
