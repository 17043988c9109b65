package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import graphql.language.FieldDefinition;
import graphql.language.ObjectTypeDefinition;
import graphql.schema.idl.SchemaParser;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the JSON Schemas of a database add to what was seen. */
class DeclaredTest {

  private final Database database = Database.inMemory();

  @AfterEach
  void close() {
    database.close();
  }

  private void schema(String id, String selector, String schema) {
    String body = "{\"stave\":\"schema\"," + selector + "\"schema\":" + schema + "}";
    database.put("stave.schema." + id, JsonObject.parse(body));
  }

  private static final String ORDERS = "\"selector\":{\"type\":\"order\"},";

  private String ask(GraphQL graphql, String query) {
    GraphQLReply reply = graphql.execute(GraphQLRequest.of(query));
    assertThat(reply.errors()).isEmpty();
    return String.valueOf(reply.data());
  }

  @Test
  void field_thatIsDeclaredAndNotSeen_isThere_andMayBeNull() {
    schema(
        "order",
        ORDERS,
        "{\"required\":[\"total\"],\"properties\":{\"total\":{\"type\":\"integer\"},"
            + "\"note\":{\"type\":[\"string\",\"null\"]},\"lines\":{\"items\":{\"properties\":{"
            + "\"sku\":{\"type\":\"string\"}}}}}}");
    database.put("o1", JsonObject.parse("{\"type\":\"order\",\"total\":3}"));
    try (GraphQL graphql = GraphQL.of(database)) {
      assertThat(
              ask(
                  graphql,
                  "{ orders(where: {note: {exists: false}}) { nodes { total note lines { sku } } }"
                      + " }"))
          .isEqualTo("{orders={nodes=[{total=3, note=null, lines=null}]}}");
      assertThat(graphql.sdl()).doesNotContain("total: Number!").contains("total: Number");
    }
  }

  @Test
  void type_thatIsDeclaredAndHasNoDocuments_isThere() {
    schema("order", ORDERS, "{\"properties\":{\"n\":{\"type\":\"number\"}}}");
    try (GraphQL graphql = GraphQL.of(database)) {
      assertThat(ask(graphql, "{ orders { nodes { n } } }")).isEqualTo("{orders={nodes=[]}}");
    }
  }

  @Test
  void schema_thatComesChangesAndGoes_isFollowed_andBreaksNoQuery() {
    try (GraphQL graphql = GraphQL.of(database)) {
      database.put("o1", JsonObject.parse("{\"type\":\"order\"}"));
      schema("order", ORDERS, "{\"properties\":{\"a\":{\"type\":\"string\",\"title\":\"First\"}}}");
      assertThat(ask(graphql, "{ orders { nodes { a } } }")).contains("a=null");
      assertThat(graphql.sdl()).contains("\"First\"");

      Document was = database.get("stave.schema.order").orElseThrow();
      database.put(
          was.id(),
          was.revision(),
          JsonObject.parse(
              "{\"stave\":\"schema\",\"selector\":{\"type\":{\"$eq\":\"order\"}},\"schema\":{"
                  + "\"properties\":{\"b\":{\"enum\":[1,2]},\"a\":{\"title\":\"Second\"}}}}"));
      assertThat(ask(graphql, "{ orders { nodes { a b } } }")).contains("b=null");
      assertThat(graphql.sdl()).doesNotContain("\"First\"").contains("\"Second\"");

      database.delete(was.id(), database.get(was.id()).orElseThrow().revision());
      assertThat(ask(graphql, "{ orders { nodes { a b } } }")).contains("b=null");
      assertThat(graphql.sdl()).doesNotContain("Second");
    }
  }

  @Test
  void schema_ofAllDocuments_holdsForTypesThatComeLater() {
    schema("all", "", "{\"properties\":{\"at\":{\"type\":\"string\",\"format\":\"date-time\"}}}");
    try (GraphQL graphql = GraphQL.of(database)) {
      database.put("k", JsonObject.parse("{\"type\":\"keeper\"}"));
      assertThat(ask(graphql, "{ keepers { nodes { at } } records(first: 0) { nodes { at } } }"))
          .startsWith("{keepers={nodes=[{at=null}]}");
      assertThat(description(graphql, "Keeper", "at")).isEqualTo("Format: date-time.");
    }
  }

  private static List<FieldDefinition> fields(GraphQL graphql, String type) {
    return new SchemaParser()
        .parse(graphql.sdl())
        .getType(type, ObjectTypeDefinition.class)
        .orElseThrow()
        .getFieldDefinitions();
  }

  private static String description(GraphQL graphql, String type, String field) {
    return fields(graphql, type).stream()
        .filter(each -> each.getName().equals(field))
        .findFirst()
        .orElseThrow()
        .getDescription()
        .getContent();
  }

  @Test
  void schema_forSomeDocumentsOnly_orOneThatIsNone_addsNothing() {
    schema(
        "some",
        "\"selector\":{\"n\":{\"$gt\":1}},",
        "{\"properties\":{\"x\":{\"type\":\"string\"}}}");
    schema(
        "two",
        "\"selector\":{\"type\":\"order\",\"n\":1},",
        "{\"properties\":{\"y\":{\"type\":\"string\"}}}");
    database.put("o1", JsonObject.parse("{\"type\":\"order\",\"n\":0}"));
    try (GraphQL graphql = GraphQL.of(database)) {
      assertThat(fields(graphql, "Order"))
          .extracting(FieldDefinition::getName)
          .contains("n")
          .doesNotContain("x", "y");
    }
  }

  @Test
  void schema_inCircles_isBounded() {
    schema(
        "order",
        ORDERS,
        "{\"$defs\":{\"node\":{\"properties\":{\"name\":{\"type\":\"string\"},\"left\":{\"$ref\":"
            + "\"#/$defs/node\"},\"right\":{\"$ref\":\"#/$defs/node\"}},\"allOf\":[{\"$ref\":\"#\"}]}},"
            + "\"properties\":{\"tree\":{\"$ref\":\"#/$defs/node\"}}}");
    database.put(
        "o1",
        JsonObject.parse(
            "{\"type\":\"order\",\"tree\":{\"left\":{\"right\":{\"name\":\"deep\"}}}}"));
    try (GraphQL graphql = GraphQL.of(database)) {
      assertThat(ask(graphql, "{ orders { nodes { tree { left { right { name } } } } } }"))
          .contains("name=deep");
    }
  }

  @Test
  void manyMembersThatAreDeclared_areFieldsAndNoMap() {
    StringBuilder properties = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      properties.append(i == 0 ? "" : ",").append("\"p" + i + "\":{\"type\":\"string\"}");
    }
    schema("order", ORDERS, "{\"properties\":{" + properties + "}}");
    try (GraphQL graphql = GraphQL.of(database)) {
      assertThat(ask(graphql, "{ orders { nodes { p0 p199 } } }")).isEqualTo("{orders={nodes=[]}}");
    }
  }
}
