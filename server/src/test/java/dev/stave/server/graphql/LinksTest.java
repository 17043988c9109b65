package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
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
                "{ lighthouses(orderBy: {path: \"_id\"}) { nodes { keeper { name } supply { name } } }"
                    + " }"))
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
                "{ keepers { nodes { lighthouses(first: 1, orderBy: {path: \"_id\"}) { totalCount nodes {"
                    + " _id keeper { _id } } pageInfo { hasNextPage } } } } boats(where: {_id: {eq:"
                    + " \"b1\"}}) { nodes { supplies { nodes { _id } } } } }"))
        .isEqualTo(
            "{keepers={nodes=[{lighthouses={totalCount=2, nodes=[{_id=l1, keeper={_id=k1}}],"
                + " pageInfo={hasNextPage=true}}}]}, boats={nodes=[{supplies={nodes=[{_id=l1}]}}]}}");
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
