package dev.stave.server.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.server.graphql.GraphQL;
import dev.stave.server.graphql.KnownSchema;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose schemas are kept, and for how long. */
class ForkSchemasTest {

  private final ForkSchemas schemas = new ForkSchemas();
  private final List<Database> databases = new ArrayList<>();

  @AfterEach
  void close() {
    databases.forEach(Database::close);
  }

  private Database database() {
    Database database = Database.inMemory();
    databases.add(database);
    return database;
  }

  private static KnownSchema known(Database database) {
    try (GraphQL graphql = GraphQL.of(database)) {
      return graphql.known().orElseThrow();
    }
  }

  @Test
  void keep_asManyAsThereIsRoomFor_andOneMore() {
    for (int i = 0; i < ForkSchemas.MOST; i++) {
      schemas.keep(known(database()));
    }
    assertThat(databases).allSatisfy(each -> assertThat(schemas.find(each)).isPresent());

    schemas.keep(known(databases.get(0))); // asked again
    schemas.keep(known(database()));

    assertThat(schemas.find(databases.get(1))).isEmpty();
    databases.remove(1).close();
    assertThat(databases).hasSize(ForkSchemas.MOST);
    assertThat(databases).allSatisfy(each -> assertThat(schemas.find(each)).isPresent());
  }

  @Test
  void find_committedSince_isNothing_untilThatIsKnown() {
    Database database = database();
    schemas.keep(known(database));

    database.put("a", JsonObject.parse("{\"n\":1}"));

    assertThat(schemas.find(database)).isEmpty();
    KnownSchema now = known(database);
    schemas.keep(now);
    assertThat(schemas.find(database)).containsSame(now);
  }
}
