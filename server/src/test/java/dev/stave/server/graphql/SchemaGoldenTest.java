package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.server.sample.SampleData;
import graphql.schema.idl.SchemaParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The whole schema of some data, as two files: what every schema has, and what comes of the data.
 * Where it is another one by intent, the file of the same name in {@code target/golden} takes its
 * place.
 */
class SchemaGoldenTest {

  private static final String FIXED = "fixed";

  /** A type that every schema has, and that grows. */
  private static final Pattern OF_DATA =
      Pattern.compile("(?m)^(type|input) (Query|Subscription|Record\\w*)\\b");

  /** As many paths as each of these has at least. */
  private static final int COMPAT_PATHS = 30_000;

  static final List<String> NASTY =
      List.of(
          "",
          " ",
          "naïve",
          "灯台",
          "🗼",
          "1st",
          "say \"hi\"",
          "a.b",
          "$ref",
          "__typename",
          "__x",
          "_id",
          "_json",
          "_and",
          "Case",
          "case",
          "CASE",
          "a-b",
          "a b",
          "a[]",
          "*",
          "**",
          "\\",
          "\n",
          "null",
          "true",
          "fragment",
          "Case_value",
          "x".repeat(10_000));

  @Test
  void sdl_ofLighthouses() throws IOException {
    check("lighthouses", database -> database.write(SampleData.documents()));
  }

  @Test
  void sdl_ofNamesThatAreData_isSmall() throws IOException {
    check(
        "compat",
        database -> {
          CompatData.write(database, 300);
          assertThat(database.shape().paths().size()).isGreaterThan(COMPAT_PATHS);
        });
  }

  @Test
  void sdl_ofNastyNames() throws IOException {
    check("nasty-names", SchemaGoldenTest::writeNasty);
  }

  static void writeNasty(Database database) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode inside = body.putObject("inside");
    for (int i = 0; i < NASTY.size(); i++) {
      inside.put(NASTY.get(i), i);
      if (!NASTY.get(i).startsWith("_")) {
        body.put(NASTY.get(i), i);
      }
    }
    database.put("nasty", JsonObject.of(body));
    for (String type : List.of("fog-signal", "fog signal", "Query", "string", "", "🗼", "4x4")) {
      ObjectNode typed = JsonNodeFactory.instance.objectNode().put("type", type).put("n", 1);
      database.put("of " + type, JsonObject.of(typed));
    }
  }

  @Test
  void sdl_ofMixedTypes() throws IOException {
    check(
        "mixed",
        database -> {
          List<String> values =
              List.of(
                  "1", "\"a\"", "true", "null", "{\"x\":1}", "[1,2]", "[\"a\",{\"y\":1}]", "[[1]]");
          int number = 0;
          for (String one : values) {
            for (String other : values) {
              String name = "m" + values.indexOf(one) + "_" + values.indexOf(other);
              database.put("a" + number, JsonObject.parse("{\"" + name + "\":" + one + "}"));
              database.put("b" + number++, JsonObject.parse("{\"" + name + "\":" + other + "}"));
            }
          }
          database.put("empty", JsonObject.parse("{\"o\":{},\"l\":[],\"ll\":[[],[]],\"n\":null}"));
        });
  }

  @Test
  void sdl_ofJsonSchemas_hasWhatTheyDeclare() throws IOException {
    check(
        "declared",
        database -> {
          database.put(
              "stave.schema.order",
              JsonObject.parse(
                  """
                  {"stave": "schema", "selector": {"type": "order"}, "schema": {
                    "title": "An order", "description": "What somebody buys.",
                    "required": ["state", "total"],
                    "$defs": {"address": {"type": "object", "properties": {
                      "city": {"type": "string", "title": "City"}, "zip code": {"type": "string"}}}},
                    "properties": {
                      "state": {"enum": ["open", "paid", "sent"], "description": "How far it is."},
                      "total": {"type": "number", "minimum": 0},
                      "placed": {"type": "string", "format": "date-time"},
                      "gift": {"type": ["boolean", "null"]},
                      "either": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
                      "to": {"$ref": "#/$defs/address"},
                      "bill": {"allOf": [{"$ref": "#/$defs/address"}], "title": "Who pays"},
                      "lines": {"type": "array", "items": {"properties": {
                        "sku": {"type": "string"}, "count": {"type": "integer", "const": 1}}}}}}}\
                  """));
          database.put(
              "o1",
              JsonObject.parse("{\"type\":\"order\",\"state\":\"open\",\"total\":1,\"extra\":1}"));
        });
  }

  @Test
  void sdl_ofNoDocuments_isWhatEverySchemaHas() throws IOException {
    try (Database database = Database.inMemory();
        GraphQL graphql = GraphQL.of(database)) {
      List<String> blocks = blocks(graphql.sdl());
      blocks.removeIf(block -> OF_DATA.matcher(block).find());

      assertGolden(FIXED, blocks);
    }
  }

  private static void check(String name, Consumer<Database> fill) throws IOException {
    try (Database database = Database.inMemory()) {
      fill.accept(database);
      try (GraphQL graphql = GraphQL.of(database)) {
        String sdl = graphql.sdl();
        List<String> ofData = blocks(sdl);
        ofData.removeAll(blocks(expected(FIXED)));

        assertThat(new SchemaParser().parse(sdl).types()).isNotEmpty();
        assertThat(blocks(sdl)).containsAll(blocks(expected(FIXED)));
        assertGolden(name, ofData);
      }
    }
  }

  /** A type each, with what is said of it. */
  private static List<String> blocks(String sdl) {
    return new ArrayList<>(List.of(sdl.strip().split("\n\n")));
  }

  private static void assertGolden(String name, List<String> blocks) throws IOException {
    String actual = String.join("\n\n", blocks) + "\n";
    Path folder = Files.createDirectories(Path.of("target", "golden"));
    Files.writeString(folder.resolve(name + ".graphql"), actual);
    assertThat(actual).isEqualTo(expected(name));
  }

  private static String expected(String name) throws IOException {
    try (InputStream file = SchemaGoldenTest.class.getResourceAsStream(name + ".graphql")) {
      return file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
