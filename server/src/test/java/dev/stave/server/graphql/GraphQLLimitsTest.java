package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import graphql.introspection.IntrospectionQuery;
import graphql.language.Document;
import graphql.language.OperationDefinition;
import graphql.parser.Parser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each limit from both sides: what is just within it is answered, what is over it refused. */
class GraphQLLimitsTest {

  private final Database database = Database.inMemory();

  @AfterEach
  void close() {
    database.close();
  }

  private String codeOf(GraphQLOptions options, String query) {
    try (GraphQL graphql = GraphQL.of(database, options)) {
      return codeOf(graphql.execute(GraphQLRequest.of(query)));
    }
  }

  private static String codeOf(GraphQLReply reply) {
    return reply.code().map(Enum::name).orElse("none");
  }

  @Test
  void characters_overTheLimit_areNotRead() {
    String query = "{ __typename }";
    GraphQLOptions most = GraphQLOptions.DEFAULT.maxCharacters(query.length() * 7);

    assertThat(codeOf(most, query)).isEqualTo("none");
    assertThat(codeOf(most, query + " ".repeat(query.length() * 6 + 1))).isEqualTo("LIMIT_TEXT");
  }

  @Test
  void introspection_ofTheSameTwice_isALimit() {
    assertThat(codeOf(GraphQLOptions.DEFAULT, "{ __type(name: \"Query\") { name } }"))
        .isEqualTo("none");
    assertThat(
            codeOf(
                GraphQLOptions.DEFAULT,
                "{ a: __type(name: \"Query\") { name } b: __type(name: \"JSON\") { name } }"))
        .isEqualTo("LIMIT_FIELDS");
  }

  /** A few bytes of text each, they took all memory in the reply. */
  @Test
  void valuesOfLists_areCountedAsWhatTheyTake() {
    String zeros = "0,".repeat(250_000);
    database.put(
        "a",
        JsonObject.parse(
            "{\"type\": \"long\", \"l\": [" + zeros.substring(0, zeros.length() - 1) + "]}"));
    StringBuilder query = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      query.append("a" + i + ": document(id: \"a\") { ... on Long { l } } ");
    }

