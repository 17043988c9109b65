package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a type of many fields leaves in the database, and what of that is read again. */
class TypeRecordsTest {

  private static final String OWN = "stave.graphql-types-";

  private final Database database = Database.inMemory();

  @AfterEach
  void close() {
    database.close();
  }

  private Catalogue catalogue() {
    return new Catalogue(database, GraphQLOptions.DEFAULT.typePath(), name -> false, name -> false);
  }

  private void grow(Catalogue catalogue, ObjectNode body) {
    grow(catalogue, body, database);
  }

  private static void grow(Catalogue catalogue, ObjectNode body, Database database) {
    Observed seen = new Observed();
    seen.add(body);
    Map<@Nullable String, Observed> shapes = new HashMap<>();
    shapes.put("wide", seen);
    catalogue.grow(database, GraphQLOptions.DEFAULT, shapes);
  }

  /** Objects of 100 fields each, in objects and in lists. */
  private static ObjectNode wide(int objects) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < objects; i++) {
      ObjectNode inside =
          i % 2 == 0 ? body.putObject("part" + i) : body.putArray("part" + i).addObject();
      for (int field = 0; field < 100; field++) {
        inside.put("field-" + field, field);
      }
    }
    return body;
  }

  private static ObjectNode at(String part, String field) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject(part).put(field, true);
    return body;
  }

  private Map<String, String> records() {
    Map<String, String> records = new LinkedHashMap<>();
    database.forEachLocal(
        new IdRange(OWN, OWN + "~", false),
        (id, body) -> {
          records.put(id, body.toString());
          return true;
        });
    return records;
  }

  private static String sdl(Catalogue catalogue) {
    return new graphql.schema.idl.SchemaPrinter()
        .print(new SchemaAssembly(GraphQLOptions.DEFAULT).schema(catalogue, true));
  }

  @Test
  void write_oneFieldMoreOfThousands_writesThoseBesideIt() {
    Catalogue catalogue = catalogue();
    grow(catalogue, wide(200));
    Map<String, String> before = records();
    assertThat(before.values()).allMatch(record -> record.length() < 100_000);

    grow(catalogue, at("part10", "fresh"));

    Map<String, String> after = records();
    assertThat(after.keySet()).containsExactlyElementsOf(before.keySet());
    after.entrySet().removeAll(before.entrySet());
    assertThat(after).hasSizeBetween(1, 2);
    assertThat(String.join("", after.values())).contains("\"fresh\"").hasSizeLessThan(120_000);
  }

  @Test
  void write_asManyPlacesAsARecordHas_isOneRecord() {
    grow(catalogue(), wide(9)); // and the nine themselves: 909
    assertThat(records()).hasSize(1);

    grow(catalogue(), wide(10)); // 1,010
    assertThat(records()).hasSize(2);
  }

  @Test
  void read_typesInManyRecords_areWhatTheyWere() {
    Catalogue catalogue = catalogue();
    grow(catalogue, wide(200));
    assertThat(sdl(catalogue())).isEqualTo(sdl(catalogue));

    Catalogue again = catalogue();
    for (Catalogue each : new Catalogue[] {again, catalogue}) {
      grow(each, at("part10", "fresh"));
      grow(each, at("part11", "object"));
    }
    assertThat(sdl(catalogue())).isEqualTo(sdl(again)).isEqualTo(sdl(catalogue)).contains("fresh");
  }

  private static ObjectNode only(ObjectNode body, String member) {
    return body.retain(member);
  }

  private void put(String id, String type, ObjectNode body) {
    database.put(id + type, JsonObject.of(body.put("type", type)));
  }

  /** It has to look at all that was committed, since it knows no such field. */
  private static void look(GraphQL graphql) {
    assertThat(graphql.execute(GraphQLRequest.of("{ none }")).errors()).isNotEmpty();
  }

  /** One looks in between, so that to the other another object is the largest from the first. */
  @Test
  void read_typesThatTwoGraphQLsGave_areWhatBothHad() {
    String schema;
    try (GraphQL one = GraphQL.of(database);
        GraphQL other = GraphQL.of(database)) {
      for (int i = 0; i < 12; i++) {
        String type = "wide" + i;
        look(other);
        put("a", type, wide(12));
        look(one);
        put("b", type, at("part10", "fresh"));
        look(other);
        put("c", type, at("part0", "more"));
        look(one);
        look(other);
      }
      schema = one.sdl();
      assertThat(other.sdl()).isEqualTo(schema);
    }
    try (GraphQL again = GraphQL.of(database)) {
      assertThat(again.sdl()).isEqualTo(schema);
    }
  }

  @Test
  void join_whenAllHaveLeft_readsWhatIsThere() {
    database.put("a", JsonObject.parse("{\"type\":\"wide\",\"n\":1}"));
    GraphQL one = GraphQL.of(database);
    GraphQL.of(database).close();
    one.close();
    one.close();
    records().keySet().forEach(id -> database.putLocal(id, null));
    database.delete("a", database.get("a").orElseThrow().revision());

    try (GraphQL again = GraphQL.of(database)) {
      assertThat(again.sdl()).doesNotContain("type Wide");
    }
  }

  @Test
  void write_thatFailedOnce_isMadeUpFor() {
    Catalogue catalogue = catalogue();
    ObjectNode body = wide(12);
    grow(catalogue, only(wide(12), "part0"));
    body.remove("part0");
    Database closed = Database.inMemory();
    closed.close();

    assertThatThrownBy(() -> grow(catalogue, body, closed)).isInstanceOf(RuntimeException.class);
    grow(catalogue, at("part11", "fresh"));

    assertThat(records().keySet()).anyMatch(id -> id.contains("part"));
    assertThat(sdl(catalogue())).isEqualTo(sdl(catalogue));
  }

  @Test
  void read_recordThatIsGone_isGivenAnew() {
    grow(catalogue(), wide(30));
    String part =
        records().keySet().stream().filter(id -> id.contains("part")).findFirst().orElseThrow();
    database.putLocal(part, null);

    Catalogue catalogue = catalogue();
    grow(catalogue, wide(30));

    assertThat(sdl(catalogue)).contains("type Wide_part0 ", "type Wide_part28 ");
    assertThat(sdl(catalogue())).isEqualTo(sdl(catalogue));
  }

  @Test
  void read_typeInOneRecordAsItWasWrittenBefore_isSplitWhenItGrows() {
    ObjectNode members = JsonNodeFactory.instance.objectNode().put("type", "Wide");
    ObjectNode fields = members.putObject("fields");
    for (int i = 0; i < 40; i++) {
      ObjectNode place = fields.putObject("part" + i).put("kind", "OBJECT");
      ObjectNode inside = place.putObject("members").put("type", "Wide_part" + i);
      ObjectNode below = inside.putObject("fields");
      for (int field = 0; field < 100; field++) {
        below.put("f" + field, "NUMBER");
      }
    }
    ObjectNode type =
        JsonNodeFactory.instance.objectNode().put("value", "wide").put("plural", "wides");
    type.set("members", members);
    String id = OWN + Names.sha256("type").substring(0, 8) + "-000001";
    database.putLocal(id, JsonObject.of(type));
    String before = sdl(catalogue());

    Catalogue catalogue = catalogue();
    grow(catalogue, at("part3", "fresh"));

    assertThat(records().size()).isGreaterThan(20);
    assertThat(
            sdl(catalogue())
                .replace("  fresh: Boolean\n", "")
                .replace("  fresh: BooleanWhere\n", ""))
        .isEqualTo(before);
  }
}
