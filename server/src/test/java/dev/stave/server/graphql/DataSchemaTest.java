package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.policy.IndexPolicy;
import dev.stave.revision.RevisionId;
import dev.stave.server.graphql.catalogue.Catalogue;
import dev.stave.server.graphql.catalogue.Members;
import dev.stave.server.graphql.live.LiveSources;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The schema that comes from the data: what it has, how it grows, and that it keeps what it gave.
 */
class DataSchemaTest {

  @TempDir Path folder;

  private final Database database = Database.inMemory();

  @AfterEach
  void close() {
    database.close();
  }

  private RevisionId put(String id, String json) {
    return database.put(id, JsonObject.parse(json));
  }

  private static Object ask(GraphQL graphql, String query) {
    GraphQLReply reply = graphql.execute(GraphQLRequest.of(query));
    assertThat(reply.errors()).isEmpty();
    return reply.data();
  }

  private Object ask(String query) {
    try (GraphQL graphql = GraphQL.of(database)) {
      return ask(graphql, query);
    }
  }

  private static String codeOf(GraphQLReply reply) {
    return reply.code().orElseThrow().name();
  }

  private static Map<?, ?> nodes(String field, Object... nodes) {
    return Map.of(field, Map.of("nodes", List.of(nodes)));
  }

  @Test
  void types_eachValueOfTheType_hasACollection() {
    put("l", "{\"type\":\"lighthouse\",\"name\":\"Bell Rock\"}");
    put("k", "{\"type\":\"keeper\",\"name\":\"Ines\",\"since\":1901}");
    put("x", "{\"name\":\"nothing\"}");

    Object data =
        ask(
            "{ lighthouses { nodes { name } } keepers { nodes { since } } records { nodes { name }"
                + " } documents(orderBy: {path: \"_id\"}) { nodes { __typename ... on Keeper {"
                + " since } } } }");

    assertThat(data)
        .isEqualTo(
            Map.of(
                "lighthouses",
                Map.of("nodes", List.of(Map.of("name", "Bell Rock"))),
                "keepers",
                Map.of("nodes", List.of(Map.of("since", 1901))),
                "records",
                Map.of("nodes", List.of(Map.of("name", "nothing"))),
                "documents",
                Map.of(
                    "nodes",
                    List.of(
                        Map.of("__typename", "Keeper", "since", 1901),
                        Map.of("__typename", "Lighthouse"),
                        Map.of("__typename", "Record")))));
  }

  @Test
  void types_atAnotherPath_areTakenFromThere() {
    put("a", "{\"meta\":{\"kind\":\"boat\"},\"n\":1}");

    try (GraphQL graphql = GraphQL.of(database, GraphQLOptions.DEFAULT.typePath("meta.kind"))) {
      assertThat(ask(graphql, "{ boats { nodes { n __typename } } }"))
          .isEqualTo(nodes("boats", Map.of("n", 1, "__typename", "Boat")));
    }
  }

  @Test
  void types_overTheLimit_areReachedAsDocuments() {
    put("a", "{\"type\":\"a\"}");
    put("b1", "{\"type\":\"b\"}");
    put("b2", "{\"type\":\"b\"}");

    try (GraphQL graphql = GraphQL.of(database, GraphQLOptions.DEFAULT.maxTypes(1))) {
      assertThat(graphql.sdl()).contains("type B ").doesNotContain("type A ");
      assertThat(ask(graphql, "{ document(id: \"a\") { __typename _json } }"))
          .isEqualTo(
              Map.of("document", Map.of("__typename", "Record", "_json", Map.of("type", "a"))));
    }
    try (GraphQL graphql = GraphQL.of(database, GraphQLOptions.DEFAULT.maxTypes(2))) {
      assertThat(graphql.sdl()).contains("type B ").contains("type A ");
    }
  }

  @Test
  void fields_overTheLimit_areReachedByTheirPath() {
    put("a", "{\"a\":1,\"b\":2,\"c\":3}");

    try (GraphQL graphql = GraphQL.of(database, GraphQLOptions.DEFAULT.maxSchemaFields(2))) {
      assertThat(graphql.sdl()).contains("  b: Number").doesNotContain("  c: Number");
      assertThat(graphql.sdl()).contains("more paths than the schema has fields");
      assertThat(ask(graphql, "{ records { nodes { _get(path: \"c\") } } }"))
          .isEqualTo(nodes("records", Map.of("_get", 3)));
    }
  }

