package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that is closed and opened again, and the schema that was known of it. */
class KnownSchemaTest {

  @TempDir Path folder;
  private KnownSchema known;
  private String sdl;

  @BeforeEach
  void know() {
    try (Database database = Database.open(folder)) {
      put(database, "a", "{\"type\":\"boat\",\"n\":1}");
      try (GraphQL graphql = GraphQL.of(database, GraphQLOptions.DEFAULT.pages(1, 1))) {
        sdl = graphql.sdl();
        known = graphql.known().orElseThrow();
      }
    }
  }

  private static void put(Database database, String id, String body) {
    database.put(id, JsonObject.parse(body));
  }

  private static Object boats(GraphQL graphql, String field) {
    GraphQLReply reply =
        graphql.execute(GraphQLRequest.of("{ boats { nodes { " + field + " } } }"));
    assertThat(reply.errors()).isEmpty();
    return ((Map<?, ?>) reply.data()).get("boats");
  }

  @Test
  void of_asItWas_answersByTheSameSchema() {
    try (Database database = Database.open(folder);
        GraphQL graphql = GraphQL.of(database, known)) {
      assertThat(boats(graphql, "n")).hasToString("{nodes=[{n=1}]}");
      assertThat(graphql.execute(GraphQLRequest.of("{ none }")).errors()).isNotEmpty();
      assertThat(graphql.sdl()).isEqualTo(sdl);
      assertThat(graphql.options().maxPageSize()).isEqualTo(1);
      assertThat(graphql.known()).containsSame(known);
    }
  }

  @Test
  void execute_afterACommit_followsIt() {
    try (Database database = Database.open(folder);
        GraphQL graphql = GraphQL.of(database, known)) {
      put(database, "b", "{\"type\":\"buoy\",\"sound\":\"bell\"}");
      put(database, "a2", "{\"type\":\"boat\",\"n\":2,\"sails\":3}");

      assertThat(boats(graphql, "sails")).isNotNull();
      assertThat(graphql.sdl()).contains("type Buoy ");
      KnownSchema now = graphql.known().orElseThrow();
      assertThat(now.isOf(database)).isTrue();
      assertThat(known.isOf(database)).isFalse();
    }
  }

  @Test
  void of_moreCommitted_orAnotherDatabase_isRefused() {
    try (Database database = Database.open(folder)) {
      put(database, "b", "{}");

      assertThatThrownBy(() -> GraphQL.of(database, known))
          .isInstanceOf(IllegalArgumentException.class);
    }
    try (Database other = Database.inMemory()) {
      put(other, "a", "{\"type\":\"boat\",\"n\":1}");

      assertThatThrownBy(() -> GraphQL.of(other, known))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void close_beforeAnythingWasMade_isQuiet() {
    try (Database database = Database.open(folder)) {
      GraphQL graphql = GraphQL.of(database, known);
      graphql.close();
      put(database, "b", "{\"type\":\"buoy\"}");

      assertThat(graphql.sdl()).isEqualTo(sdl); // it looks no more
      graphql.close();
    }
  }
}
