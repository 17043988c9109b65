package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.WriteCheck;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A fork, from the first to the last. */
class GraphQLForksTest {

  private final Database database = Database.inMemory();
  private final GraphQL graphql = GraphQL.of(database);

  @AfterEach
  void close() {
    graphql.close();
    database.close();
  }

  private String ask(String query) {
    GraphQLReply reply = graphql.execute(GraphQLRequest.of(query));
    return String.valueOf(reply.body());
  }

  @Test
  void fork_madeWrittenAndMerged_isBack() {
    var first = database.put("a", JsonObject.parse("{\"x\":1,\"y\":1}"));
    assertThat(ask("mutation { createFork(name: \"trial\") { name made } }"))
        .contains("name=trial", "made=2");
    try (Database fork = database.forks().open("trial")) {
      fork.put("a", first, JsonObject.parse("{\"x\":2,\"y\":1}"));
      fork.put("b", JsonObject.parse("{}"));
      assertThat(ask("{ forks { documents { id } } }")).contains("UNAVAILABLE");
    }
    database.put("a", first, JsonObject.parse("{\"x\":1,\"y\":2}"));

    assertThat(
            ask(
                "{ forks { name documents { id standing merged here { _json } there clashes { path"
                    + " } } } }"))
        .contains("id=a, standing=MERGES, merged={x=2, y=2}", "id=b, standing=NEW");
    assertThat(ask("mutation { mergeFork(name: \"trial\", author: \"ada\") { taken open left } }"))
        .contains("taken=[a, b], open=[], left=[]");
    assertThat(database.get("a").map(Document::body).orElseThrow())
        .isEqualTo(JsonObject.parse("{\"x\":2,\"y\":2}"));
    assertThat(ask("mutation { dropFork(name: \"trial\") { name } }")).contains("dropFork=[]");
  }

  @Test
  void fork_thatIsNot_orHasABadName_isAnError() {
    assertThat(ask("mutation { mergeFork(name: \"none\", author: \"a\") { taken } }"))
        .contains("NOT_FOUND");
    assertThat(ask("mutation { dropFork(name: \"none\") { name } }")).contains("NOT_FOUND");
    assertThat(ask("mutation { dropFork(name: \"../x\") { name } }")).contains("NOT_FOUND");
    assertThat(ask("mutation { mergeFork(name: \"../x\", author: \"a\") { taken } }"))
        .contains("NOT_FOUND");
    assertThat(ask("mutation { createFork(name: \"../x\") { name } }")).contains("BAD_REQUEST");
  }

  @Test
  void fork_byWhoDoesNotTendTheDatabase_isForbidden() {
    Caller reader = new Caller("eve", WriteCheck.NONE, right -> false);
    for (String mutation : new String[] {"createFork(name: \"f\")", "dropFork(name: \"f\")"}) {
      GraphQLReply reply =
          graphql.execute(
              GraphQLRequest.of("mutation { " + mutation + " { name } }")
                  .with(Caller.class, reader));
      assertThat(String.valueOf(reply.body())).contains("FORBIDDEN");
    }
    assertThat(database.forks().list()).isEmpty();
    database.fork("f").close();
    GraphQLReply looked =
        graphql.execute(
            GraphQLRequest.of("{ forks { name documents { id } } }").with(Caller.class, reader));
    assertThat(String.valueOf(looked.body())).contains("FORBIDDEN");
    GraphQLReply schema =
        graphql.execute(
            GraphQLRequest.of("{ __schema { types { name } } }").with(Caller.class, reader));
    assertThat(schema.errors()).isNotEmpty();
  }
}