  @Test
  void field_ofAnotherTypeLater_keepsItsTypeAndGetsOneBesideIt() {
    put("a", "{\"height\":\"tall\"}");
    try (GraphQL graphql = GraphQL.of(database)) {
      String query = "{ records(orderBy: {path: \"_id\"}) { nodes { height } } }";
      assertThat(ask(graphql, query)).isEqualTo(nodes("records", Map.of("height", "tall")));

      put("b", "{\"height\":41}");

      assertThat(
              ask(
                  graphql,
                  "{ records(first: 9, orderBy: {path: \"_id\"}) { nodes {"
                      + " height_value } } }"))
          .isEqualTo(nodes("records", Map.of("height_value", "tall"), Map.of("height_value", 41)));
      GraphQLReply reply = graphql.execute(GraphQLRequest.of(query));
      assertThat(reply.data())
          .isEqualTo(
              nodes("records", Map.of("height", "tall"), Collections.singletonMap("height", null)));
      assertThat(reply.body().get("extensions"))
          .isEqualTo(
              Map.of(
                  "otherTypes",
                  List.of(
                      Map.of("path", List.of("records", "nodes", 1, "height"), "type", "number"))));
    }
  }

  @Test
  void field_ofAnObjectLaterATextAndAList_keepsItsFields() {
    put("a", "{\"access\":{\"road\":true}}");
    try (GraphQL graphql = GraphQL.of(database)) {
      put("b", "{\"access\":\"by boat\"}");
      put("c", "{\"access\":[\"by boat\",\"by air\"]}");

      assertThat(
              ask(
                  graphql,
                  "{ records(orderBy: {path: \"_id\"}) { nodes { access { road } access_value"
                      + " access_list } } }"))
          .hasToString(
              "{records={nodes=[{access={road=true}, access_value={road=true}, access_list=null},"
                  + " {access=null, access_value=by boat, access_list=null}, {access=null,"
                  + " access_value=[by boat, by air], access_list=[by boat, by air]}]}}");
      assertThat(
              ask(
                  graphql,
                  "{ a: records(where: {access: {road: {eq: true}}}) { totalCount } b:"
                      + " records(where: {access_value: {beginsWith: \"by\"}}) { totalCount } c:"
                      + " records(where: {access_list: {some: {eq: \"by air\"}}}) { totalCount }"
                      + " }"))
          .hasToString("{a={totalCount=1}, b={totalCount=1}, c={totalCount=1}}");
    }
  }

  @Test
  void schema_afterARestart_isTheSameWhateverBecameOfTheDocuments() {
    String before;
    try (Database onDisk = Database.open(folder)) {
      RevisionId first = onDisk.put("a", JsonObject.parse("{\"type\":\"x\",\"h\":\"tall\"}"));
      try (GraphQL graphql = GraphQL.of(onDisk)) {
        onDisk.delete("a", first);
        onDisk.put("b", JsonObject.parse("{\"type\":\"x\",\"h\":{\"m\":[[4]]},\"h_value\":1}"));
        onDisk.put("c", JsonObject.parse("{\"type\":\"X\",\"a.b\":1,\"h\":7}"));
        onDisk.put("d", JsonObject.parse("{\"2020-01-01\":1,\"2020-01-02\":2,\"2020-01-03\":3}"));
        onDisk.put("e", JsonObject.parse("{\"m\":{\"1\":{\"v\":1},\"2\":{},\"3\":{},\"4\":{}}}"));
        before = graphql.sdl();
      }
    }

    try (Database onDisk = Database.open(folder);
        GraphQL graphql = GraphQL.of(onDisk)) {
      assertThat(graphql.sdl()).isEqualTo(before);
      assertThat(before).contains("  h: String").contains("  h_object: X_h_object");
    }
  }

