package dev.stave.server.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.InvalidJsonException;
import dev.stave.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The members of one JSON object that begin with an underscore, and the object without them.
 *
 * <p>They are overwritten with spaces, each with the comma that has become one too many, so that
 * what is left is still in its place and an error in it names the byte that the client knows.
 *
 * @param values the members with an underscore
 * @param rest the bytes of the object without them
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

  /** If {@code json} is not well formed, {@code rest} is not either, in the same place. */
  static SpecialMembers of(byte[] json) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    byte[] rest = json.clone();
    try (JsonParser parser = UNLIMITED.createParser(json)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        blank(parser, json, rest, values);
      }
      return new SpecialMembers(values, rest);
    } catch (JsonProcessingException e) {
      return new SpecialMembers(Map.of(), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a byte array does not fail to be read
    }
  }

  private static void blank(
      JsonParser parser, byte[] json, byte[] rest, Map<String, JsonNode> values)
      throws IOException {
    int endOfLast = 0;
    boolean anyKept = false;
    String name;
    while ((name = parser.nextFieldName()) != null) {
      int start = (int) parser.currentTokenLocation().getByteOffset();
      parser.nextToken();
      int valueStart = (int) parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      parser.finishToken();
      int end = (int) parser.currentLocation().getByteOffset();
      boolean special = name.startsWith("_");
      if (special) {
        JsonNode value = value(name, Arrays.copyOfRange(json, valueStart, end));
        if (values.put(name, value) != null) {
          throw new RefusedDocumentException(
              "bad_request", "duplicate key: path=/" + name + ", byte=" + start);
        }
        Arrays.fill(rest, start, end, (byte) ' ');
      }
      if (special || !anyKept) {
        blankComma(rest, endOfLast, start);
      }
      anyKept |= !special;
      endOfLast = end;
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
