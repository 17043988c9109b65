package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GraphQLTest {

  private final Database database = Database.inMemory();
  private final GraphQL graphql = GraphQL.of(database);

  @AfterEach
  void close() {
    graphql.close();
    database.close();
  }

  private RevisionId put(String id, String json) {
    return database.put(id, JsonObject.parse(json));
  }

  private GraphQLReply ask(String query) {
    return graphql.execute(GraphQLRequest.of(query));
  }

  private static String codeOf(GraphQLReply reply) {
    assertThat(reply.errors()).hasSize(1);
    return reply.code().orElseThrow().name();
  }

  @Test
  void execute_documentById_givesIdRevisionAndBody() {
    RevisionId revision = put("d-1", "{\"a\":{\"b\":[1,2.50]}}");

    GraphQLReply reply =
        ask("{ document(id: \"d-1\") { __typename _id _revision _json _get(path: \"a.b.1\") } }");

    assertThat(reply.errors()).isEmpty();
    assertThat(reply.isExecuted()).isTrue();
    assertThat(reply.data())
        .isEqualTo(
            Map.of(
                "document",
                Map.of(
                    "__typename",
                    "Record",
                    "_id",
                    "d-1",
                    "_revision",
                    revision.toString(),
                    "_json",
                    Map.of("a", Map.of("b", List.of(1, new BigDecimal("2.50")))),
                    "_get",
                    new BigDecimal("2.50"))));
  }

  @Test
  void execute_documentThatIsNot_givesNull() {
    GraphQLReply reply = ask("{ document(id: \"none\") { _id } }");

    assertThat(reply.body()).containsOnlyKeys("data");
    assertThat(reply.data()).isEqualTo(Collections.singletonMap("document", null));
  }

  @Test
  void execute_idThatNoDocumentHas_isABadRequest() {
    GraphQLReply reply = ask("{ document(id: \"_x\") { _id } }");

    assertThat(reply.isExecuted()).isTrue();
    assertThat(codeOf(reply)).isEqualTo("BAD_REQUEST");
  }

  @Test
  void execute_idThatNoDocumentHas_besideOneThatIs_failsAlone() {
    put("ok", "{}");

    GraphQLReply reply = ask("{ a: document(id: \"_x\") { _id } b: document(id: \"ok\") { _id } }");

    assertThat(codeOf(reply)).isEqualTo("BAD_REQUEST");
    assertThat(reply.data()).hasToString("{a=null, b={_id=ok}}");
  }

  @Test
  void execute_hugeNumbers_keepEveryDigit() {
    put("n", "{\"whole\":123456789012345678901234567890,\"part\":0.10000000000000000000000001}");

    GraphQLReply reply =
        ask("{ document(id: \"n\") { w: _get(path: \"whole\") p: _get(path: \"part\") } }");

    assertThat(reply.data())
        .isEqualTo(
            Map.of(
                "document",
                Map.of(
                    "w",
                    new BigInteger("123456789012345678901234567890"),
                    "p",
                    new BigDecimal("0.10000000000000000000000001"))));
  }

  @Test
  void execute_selectorAsLiteralAndAsVariable_findTheSame() {
    put("a", "{\"n\":9007199254740993}");
    put("b", "{\"n\":9007199254740992}");

    GraphQLReply literal =
        ask("{ documents(selector: {n: 9007199254740993}) { nodes { _id } totalCount } }");
    GraphQLReply variable =
        graphql.execute(
            GraphQLRequest.of(
                    "query ($s: JSON) { documents(selector: $s) { nodes { _id } totalCount } }")
                .variables(Map.of("s", Map.of("n", 9007199254740993L))));

    assertThat(literal.data())
        .isEqualTo(
            Map.of("documents", Map.of("nodes", List.of(Map.of("_id", "a")), "totalCount", 1)));
    assertThat(variable.data()).isEqualTo(literal.data());
  }

  @Test
  void execute_pagesByCursor_whileDocumentsAreWritten_giveEachOnce() {
    for (int i = 0; i < 10; i++) {
      put("d" + i, "{\"n\":" + i + "}");
    }

    List<Object> seen = new ArrayList<>();
    Object cursor = null;
    boolean hasNext = true;
    while (hasNext) {
      GraphQLReply reply =
          graphql.execute(
              GraphQLRequest.of(
                      "query ($c: String) { documents(first: 3, after: $c, orderBy: {path: \"n\"})"
                          + " { edges { cursor node { _id } } pageInfo { hasNextPage endCursor } }"
                          + " }")
                  .variables(cursor == null ? Map.of() : Map.of("c", cursor)));
      assertThat(reply.errors()).isEmpty();
      Map<?, ?> page = (Map<?, ?>) ((Map<?, ?>) reply.data()).get("documents");
      for (Object edge : (List<?>) page.get("edges")) {
        seen.add(((Map<?, ?>) ((Map<?, ?>) edge).get("node")).get("_id"));
        cursor = ((Map<?, ?>) edge).get("cursor");
      }
      Map<?, ?> info = (Map<?, ?>) page.get("pageInfo");
      assertThat(info.get("endCursor")).isEqualTo(cursor);
      hasNext = (Boolean) info.get("hasNextPage");
      put("before" + seen.size(), "{\"n\":-1}");
    }

    assertThat(seen).containsExactly("d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9");
  }

  @Test
  void execute_descendingOrder_beginsWithTheGreatest() {
    put("a", "{\"n\":1}");
    put("b", "{\"n\":2}");

    GraphQLReply reply =
        ask("{ documents(orderBy: [{path: \"n\", direction: DESC}]) { nodes { _id } } }");

    assertThat(reply.data())
        .isEqualTo(
            Map.of("documents", Map.of("nodes", List.of(Map.of("_id", "b"), Map.of("_id", "a")))));
  }

  @Test
  void execute_explain_tellsThatTheIndexWasAsked() {
    put("a", "{\"n\":1}");

    GraphQLReply reply =
        ask("{ documents(selector: {n: 1}) { explain { plan documentsRead returned } } }");

    assertThat(reply.errors()).isEmpty();
    assertThat(reply.data().toString())
        .contains("access=index")
        .contains("documentsRead=1")
        .contains("returned=1");
  }

  @Test
  void execute_textThatIsNoGraphQL_isNotExecuted() {
    GraphQLReply reply = ask("{ document(");

    assertThat(reply.isExecuted()).isFalse();
    assertThat(reply.body()).containsOnlyKeys("errors");
    assertThat(codeOf(reply)).isEqualTo("GRAPHQL_PARSE_FAILED");
  }

  @Test
  void execute_unknownField_isNotExecuted() {
    GraphQLReply reply = ask("{ nothing }");

    assertThat(reply.isExecuted()).isFalse();
    assertThat(codeOf(reply)).isEqualTo("GRAPHQL_VALIDATION_FAILED");
  }

  @Test
  void execute_fragmentsInACircle_areRefused() {
    GraphQLReply reply =
        ask(
            "{ document(id: \"a\") { ...A } } fragment A on Document { ...B }"
                + " fragment B on Document { ...A }");

    assertThat(reply.isExecuted()).isFalse();
    assertThat(reply.errors()).isNotEmpty();
  }

  @Test
  void execute_badSelectorAndBadCursor_sayWhat() {
    GraphQLReply selector = ask("{ documents(selector: {a: {_x: 1}, b: 7}) { totalCount } }");
    GraphQLReply operator =
        graphql.execute(
            GraphQLRequest.of("query ($s: JSON) { documents(selector: $s) { totalCount } }")
                .variables(Map.of("s", Map.of("a", Map.of("$nope", 1)))));
    GraphQLReply cursor = ask("{ documents(after: \"?\") { nodes { _id } } }");

    assertThat(selector.errors()).isEmpty();
    assertThat(codeOf(operator)).isEqualTo("INVALID_SELECTOR");
    assertThat(operator.errors().get(0).get("message").toString()).contains("$nope");
    assertThat(codeOf(cursor)).isEqualTo("BAD_REQUEST");
  }

  @Test
  void execute_pathsThatAreNone_sayWhichAndWhere() {
    database.put("p", JsonObject.parse("{\"type\":\"p\",\"a[\":1,\"l\":[[2]]}"));
    for (String bad : List.of("a[", "[", "a[0]", "a]", "[]a", "x.a[.y")) {
      for (String field :
          List.of(
              "ps(orderBy: {path: PATH}) { nodes { _id } }",
              "psAggregate { distinct(path: PATH) }",
              "psAggregate { groupBy(path: PATH) { count } }",
              "psAggregate { groupBy(path: \"a\", of: PATH) { count } }",
              "document(id: \"p\") { _get(path: PATH) }")) {
        GraphQLReply reply = ask("{ " + field.replace("PATH", "\"" + bad + "\"") + " }");
        assertThat(reply.errors()).as("%s in %s", bad, field).hasSize(1);
        assertThat(codeOf(reply)).isEqualTo("BAD_REQUEST");
        assertThat(reply.errors().get(0).get("message").toString()).contains("path=" + bad + ",");
      }
    }

    assertThat(
            ask("{ document(id: \"p\") { a: _get(path: \"a\\\\[\") b: _get(path: \"l[][]\") } }")
                .data()
                .toString())
        .isEqualTo("{document={a=1, b=2}}");
  }

  /** GraphQL has no names with a dollar, so that no literal object is a selector. */
  @Test
  void execute_selectorAsText_isTheSelector() {
    database.put("x1", JsonObject.parse("{\"type\":\"star\",\"year\":1910}"));
    database.put("x2", JsonObject.parse("{\"type\":\"star\",\"year\":1890}"));
    String text = "\"{\\\"year\\\": {\\\"$gt\\\": 1900}}\"";

    for (String field : List.of("documents", "stars")) {
      GraphQLReply reply = ask("{ " + field + "(selector: " + text + ") { nodes { _id } } }");
      assertThat(reply.errors()).isEmpty();
      assertThat(reply.data().toString()).contains("x1").doesNotContain("x2");
    }
    assertThat(ask("{ starsAggregate(selector: " + text + ") { count } }").data().toString())
        .isEqualTo("{starsAggregate={count=1}}");
    assertThat(codeOf(ask("{ documents(selector: \"{year\") { totalCount } }")))
        .isEqualTo("INVALID_SELECTOR");
  }

  /** Only the first had an error: the null of another looked like a value that is not there. */
  @Test
  void execute_fieldThatFailsInManyPlaces_hasAnErrorForEach_upToAHundred() {
    for (int i = 0; i < 300; i++) {
      database.put("e" + i, JsonObject.parse("{\"type\":\"e\"}"));
    }
    List<Map<String, Object>> few = ask(badIn(3)).errors();
    assertThat(few).hasSize(3);
    assertThat(few.get(2).get("path")).isEqualTo(List.of("es", "nodes", 2, "_get"));

    List<Map<String, Object>> hundred = ask(badIn(100)).errors();
    assertThat(hundred).hasSize(100);
    assertThat(hundred.get(99)).containsKey("path");
    List<Map<String, Object>> many = ask(badIn(101)).errors();
    assertThat(many).hasSize(101);
    assertThat(many.get(100).get("message")).isEqualTo("and 1 more errors, which are not listed");
  }

  private static String badIn(int documents) {
    return "{ es(first: " + documents + ") { nodes { _get(path: \"a[0]\") } } }";
  }

  @Test
  void execute_numberOfThousandsOfDigits_isRefusedAndNotToldBack() {
    String digits = "7".repeat(100_000);
    for (String query :
        List.of(
            "{ documents(first: " + digits + ") { nodes { _id } } }",
            "{ documents(selector: {a: " + digits + "}) { nodes { _id } } }",
            "{ documents(selector: {a: 1." + digits + "}) { nodes { _id } } }")) {
      GraphQLReply reply = ask(query);

      assertThat(codeOf(reply)).isEqualTo("BAD_REQUEST");
      assertThat(reply.errors().toString()).contains("at=").hasSizeLessThan(200);
    }
    String most = "7".repeat(1_000);
    for (String query :
        List.of(
            "{ documents(selector: {a: " + most + "}) { totalCount } }",
            "{ documents(selector: {a: \"" + digits + "\"}) { totalCount } }",
            "{ documents(selector: {a: \"\\\\\\\"" + digits + "\"}) { totalCount } }",
            "{ documents(selector: {a: \"\"\"\" \\\"\"\"" + digits + "\"\"\"}) { totalCount } }",
            "{ documents { totalCount } } # " + digits)) {
      assertThat(ask(query).errors()).as(query.substring(0, 40)).isEmpty();
    }
    assertThat(codeOf(ask("{ documents(selector: {b: \"\", a: " + most + "7}) { totalCount } }")))
        .isEqualTo("BAD_REQUEST");
    String longText = "{ documents(orderBy: \"" + digits + "\") { totalCount } }";
    assertThat(ask(longText).errors().toString()).hasSizeLessThan(RequestErrors.MAX_MESSAGE + 200);
  }

  @Test
  void execute_variableThatDoesNotFit_isABadRequest() {
    GraphQLReply reply =
        graphql.execute(
            GraphQLRequest.of("query ($n: Int!) { documents(first: $n) { totalCount } }")
                .variables(Map.of("n", "many")));

    assertThat(reply.isExecuted()).isFalse();
    assertThat(codeOf(reply)).isEqualTo("BAD_REQUEST");
  }

  @Test
  void execute_severalOperations_runsTheOneThatIsNamed() {
    String two = "query A { __typename } query B { a: __typename }";

    assertThat(graphql.execute(GraphQLRequest.of(two).operation("B")).data())
        .isEqualTo(Map.of("a", "Query"));
    assertThat(codeOf(ask(two))).isEqualTo("BAD_REQUEST");
    assertThat(codeOf(graphql.execute(GraphQLRequest.of(two).operation("C"))))
        .isEqualTo("BAD_REQUEST");
  }

  @Test
  void execute_faultOfTheServer_tellsNothingOfItsInside() {
    database.close();

    GraphQLReply reply = ask("{ document(id: \"a\") { _id } }");

    assertThat(codeOf(reply)).isEqualTo("INTERNAL");
    assertThat(reply.errors().toString()).doesNotContain("Exception").doesNotContain("dev.stave");
  }
}