  @Test
  void schema_documentsOfNewShapes_isThereWithoutBeingAskedFor() throws InterruptedException {
    put("a", "{\"type\":\"boat\",\"n\":1}");
    try (SchemaKeeper keeper =
        new SchemaKeeper(database, GraphQLOptions.DEFAULT, new LiveSources())) {
      put("b", "{\"type\":\"boat\",\"sails\":2}");
      put("c", "{\"type\":\"buoy\"}");

      int rounds = 0;
      while (keeper.current().schema().getObjectType("Buoy") == null) {
        assertThat(rounds++).as("rounds of waiting").isLessThan(3_000);
        Thread.sleep(10);
      }

      assertThat(keeper.current().schema().getObjectType("Boat").getFieldDefinition("sails"))
          .isNotNull();
    }
  }

  @Test
  void close_whileOthersCommit_leavesThemAlone() {
    for (int i = 0; i < 50; i++) {
      GraphQL graphql = GraphQL.of(database);
      Thread closing = new Thread(graphql::close);
      closing.start();
      for (int n = 0; n < 20; n++) {
        put("d" + i + "_" + n, "{\"f" + n + "\":1}"); // throws if the commit's listener does
      }
      graphql.close();
    }

    assertThat(database.count()).isEqualTo(1_000);
  }

  @Test
  void schema_nothingNew_isNotBuiltAgain() {
    put("a", "{\"n\":1}");
    try (SchemaKeeper keeper =
        new SchemaKeeper(database, GraphQLOptions.DEFAULT, new LiveSources())) {
      Answering before = keeper.newest();
      put("b", "{\"n\":2}");

      assertThat(keeper.newest()).isSameAs(before);
    }
  }

  @Test
  void execute_fieldThatWasCommittedJustNow_isKnown() {
    try (GraphQL graphql = GraphQL.of(database)) {
      for (int i = 0; i < 20; i++) {
        put("d" + i, "{\"type\":\"t" + i + "\",\"f" + i + "\":" + i + "}");

        assertThat(ask(graphql, "{ t" + i + "s { nodes { f" + i + " } } }"))
            .isEqualTo(nodes("t" + i + "s", Map.of("f" + i, i)));
      }
    }
  }

  @Test
  void maps_entries_areFoundByTheirNames() {
    CompatData.write(database, 200);

    assertThat(
            ask(
                "{ features(where: {api: {_entries: {keys: [\"Interface7\"]}}}) { totalCount nodes"
                    + " { _id api { _entries { key value { compat_13605ed5 { status {"
                    + " standard_track } } _entries(first: 1, after: \"member7_1\") { key } } } } }"
                    + " } }"))
        .hasToString(
            "{features={totalCount=1, nodes=[{_id=api.7, api={_entries=[{key=Interface7,"
                + " value={compat_13605ed5={status={standard_track=true}},"
                + " _entries=[{key=member7_2}]}}]}}]}}");
    assertThat(
            ask(
                "{ a: features(where: {api: {_entries: {key: {beginsWith: \"Interface19\"}}}}) {"
                    + " totalCount } b: features(where: {api: {_entries: {value:"
                    + " {compat_13605ed5: {status: {standard_track: {eq: true}}}}}}}) {"
                    + " totalCount } c: features(where: {api: {_entries: {keys: [\"Interface3\","
                    + " \"none\"], value: {compat_13605ed5: {status: {standard_track: {eq:"
                    + " false}}}}}}}) { totalCount } }"))
        .hasToString("{a={totalCount=11}, b={totalCount=200}, c={totalCount=0}}");
  }

  @Test
  void maps_wholeDocuments_haveEntriesToo() {
    put("a", "{\"2020-01-01\":1,\"2020-01-02\":2,\"2020-01-03\":3,\"2020-01-04\":4}");
    put("b", "{\"2020-01-01\":5}");

    assertThat(
            ask(
                "{ records(where: {_entries: {keys: [\"2020-01-01\"], value: {gt: 2}}}) { nodes {"
                    + " _id _entries { key value } } } any: records(where: {_entries: {value: {lt:"
                    + " 5}}}) { nodes { _id } } }"))
        .hasToString(
            "{records={nodes=[{_id=b, _entries=[{key=2020-01-01, value=5}]}]},"
                + " any={nodes=[{_id=a}]}}");
  }

