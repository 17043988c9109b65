package dev.stave.server.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.InvalidJsonException;
import dev.stave.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The members of one JSON object that begin with an underscore, and the object without them.
 *
 * @param values the members with an underscore
 * @param rest the bytes of the object without them, and without white space between the others
 */
record SpecialMembers(Map<String, JsonNode> values, byte[] rest) {

  /** What is over a limit is refused with its place when {@code rest} is read. */
  private static final JsonFactory UNLIMITED =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** Takes a member of the object, which begins and ends there. */
  private interface Taker {
    void take(String name, int start, int valueStart, int end);
  }

  /** If {@code json} is not well formed, {@code rest} is not either. */
  static SpecialMembers of(byte[] json) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    ByteArrayOutputStream rest = new ByteArrayOutputStream(json.length);
    rest.write('{');
    boolean isWhole =
        forEach(
            json,
            (name, start, valueStart, end) -> {
              if (name.startsWith("_")) {
                JsonNode value = value(name, Arrays.copyOfRange(json, valueStart, end));
                if (values.put(name, value) != null) {
                  throw new RefusedDocumentException(
                      "bad_request", "duplicate key: path=/" + name + ", byte=" + start);
                }
              } else {
                if (rest.size() > 1) {
                  rest.write(',');
                }
                rest.write(json, start, end - start);
              }
            });
    if (!isWhole) {
      return new SpecialMembers(Map.of(), json);
    }
    rest.write('}');
    return new SpecialMembers(values, values.isEmpty() ? json : rest.toByteArray());
  }

  /**
   * {@code json} with the same members overwritten with spaces, each with the comma that has become
   * one too many: what is left is still in its place, and an error in it names the byte that the
   * client knows.
   */
  static byte[] blanked(byte[] json) {
    byte[] rest = json.clone();
    int[] endOfLast = {0};
    boolean[] anyKept = {false};
    forEach(
        json,
        (name, start, valueStart, end) -> {
          boolean special = name.startsWith("_");
          if (special) {
            Arrays.fill(rest, start, end, (byte) ' ');
          }
          if (special || !anyKept[0]) {
            blankComma(rest, endOfLast[0], start);
          }
          anyKept[0] |= !special;
          endOfLast[0] = end;
        });
    return rest;
  }

  /** Jackson would read UTF-16 and UTF-32 too, and any text with a byte order mark. */
  private static boolean isUtf8(byte[] json) {
    return json.length > 1 && json[0] > 0 && json[1] != 0;
  }

  /** Returns whether {@code json} is one whole object. */
  private static boolean forEach(byte[] json, Taker taker) {
    if (!isUtf8(json)) {
      return false;
    }
    try (JsonParser parser = UNLIMITED.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      String name;
      while ((name = parser.nextFieldName()) != null) {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.nextToken();
        int valueStart = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        taker.take(name, start, valueStart, (int) parser.currentLocation().getByteOffset());
      }
      return parser.nextToken() == null;
    } catch (JsonProcessingException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a byte array does not fail to be read
    }
  }

  private static JsonNode value(String name, byte[] json) {
    try {
      return JsonObject.parseValue(json);
    } catch (InvalidJsonException e) {
      throw new RefusedDocumentException("bad_request", "in " + name + ": " + e.getMessage());
    }
  }

  private static void blankComma(byte[] rest, int from, int to) {
    for (int i = from; i < to; i++) {
      if (rest[i] == ',') {
        rest[i] = ' ';
      }
    }
  }
}
