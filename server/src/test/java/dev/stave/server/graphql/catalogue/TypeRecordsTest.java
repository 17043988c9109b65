package dev.stave.server.graphql.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPath;
import dev.stave.server.graphql.GraphQL;
import dev.stave.server.graphql.GraphQLRequest;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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

  private static final CatalogueTerms TERMS =
      new CatalogueTerms(JsonPath.parse("type"), 200, 50_000, List.of());

  private GivenTypes given() {
    return new GivenTypes(database, TERMS.typePath(), name -> false, name -> false);
  }

  private void grow(GivenTypes given, ObjectNode body) {
    grow(given, body, database);
  }

  private static void grow(GivenTypes given, ObjectNode body, Database database) {
    Observed seen = new Observed();
    seen.add(body);
    Map<@Nullable String, Observed> shapes = new HashMap<>();
    shapes.put("wide", seen);
    given.grow(database, TERMS, shapes);
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

  /** All that was given, as text. */
  private static String text(GivenTypes given) {
    StringBuilder text = new StringBuilder();
    List<DocumentType> types = given.types();
    types.sort(Comparator.comparingInt(DocumentType::number));
    for (DocumentType type : types) {
      text.append(type.number()).append(' ').append(type.value()).append(' ').append(type.plural());
      add(text.append('\n'), type.members());
    }
    return text.toString();
  }

  private static void add(StringBuilder text, Members members) {
    text.append("type ").append(members.typeName()).append(" {\n");
    members.places().forEach((name, place) -> add(text.append(name), place));
    if (members.entries() != null) {
      add(text.append("entries ").append(members.entryTypeName()), members.entries());
    }
    text.append("}\n");
  }

  private static void add(StringBuilder text, Place place) {
    text.append(": ").append(place.kind()).append(' ').append(place.alias());
    text.append(" object ").append(place.objectAlias()).append(" list ").append(place.listAlias());
    text.append(" value ").append(place.valueAlias()).append('\n');
    if (place.members() != null) {
      add(text, place.members());
    }
    if (place.elements() != null) {
      add(text.append("elements"), place.elements());
    }
  }

  @Test
  void write_oneFieldMoreOfThousands_writesThoseBesideIt() {
    GivenTypes given = given();
    grow(given, wide(200));
    Map<String, String> before = records();
    assertThat(before.values()).allMatch(record -> record.length() < 100_000);

    grow(given, at("part10", "fresh"));

    Map<String, String> after = records();
    assertThat(after.keySet()).containsExactlyElementsOf(before.keySet());
    after.entrySet().removeAll(before.entrySet());
    assertThat(after).hasSizeBetween(1, 2);
    assertThat(String.join("", after.values())).contains("\"fresh\"").hasSizeLessThan(120_000);
  }

  @Test
  void write_asManyPlacesAsARecordHas_isOneRecord() {
    grow(given(), wide(9)); // and the nine themselves: 909
    assertThat(records()).hasSize(1);

    grow(given(), wide(10)); // 1,010
    assertThat(records()).hasSize(2);
  }

  @Test
  void read_typesInManyRecords_areWhatTheyWere() {
    GivenTypes given = given();
    grow(given, wide(200));
    assertThat(text(given())).isEqualTo(text(given));

    GivenTypes again = given();
    for (GivenTypes each : new GivenTypes[] {again, given}) {
      grow(each, at("part10", "fresh"));
      grow(each, at("part11", "object"));
    }
    assertThat(text(given())).isEqualTo(text(again)).isEqualTo(text(given)).contains("fresh");
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
    GivenTypes given = given();
    ObjectNode body = wide(12);
    grow(given, only(wide(12), "part0"));
    body.remove("part0");
    Database closed = Database.inMemory();
    closed.close();

    assertThatThrownBy(() -> grow(given, body, closed)).isInstanceOf(RuntimeException.class);
    grow(given, at("part11", "fresh"));

    assertThat(records().keySet()).anyMatch(id -> id.contains("part"));
    assertThat(text(given())).isEqualTo(text(given));
  }

  @Test
  void read_recordThatIsGone_isGivenAnew() {
    grow(given(), wide(30));
    String part =
        records().keySet().stream().filter(id -> id.contains("part")).findFirst().orElseThrow();
    database.putLocal(part, null);

    GivenTypes given = given();
    grow(given, wide(30));

    assertThat(text(given)).contains("type Wide_part0 ", "type Wide_part28 ");
    assertThat(text(given())).isEqualTo(text(given));
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
    String before = text(given());

    GivenTypes given = given();
    grow(given, at("part3", "fresh"));

    assertThat(records().size()).isGreaterThan(20);
    assertThat(text(given()).replace("fresh: BOOLEAN fresh object  list  value \n", ""))
        .isEqualTo(before);
  }
}