  @Test
  void otherTypes_moreThanAreTold_areNullAllTheSame() {
    put("a", "{\"n\":1}");
    try (GraphQL graphql = GraphQL.of(database)) {
      for (int i = 0; i < RequestContext.MAX_NOTES + 1; i++) {
        put("s" + i, "{\"n\":\"text\"}");
      }

      assertThat(notes(graphql, RequestContext.MAX_NOTES)).hasSize(RequestContext.MAX_NOTES - 1);
      assertThat(notes(graphql, RequestContext.MAX_NOTES + 1)).hasSize(RequestContext.MAX_NOTES);
      assertThat(notes(graphql, RequestContext.MAX_NOTES + 2)).hasSize(RequestContext.MAX_NOTES);
    }
  }

  private static List<?> notes(GraphQL graphql, int documents) {
    GraphQLReply reply =
        graphql.execute(GraphQLRequest.of("{ records(first: " + documents + ") { nodes { n } } }"));
    assertThat(reply.errors()).isEmpty();
    return (List<?>) ((Map<?, ?>) reply.body().get("extensions")).get("otherTypes");
  }

  @Test
  void maps_scalarEntries_haveTheirKindAndOneBesideIt() {
    put("a", "{\"days\":{\"2020-01-01\":1,\"2020-01-02\":2,\"2020-01-03\":3,\"2020-01-04\":4}}");
    try (GraphQL graphql = GraphQL.of(database)) {
      put("b", "{\"days\":{\"2020-01-05\":\"none\"}}");

      assertThat(
              ask(
                  graphql,
                  "{ records(where: {days: {_entries: {keys: [\"2020-01-05\"], value_value: {eq:"
                      + " \"none\"}}}}) { nodes { days { _entries { key value value_value } } } }"
                      + " }"))
          .hasToString(
              "{records={nodes=[{days={_entries=[{key=2020-01-05, value=null,"
                  + " value_value=none}]}}]}}");
    }
  }

  private Catalogue catalogue() {
    SchemaParts fixed = new SchemaAssembly(GraphQLOptions.DEFAULT).fixed();
    return Catalogue.of(database, GraphQLOptions.DEFAULT.terms(), fixed::hasType, fixed::hasField);
  }

  @Test
  void names_thatGraphQLDoesNotTake_areFoundAndAskedUnderOthers() {
    SchemaGoldenTest.writeNasty(database);
    StringBuilder fields = new StringBuilder();
    try (GraphQL graphql = GraphQL.of(database);
        Catalogue catalogue = catalogue()) {
      Members record = catalogue.types().get(0).members();
      Members inside = Objects.requireNonNull(record.places().get("inside").members());
      for (int i = 0; i < SchemaGoldenTest.NASTY.size(); i++) {
        String field = inside.places().get(SchemaGoldenTest.NASTY.get(i)).alias();
        Object found =
            ask(
                graphql,
                "{ records(where: {inside: {"
                    + field
                    + ": {eq: "
                    + i
                    + "}}}) { nodes { inside { it: "
                    + field
                    + " } } } }");

        assertThat(found).as(field).isEqualTo(nodes("records", Map.of("inside", Map.of("it", i))));
        fields.append(field);
      }
    }
    assertThat(fields.toString()).matches("[A-Za-z0-9_]*");
  }

  @Test
  void schema_ofEveryKindOfData_keepsGraphQLsRules() {
    SchemaGoldenTest.writeNasty(database);
    CompatData.write(database, 150);
    put("m", "{\"a\":1,\"l\":[[{\"x\":1}]]}");
    put("n", "{\"a\":{\"b\":[]},\"l\":{\"x\":1}}");

    try (Catalogue catalogue = catalogue()) {
      assertThat(
              new SchemaAssembly(GraphQLOptions.DEFAULT)
                  .schema(catalogue, true)
                  .getObjectType("Feature"))
          .isNotNull();
    }
  }

