package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinksTest {

  private static final GraphQLOptions LINKED =
      GraphQLOptions.DEFAULT
          .link(GraphQLLink.of("lighthouse", "keeper_id", "keeper", "keeper", "lighthouses"))
          .link(GraphQLLink.of("lighthouse", "boats.ids[]", "boat", "supply", "supplies"));

  private final Database database = Database.inMemory();

  @AfterEach
  void close() {
    database.close();
  }

  private void put(String id, String json) {
    database.put(id, JsonObject.parse(json));
  }

  private String ask(String query) {
    try (GraphQL graphql = GraphQL.of(database, LINKED)) {
      GraphQLReply reply = graphql.execute(GraphQLRequest.of(query));
      assertThat(reply.errors()).isEmpty();
      return String.valueOf(reply.data());
    }
  }

  private void fill() {
    put("k1", "{\"type\":\"keeper\",\"name\":\"Ines\"}");
    put("b1", "{\"type\":\"boat\",\"name\":\"Tern\"}");
    put("b2", "{\"type\":\"boat\",\"name\":\"Skua\"}");
    put(
        "l1",
        "{\"type\":\"lighthouse\",\"keeper_id\":\"k1\",\"boats\":{\"ids\":[\"b2\",\"b1\",\"b2\"]}}");
    put(
        "l2",
        "{\"type\":\"lighthouse\",\"keeper_id\":\"k1\",\"boats\":{\"ids\":[\"none\",7,\"_x\"]}}");
    put("l3", "{\"type\":\"lighthouse\",\"keeper_id\":\"b1\"}");
    put("l4", "{\"type\":\"lighthouse\"}");
  }

  @Test
  void link_ids_leadToTheDocumentsOfThatType() {
    fill();

    assertThat(
            ask(
                "{ lighthouses(orderBy: {path: \"_id\"}) { nodes { keeper { name } supply { name }"
                    + " } } }"))
        .isEqualTo(
            "{lighthouses={nodes=[{keeper={name=Ines}, supply=[{name=Skua}, {name=Tern}]},"
                + " {keeper={name=Ines}, supply=[]}, {keeper=null, supply=[]}, {keeper=null,"
                + " supply=[]}]}}");
  }

  @Test
  void link_back_leadsToPages() {
    fill();

    assertThat(
            ask(
                "{ keepers { nodes { lighthouses(first: 1, orderBy: {path: \"_id\"}) { totalCount"
                    + " nodes { _id keeper { _id } } pageInfo { hasNextPage } } } } boats(where:"
                    + " {_id: {eq: \"b1\"}}) { nodes { supplies { nodes { _id } } } } }"))
        .isEqualTo(
            "{keepers={nodes=[{lighthouses={totalCount=2, nodes=[{_id=l1, keeper={_id=k1}}],"
                + " pageInfo={hasNextPage=true}}}]},"
                + " boats={nodes=[{supplies={nodes=[{_id=l1}]}}]}}");
  }

  private static final int KEEPERS = 30;

  /** Each keeper has as many lighthouses and boats as its number says, and one has many more. */
  private void fillMany(int most) {
    for (int k = 0; k < KEEPERS; k++) {
      put("k" + k, "{\"type\":\"keeper\",\"n\":" + k + "}");
      put("b" + k, "{\"type\":\"boat\",\"n\":" + k + "}");
    }
    for (int i = 0; i < most; i++) {
      put("m" + i, "{\"type\":\"lighthouse\",\"n\":" + -i + ",\"keeper_id\":\"k0\"}");
    }
    for (int k = 1; k < KEEPERS; k++) {
      for (int i = 0; i < k % 5; i++) {
        put(
            "l" + k + "-" + i,
            String.format(
                "{\"type\":\"lighthouse\",\"n\":%d,\"keeper_id\":\"k%d\",\"boats\":{\"ids\":[\"b%d\","
                    + "\"b%d\",\"b%d\"]}}",
                i, k, k, k, k - 1));
      }
    }
  }

  private static final String PAGE =
      " { totalCount nodes { _id } edges { cursor } pageInfo { hasNextPage hasPreviousPage } }";

  /** Of all at once what each has by itself, with so many queries. */
  private void assertTogether(String type, String field, int queries) {
    AtomicInteger asked = new AtomicInteger();
    try (GraphQL graphql = GraphQL.of(database, LINKED)) {
      String all = "{ all: " + type + "s(first: 100) { nodes { _id " + field + PAGE + " } } }";
      GraphQLReply together =
          graphql.execute(GraphQLRequest.of(all).with(RequestContext.QUERIES, asked));
      assertThat(together.errors()).isEmpty();
      List<Object> alone = new ArrayList<>();
      for (int i = 0; i < KEEPERS; i++) {
        String one =
            String.format(
                "{ all: %ss(where: {_id: {eq: \"%s%d\"}}) { nodes { _id %s%s } } }",
                type, type.charAt(0), i, field, PAGE);
        alone.addAll(nodes(graphql.execute(GraphQLRequest.of(one))));
      }

      assertThat(nodes(together)).hasSize(KEEPERS).isEqualTo(alone);
      assertThat(asked).hasValue(queries);
    }
  }

  private static List<?> nodes(GraphQLReply reply) {
    Map<?, ?> all = (Map<?, ?>) ((Map<?, ?>) reply.body().get("data")).get("all");
    return (List<?>) all.get("nodes");
  }

  @Test
  void links_backOfManyDocuments_areReadByOneQuery() {
    fillMany(3);

    int queries = 3; // the keepers, their lighthouses, the counts
    assertTogether("keeper", "lighthouses", queries);
    assertTogether("keeper", "lighthouses(first: 2)", queries);
    assertTogether("keeper", "lighthouses(last: 2, skip: 1)", queries);
    assertTogether("keeper", "lighthouses(orderBy: [{path: \"n\", direction: DESC}])", queries);
    assertTogether("keeper", "lighthouses(selector: {n: 1})", queries);
    assertTogether("boat", "supplies(first: 3)", queries);
  }

  @Test
  void links_backOfADocumentThatHasMostOfThem_areReadWithoutIt() {
    fillMany(KEEPERS * 50);

    int queries = 4; // the keepers, the counts, the lighthouses with those of the one, and without
    assertTogether("keeper", "lighthouses(first: 1)", queries);
    assertTogether("keeper", "lighthouses(first: 1, orderBy: {path: \"n\"})", queries);
  }

  @Test
  void links_backWithWhere_areThoseThatMatch() {
    fillMany(3);

    assertTogether("keeper", "lighthouses(where: {n: {gte: 1}})", 3);
    assertThat(
            ask(
                "{ keepers(where: {n: {eq: 7}}) { nodes { lighthouses(where: {n: {gte: 1}}) {"
                    + " totalCount } } } }"))
        .isEqualTo("{keepers={nodes=[{lighthouses={totalCount=1}}]}}");
  }

  @Test
  void links_argumentThatIsNone_isAnErrorOfEach() {
    fillMany(3);

    try (GraphQL graphql = GraphQL.of(database, LINKED)) {
      GraphQLReply reply =
          graphql.execute(
              GraphQLRequest.of("{ keepers { nodes { lighthouses(skip: -1) { totalCount } } } }"));

      assertThat(reply.errors()).hasSize(20); // as many as a page has keepers
      assertThat(reply.errors().get(1).get("path"))
          .isEqualTo(List.of("keepers", "nodes", 1, "lighthouses"));
      assertThat(reply.code()).contains(ErrorCode.BAD_REQUEST);
    }
  }

  @Test
  void link_typeThatIsNotThereYet_comesWithIt() {
    put("l1", "{\"type\":\"lighthouse\",\"keeper_id\":\"k1\"}");
    try (GraphQL graphql = GraphQL.of(database, LINKED)) {
      assertThat(graphql.sdl()).doesNotContain("keeper: Keeper");

      put("k1", "{\"type\":\"keeper\",\"lighthouses\":7}");

      assertThat(graphql.sdl()).contains("keeper: Keeper").contains("@path(of : \"lighthouses\")");
    }
  }

  @Test
  void link_nameThatAMemberHas_isRefused() {
    put("l1", "{\"type\":\"lighthouse\",\"keeper\":\"Ines\"}");
    GraphQL.of(database).close();

    assertThatThrownBy(() -> GraphQL.of(database, LINKED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Lighthouse has a field keeper");
  }

  @Test
  void links_twoOfOneName_areRefused() {
    GraphQLOptions twice =
        LINKED.link(GraphQLLink.of("lighthouse", "boat_id", "boat", "keeper", "others"));

    assertThatThrownBy(() -> GraphQL.of(database, twice))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lighthouse has a field keeper");
  }

  @Test
  void links_besideAGraphQLWithout_keepTheirNamesWhileTheyAreThere() {
    put("l1", "{\"type\":\"lighthouse\",\"keeper_id\":\"k1\"}");
    put("k1", "{\"type\":\"keeper\"}");
    try (GraphQL plain = GraphQL.of(database)) {
      try (GraphQL linked = GraphQL.of(database, LINKED);
          GraphQL again = GraphQL.of(database, LINKED)) {
        put("k2", "{\"type\":\"keeper\",\"lighthouses\":7}");
        assertThat(plain.sdl()).contains("@path(of : \"lighthouses\")");
        assertThat(linked.sdl()).contains("keeper: Keeper").isEqualTo(again.sdl());
      }
      put("l2", "{\"type\":\"lighthouse\",\"keeper\":\"Ines\"}");

      assertThat(plain.sdl()).contains("  keeper: String\n");
    }
  }

  @Test
  void link_pathOrNameThatCannotBe_isRefused() {
    assertThatThrownBy(() -> GraphQLLink.of("a", "x[].y", "b", "c", "d"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GraphQLLink.of("a", "*", "b", "c", "d"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GraphQLLink.of("a", "x", "b", "__c", "d"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("__c");
  }
}