    assertThat(codeOf(GraphQLOptions.DEFAULT, "{ a: document(id: \"a\") { ... on Long { l } } }"))
        .isEqualTo("none");
    assertThat(codeOf(GraphQLOptions.DEFAULT, "{ " + query + "}")).isEqualTo("LIMIT_BYTES");
  }

  @Test
  void tokens_overTheLimit_areNotRead() {
    GraphQLOptions most = GraphQLOptions.DEFAULT.maxCharacters(70);

    assertThat(codeOf(most, "{ a: __typename b: __typename }")).isEqualTo("none");
    assertThat(codeOf(most, "{ a: __typename b: __typename c: __typename }"))
        .isEqualTo("LIMIT_TEXT");
  }

  @Test
  void text_nestedThousandsDeep_isRefusedAndNotFollowed() {
    String deep = "{a".repeat(5_000) + "}".repeat(5_000);

    assertThat(codeOf(GraphQLOptions.DEFAULT, deep)).isEqualTo("LIMIT_DEPTH");
  }

  @Test
  void text_valuesNestedDeep_areRefusedAsTooDeep() {
    for (String value : List.of("documents(selector: {a:", "records(where: {_not:")) {
      String[] parts = value.split("\\{");
      String open = "{" + parts[1];
      String within = "{" + parts[0] + open.repeat(163) + "{}" + "}".repeat(163);
      String over = "{" + parts[0] + open.repeat(164) + "{}" + "}".repeat(164);

      assertThat(codeOf(GraphQLOptions.DEFAULT, within + ") { totalCount } }")).isEqualTo("none");
      assertThat(codeOf(GraphQLOptions.DEFAULT, over + ") { totalCount } }"))
          .isEqualTo("LIMIT_DEPTH");
    }
    String pages = "{ documents " + "{ nodes ".repeat(200) + "}".repeat(201);
    assertThat(codeOf(GraphQLOptions.DEFAULT, pages)).isEqualTo("LIMIT_DEPTH");
  }

  @Test
  void depth_overTheLimit_isRefused() {
    String query = "{ documents { nodes { _id } } }";

    assertThat(codeOf(GraphQLOptions.DEFAULT.maxDepth(3), query)).isEqualTo("none");
    assertThat(codeOf(GraphQLOptions.DEFAULT.maxDepth(2), query)).isEqualTo("LIMIT_DEPTH");
    assertThat(
            codeOf(
                GraphQLOptions.DEFAULT.maxDepth(2),
                "{ documents { ...A } } fragment A on DocumentConnection { nodes { _id } }"))
        .isEqualTo("LIMIT_DEPTH");
  }

  @Test
  void fields_aliasesOverTheLimit_areRefused() {
    String query = "{ a: __typename b: __typename c: __typename }";

    assertThat(codeOf(GraphQLOptions.DEFAULT.maxFields(3), query)).isEqualTo("none");
    assertThat(codeOf(GraphQLOptions.DEFAULT.maxFields(2), query)).isEqualTo("LIMIT_FIELDS");
  }

  @Test
  void fields_fragmentsThatDoubleEachOther_areCountedWithoutFollowingEach() {
    StringBuilder bomb = new StringBuilder("{ ...F0 }");
    for (int i = 0; i < 60; i++) {
      String next = "...F" + (i + 1) + " ...F" + (i + 1);
      bomb.append(" fragment F").append(i).append(" on Query { ").append(next).append(" }");
    }
    bomb.append(" fragment F60 on Query { __typename }");

    assertThat(codeOf(GraphQLOptions.DEFAULT, bomb.toString())).isEqualTo("LIMIT_FIELDS");
  }

  @Test
  void complexity_pagesTimesFields_areRefusedOverTheLimit() {
    String query = "{ documents(first: 10) { nodes { _id _revision } } }"; // 1 + 10 * (1 + 2) + 400

    assertThat(codeOf(GraphQLOptions.DEFAULT.maxComplexity(431), query)).isEqualTo("none");
    assertThat(codeOf(GraphQLOptions.DEFAULT.maxComplexity(431), query.replace("first", "last")))
        .isEqualTo("none");
    assertThat(codeOf(GraphQLOptions.DEFAULT.maxComplexity(430), query.replace("first", "last")))
        .isEqualTo("LIMIT_COMPLEXITY");
    assertThat(codeOf(GraphQLOptions.DEFAULT.maxComplexity(430), query))
        .isEqualTo("LIMIT_COMPLEXITY");
  }

  @Test
  void complexity_sizeOfThePageInAVariable_counts() {
    GraphQLRequest request =
        GraphQLRequest.of("query ($n: Int) { documents(first: $n) { nodes { _id } } }");

    try (GraphQL graphql = GraphQL.of(database, GraphQLOptions.DEFAULT.maxComplexity(500))) {
      assertThat(codeOf(graphql.execute(request.variables(Map.of("n", 49))))).isEqualTo("none");
      assertThat(codeOf(graphql.execute(request.variables(Map.of("n", 50)))))
          .isEqualTo("LIMIT_COMPLEXITY");
    }
  }

  /** {@code count} counts of all documents. */
  private static String counts(int count) {
    StringBuilder query = new StringBuilder("{");
    for (int i = 0; i < count; i++) {
      query.append(" c").append(i).append(": documents(first: 0) { totalCount }");
    }
    return query + " }";
  }

  @Test
  void complexity_questionsToTheIndex_countAsHundredsOfFields() {
    int most = 200_000 / (RequestSize.QUESTION + 1);

    assertThat(codeOf(GraphQLOptions.DEFAULT, counts(most))).isEqualTo("none");
    assertThat(codeOf(GraphQLOptions.DEFAULT, counts(600))).isEqualTo("LIMIT_COMPLEXITY");
  }

  @Test
  void complexity_partsOfAPage_areQuestionsEach_andThoseOfLinksOneForAll() {
    GraphQLOptions linked =
        GraphQLOptions.DEFAULT.link(GraphQLLink.of("a", "b", "b", "there", "back"));
    database.put("a", JsonObject.parse("{\"type\":\"a\",\"b\":\"x\"}"));
    database.put("x", JsonObject.parse("{\"type\":\"b\"}"));
    String pages = "{ bs(first: 10) { nodes { back(first: 5) { totalCount PART } } totalCount } }";
    String query = pages.replace("PART", ""); // 1 + 10 * (1 + 1 + 5 + 1), and 3 questions
    String explained = pages.replace("PART", "explain { plan }"); // 10 * 5 * 2 fields more

    int questions = 3 * RequestSize.QUESTION;
    assertThat(codeOf(linked.maxComplexity(81 + questions), query)).isEqualTo("none");
    assertThat(codeOf(linked.maxComplexity(80 + questions), query)).isEqualTo("LIMIT_COMPLEXITY");
    assertThat(codeOf(linked.maxComplexity(181 + questions), explained))
        .isEqualTo("LIMIT_COMPLEXITY");
    assertThat(codeOf(linked.maxComplexity(181 + questions + 10 * 400), explained))
        .isEqualTo("none");
    assertThat(codeOf(linked.maxComplexity(2 + RequestSize.QUESTION), "{ asAggregate { count } }"))
        .isEqualTo("none");
    assertThat(codeOf(linked.maxComplexity(1 + RequestSize.QUESTION), "{ asAggregate { count } }"))
        .isEqualTo("LIMIT_COMPLEXITY");
  }

  @Test
  void complexity_mergeRequestsAndForks_areQuestions() {
    for (String query : List.of("{ mergeRequests(first: 1) { id } }", "{ forks { name } }")) {
      int most = 2 + RequestSize.QUESTION;
      assertThat(codeOf(GraphQLOptions.DEFAULT.maxComplexity(most), query)).isEqualTo("none");
      assertThat(codeOf(GraphQLOptions.DEFAULT.maxComplexity(most - 1), query))
          .isEqualTo("LIMIT_COMPLEXITY");
    }
  }

  @Test
  void page_overTheLimit_isRefused() {
    GraphQLOptions most = GraphQLOptions.DEFAULT.pages(2, 5);

    assertThat(codeOf(most, "{ documents(first: 5) { nodes { _id } } }")).isEqualTo("none");
    assertThat(codeOf(most, "{ documents(first: 6) { nodes { _id } } }")).isEqualTo("LIMIT_PAGE");
    assertThat(codeOf(most, "{ documents(first: -1) { nodes { _id } } }")).isEqualTo("BAD_REQUEST");
  }

  @Test
  void page_withoutASize_hasTheUsualOne() {
    for (int i = 0; i < 4; i++) {
      database.put("d" + i, JsonObject.parse("{}"));
    }

    try (GraphQL graphql = GraphQL.of(database, GraphQLOptions.DEFAULT.pages(3, 5))) {
      GraphQLReply reply =
          graphql.execute(
              GraphQLRequest.of("{ documents { nodes { _id } pageInfo { hasNextPage } } }"));

      assertThat(reply.data().toString()).contains("d2").doesNotContain("d3").contains("true");
    }
  }

  @Test
  void time_usedUp_endsTheRequest() {
    for (int i = 0; i < 2_000; i++) {
      database.put("d" + i, JsonObject.parse("{\"text\":\"" + "x".repeat(200) + i + "\"}"));
    }
    StringBuilder slow = new StringBuilder("{");
    for (int i = 0; i < 200; i++) {
      slow.append(" q")
          .append(i)
          .append(": documents(selector: {text: {_x: ")
          .append(i)
          .append("}}) { totalCount }");
    }

    assertThat(codeOf(GraphQLOptions.DEFAULT.timeMillis(1), slow + "}")).isEqualTo("TIMEOUT");
  }

  private static long timeOf(String query, long timeMillis) {
    Document document = new Parser().parseDocument(query);
    return Answering.timeMillis(
        document.getFirstDefinitionOfType(OperationDefinition.class).orElseThrow(),
        GraphQLOptions.DEFAULT.timeMillis(timeMillis));
  }

  @Test
  void time_forTheSchemaAlone_isAtLeastItsOwn() {
    String schema = "{ __schema { types { name } } a: __type(name: \"A\") { name } __typename }";

    assertThat(timeOf(schema, 1)).isEqualTo(Answering.SCHEMA_MILLIS);
    assertThat(timeOf(schema, Answering.SCHEMA_MILLIS + 1)).isEqualTo(Answering.SCHEMA_MILLIS + 1);
    for (String other :
        List.of("{ documents { totalCount } }", "{ ...A __typename } fragment A on Query { a }")) {
      assertThat(timeOf(other, 1)).isEqualTo(1);
      assertThat(timeOf(other.replace("__typename", "__schema { types { name } }"), 1))
          .isEqualTo(1);
    }
  }

  @Test
  void introspection_thatTakesLongerThanARequestMay_isAnswered() {
    ObjectNode wide = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < 100; i++) {
      ObjectNode inside = wide.putObject("part" + i);
      for (int field = 0; field < 100; field++) {
        inside.put("f" + field, field);
      }
    }
    database.put("a", JsonObject.of(wide));

    try (GraphQL graphql = GraphQL.of(database, GraphQLOptions.DEFAULT.timeMillis(1))) {
      GraphQLReply reply =
          graphql.execute(GraphQLRequest.of(IntrospectionQuery.INTROSPECTION_QUERY));
      assertThat(reply.errors()).isEmpty();
      assertThat(reply.data().toString()).contains("Record_part99");
    }
  }

  @Test
  void introspection_whenNotAllowed_isRefused() {
    String query = "{ __schema { queryType { name } } }";

    assertThat(codeOf(GraphQLOptions.DEFAULT, query)).isEqualTo("none");
    assertThat(codeOf(GraphQLOptions.DEFAULT.introspectable(false), query)).isEqualTo("FORBIDDEN");
    assertThat(codeOf(GraphQLOptions.DEFAULT.introspectable(false), "{ __typename }"))
        .isEqualTo("none");
  }

  @Test
  void options_belowOne_areRefused() {
    assertThatThrownBy(() -> GraphQLOptions.DEFAULT.maxDepth(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxDepth");
    assertThatThrownBy(() -> GraphQLOptions.DEFAULT.pages(6, 5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GraphQLOptions.DEFAULT.typePath("a.*"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