  @Test
  void aggregate_groups_countAndSum() {
    put("a", "{\"type\":\"l\",\"r\":\"N\",\"h\":1.5}");
    put("b", "{\"type\":\"l\",\"r\":\"N\",\"h\":2.5}");
    put("c", "{\"type\":\"l\",\"r\":\"S\"}");
    put("d", "{\"type\":\"m\",\"r\":\"S\"}");

    assertThat(
            ask(
                "{ lsAggregate(where: {r: {in: [\"N\", \"S\"]}}) { count distinct(path: \"r\")"
                    + " groupBy(path: \"r\", of: \"h\") { value count sum min max avg } } }"))
        .hasToString(
            "{lsAggregate={count=3, distinct=2, groupBy=[{value=N, count=2, sum=4.0, min=1.5,"
                + " max=2.5, avg=2.0}, {value=S, count=1, sum=null, min=null, max=null,"
                + " avg=null}]}}");
  }

  @Test
  void where_listOverTheLimit_isRefused() {
    put("a", "{\"n\":1}");
    String query = "{ records(where: {n: {in: [1, 2, 3]}}) { totalCount } }";

    try (GraphQL graphql = GraphQL.of(database, GraphQLOptions.DEFAULT.maxListValues(3))) {
      assertThat(ask(graphql, query)).hasToString("{records={totalCount=1}}");
    }
    try (GraphQL graphql = GraphQL.of(database, GraphQLOptions.DEFAULT.maxListValues(2))) {
      assertThat(codeOf(graphql.execute(GraphQLRequest.of(query)))).isEqualTo("LIMIT_LIST");
    }
  }

  @Test
  void where_isAnsweredByTheIndex() {
    for (int i = 0; i < 50; i++) {
      put("d" + i, "{\"type\":\"b\",\"n\":" + i + "}");
    }

    assertThat(ask("{ bs(where: {n: {gte: 10, lt: 12}}) { explain { documentsRead } } }"))
        .hasToString("{bs={explain={documentsRead=2}}}");
  }

  @Test
  void deepObjects_areJsonBelowTheLastType() {
    put("a", "{\"a\":".repeat(150) + "1" + "}".repeat(150));

    try (GraphQL graphql = GraphQL.of(database)) {
      assertThat(graphql.sdl()).contains("  a: JSON");
      assertThat(ask(graphql, "{ records { nodes { a { a { a { _json } } } } } }")).isNotNull();
    }
  }

  @Test
  void path_thatIsNotIndexed_isReachedAllTheSame_andHasAFieldWhenItsDocumentChanges() {
    database.setIndexPolicy(IndexPolicy.NONE.exclude("log"));
    RevisionId first = put("a", "{\"type\":\"trip\",\"log\":{\"lines\":7},\"name\":\"A\"}");
    try (GraphQL graphql = GraphQL.of(database)) {
      GraphQLReply reply =
          graphql.execute(
              GraphQLRequest.of(
                      "query ($s: JSON) { trips(selector: $s) { nodes { name _json _get(path:"
                          + " \"log.lines\") } } }")
                  .variables(Map.of("s", Map.of("log.lines", 7))));
      assertThat(reply.errors()).isEmpty();
      assertThat(String.valueOf(reply.data())).contains("log={lines=7}", "_get=7");
      String field = "{ trips(where: {log: {lines: {gt: 1}}}) { nodes { log { lines } } } }";
      assertThat(codeOf(graphql.execute(GraphQLRequest.of(field))))
          .isEqualTo("GRAPHQL_VALIDATION_FAILED");

      database.put("a", first, JsonObject.parse("{\"type\":\"trip\",\"log\":{\"lines\":8}}"));
      assertThat(String.valueOf(graphql.execute(GraphQLRequest.of(field)).data()))
          .isEqualTo("{trips={nodes=[{log={lines=8}}]}}");
    }
  }

  /** It was taken for an operator, and no query was answered any more. */
  @Test
  void typePath_thatBeginsWithADollar_isAPath() {
    database.put("a", JsonObject.parse("{\"$type\": \"Order\", \"n\": 1}"));
    database.put("b", JsonObject.parse("{\"n\": 2}"));

    try (GraphQL graphql = GraphQL.of(database, GraphQLOptions.DEFAULT.typePath("$type"))) {
      GraphQLReply reply =
          graphql.execute(GraphQLRequest.of("{ orders { totalCount } records { totalCount } }"));

      assertThat(reply.data()).hasToString("{orders={totalCount=1}, records={totalCount=1}}");
    }
  }
}
