package dev.stave.server.documents;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.stave.json.JsonObject;
import dev.stave.server.exchange.HttpException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code _bulk_docs}, taken apart. Each document stays the bytes that it is, so that it
 * is read once, as strictly as a document sent alone, and may be as deep.
 */
record BulkDocs(List<byte[]> documents, boolean newEdits) {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .build())
          .build();

  static BulkDocs parse(byte[] json) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw HttpException.badRequest("Request body must be a JSON object");
      }
      return members(parser, json);
    } catch (JsonProcessingException e) {
      JsonObject.parse(json); // fails, and says why and where as for any other body
      throw HttpException.badRequest(e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a byte array does not fail to be read
    }
  }

  private static BulkDocs members(JsonParser parser, byte[] json) throws IOException {
    List<byte[]> documents = null;
    boolean newEdits = true;
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken value = parser.nextToken();
      switch (name) {
        case "docs" -> documents = documents(value, parser, json, documents);
        case "new_edits" -> newEdits = flag(name, value);
        case "all_or_nothing" -> {
          if (flag(name, value)) {
            throw HttpException.notImplemented("all_or_nothing");
          }
        }
        default -> parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      throw HttpException.badRequest("something follows the end of the JSON value");
    }
    if (documents == null) {
      throw HttpException.badRequest("POST body must include `docs` parameter.");
    }
    return new BulkDocs(documents, newEdits);
  }

  private static boolean flag(String name, JsonToken value) {
    if (!value.isBoolean()) {
      throw HttpException.badRequest("`" + name + "` must be true or false.");
    }
    return value == JsonToken.VALUE_TRUE;
  }

  private static List<byte[]> documents(
      JsonToken value, JsonParser parser, byte[] json, @Nullable List<byte[]> before)
      throws IOException {
    if (before != null) {
      throw HttpException.badRequest("duplicate key: path=/docs");
    }
    if (value != JsonToken.START_ARRAY) {
      throw HttpException.badRequest("`docs` parameter must be an array.");
    }
    List<byte[]> documents = new ArrayList<>();
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      if (token != JsonToken.START_OBJECT) {
        throw HttpException.badRequest(
            "Document must be a JSON object: path=/docs/" + documents.size());
      }
      int start = (int) parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      int end = (int) parser.currentLocation().getByteOffset();
      documents.add(Arrays.copyOfRange(json, start, end));
    }
    return documents;
  }
}
