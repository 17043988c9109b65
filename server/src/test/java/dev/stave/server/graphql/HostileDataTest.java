package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One who writes or asks what is meant to stop it for all others. */
class HostileDataTest {

  private final Database database = Database.inMemory();

  @AfterEach
  void close() {
    database.close();
  }

  private void put(String id, String body) {
    database.put(id, JsonObject.parse(body));
  }

  private GraphQLReply ask(GraphQLOptions options, GraphQLRequest request) {
    try (GraphQL graphql = GraphQL.of(database, options)) {
      return graphql.execute(request);
    }
  }

  private GraphQLReply ask(String query) {
    return ask(GraphQLOptions.DEFAULT, GraphQLRequest.of(query));
  }

  private static String code(GraphQLReply reply) {
    return reply.code().orElseThrow().name();
  }

  @Test
  void types_withNamesThatTypesOfConditionsHave_getOthers() {
    for (String type : List.of("JSONType", "StringWhere", "StringList", "Where_list", "OrderBy")) {
      put(type, "{\"type\": \"" + type + "\", \"name\": \"n\", \"tags\": [\"x\"]}");
    }

    GraphQLReply reply =
        ask(
            "{ stringLists(where: {name: {eq: \"n\"}, tags: {some: {eq: \"x\"}}}) { totalCount }"
                + " }");

    assertThat(reply.errors()).isEmpty();
    assertThat(reply.data()).hasToString("{stringLists={totalCount=1}}");
  }

  @Test
  void members_withConditionsOfAListBesideThoseOfAnObject_haveBoth() {
    put("a", "{\"item\": [{\"a\": 1}], \"itemList\": {\"b\": 1}, \"itemWhere_list\": {\"c\": 1}}");

    assertThat(
            ask("{ records(where: {itemList: {b: {eq: 1}}, item: {some: {a: {eq: 1}}}}) {"
                    + " totalCount } }")
                .data())
        .hasToString("{records={totalCount=1}}");
  }

  @Test
  void members_withLongNames_getNoField_andNothingFails() {
    put(
        "a",
        "{\"" + "x".repeat(20_000) + "\": 1, \"" + "y".repeat(20_001) + "\": 1, \"short\": 1}");

    String fields =
        String.valueOf(ask("{ __type(name: \"Record\") { fields { description } } }").data());

    assertThat(fields).contains("xxx").doesNotContain("yyy");
    for (int i = 0; i < 3; i++) {
      put("long" + i, "{\"" + (char) ('a' + i) + "z".repeat(4 << 20) + "\": 1}");
    }
    assertThat(ask("{ records { totalCount } }").data()).hasToString("{records={totalCount=4}}");
  }

  @Test
  void whatIsRemembered_andCannotBeRead_isNotAClients() {
    ask("{ __typename }");

    assertThat(database.getLocal("graphql-types-907b82d0-000000")).isEmpty();
    database.putLocal("graphql-types-907b82d0-x", JsonObject.parse("{}"));
    assertThat(ask("{ __typename }").errors()).isEmpty();
  }

  @Test
  void comparison_withNull_isAsIfNothingWereSaid() {
    put("a", "{\"h\": 2}");

    assertThat(ask("{ records(where: {h: {gt: 1, lt: null}}) { totalCount } }").data())
        .hasToString("{records={totalCount=1}}");
  }

  @Test
  void pages_ofAVariableWithADefault_countAsTheLargest() {
    put("a", "{}");
    String fields =
        IntStream.range(0, 500)
            .mapToObj(i -> "a" + i + ": _id")
            .collect(Collectors.joining(" ", "{ ", " }"));

    GraphQLReply reply =
        ask("query ($n: Int = 1000) { documents(first: $n) { nodes " + fields + " } }");

    assertThat(code(reply)).isEqualTo("LIMIT_COMPLEXITY");
  }

  @Test
  void fragments_asDeepAsTheyMayBe_areTaken_andDeeperOnesNot() {
    assertThat(ask(chain(RequestSize.MAX_FRAGMENTS)).errors()).isEmpty();
    assertThat(code(ask(chain(RequestSize.MAX_FRAGMENTS + 1)))).isEqualTo("LIMIT_DEPTH");
    assertThat(code(ask(chain(1_700)))).isEqualTo("LIMIT_DEPTH");
  }

  private static String chain(int fragments) {
    StringBuilder text = new StringBuilder("{ ...f1 }");
    for (int i = 1; i < fragments; i++) {
      text.append(" fragment f" + i + " on Query { ...f" + (i + 1) + " }");
    }
    return text.append(" fragment f" + fragments + " on Query { __typename }").toString();
  }

  @Test
  void json_askedForOftenerThanFits_isRefused() {
    put("a", "{\"text\": \"" + "x".repeat(1 << 20) + "\"}");
    String aliases =
        IntStream.range(0, 100)
            .mapToObj(i -> "a" + i + ": _json")
            .collect(Collectors.joining(" ", "{ document(id: \"a\") { ", " } }"));

    GraphQLReply reply = ask(aliases);

    assertThat(code(reply)).isEqualTo("LIMIT_BYTES");
    assertThat(reply.errors()).hasSize(1);
    assertThat(ask("{ document(id: \"a\") { a: _json b: _json } }").errors()).isEmpty();
  }

  @Test
  void documents_ofMoreBytesThanARequestReads_areRefused() {
    for (int i = 0; i < 20; i++) {
      put("d" + i, "{\"text\": \"" + "x".repeat(4 << 20) + "\"}");
    }

    assertThat(code(ask("{ documents(first: 20) { nodes { _id } } }"))).isEqualTo("LIMIT_BYTES");
    assertThat(ask("{ documents(first: 10) { nodes { _id } } }").errors()).isEmpty();
  }

  @Test
  void variable_thatStandsInALiteralTooOften_isRefused() {
    String often =
        IntStream.range(0, 30).mapToObj(i -> "$v").collect(Collectors.joining(", ", "[", "]"));
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("v", IntStream.range(0, 40_000).boxed().collect(Collectors.toList()));

    GraphQLReply reply =
        ask(
            GraphQLOptions.DEFAULT,
            GraphQLRequest.of(
                    "query ($v: JSON) { documents(selector: {x: {_in: "
                        + often
                        + "}}) { totalCount } }")
                .variables(new LinkedHashMap<>(variables)));

    assertThat(reply.errors()).isNotEmpty();
    assertThat(String.valueOf(reply.errors())).contains("too many values");
  }

  @Test
  void request_thatTakesTooLong_ends() {
    StringBuilder list = new StringBuilder("[{\"a\": 1}");
    for (int i = 0; i < 20_000; i++) {
      list.append(",{\"a\":").append(i).append('}');
    }
    put("a", "{\"list\": " + list + "]}");
    String aliases =
        IntStream.range(0, 500)
            .mapToObj(i -> "a" + i + ": a")
            .collect(
                Collectors.joining(
                    " ", "{ document(id: \"a\") { ... on Record { list { ", " } } } }"));

    GraphQLReply reply = ask(GraphQLOptions.DEFAULT.timeMillis(300), GraphQLRequest.of(aliases));

    assertThat(code(reply)).isEqualTo("TIMEOUT");
  }
}
