package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonMask;
import dev.stave.json.JsonObject;
import dev.stave.server.graphql.live.LiveSources;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.OperationDefinition;
import graphql.parser.Parser;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read of a document, by what is asked of it. */
class AskedMembersTest {

  private static final JsonObject BOOK =
      JsonObject.parse(
          "{\"type\":\"book\",\"title\":\"T\",\"author\":{\"name\":\"N\",\"born\":[{\"y\":1}]},"
              + "\"shelf\":\"s1\",\"other\":{\"a b\":2,\"c\":3},\"days\":{\"2026-01-01\":1,"
              + "\"2026-01-02\":2,\"2026-01-03\":3,\"2026-01-04\":4}}");

  private static final GraphQLOptions LINKED =
      GraphQLOptions.DEFAULT.link(GraphQLLink.of("book", "shelf", "shelf", "standsOn", "books"));

  private final Database database = Database.inMemory();

  @BeforeEach
  void fill() {
    database.put("b", BOOK);
    database.put("s1", JsonObject.parse("{\"type\":\"shelf\",\"room\":7}"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** What is read of the book for {@code selections} of a field of {@code Query}. */
  private String read(String field, String selections) {
    try (SchemaKeeper keeper = new SchemaKeeper(database, LINKED, new LiveSources())) {
      GraphQLSchema schema = keeper.newest().schema();
      Document text = new Parser().parseDocument("{ " + field + " { nodes " + selections);
      OperationDefinition operation = text.getDefinitionsOfType(OperationDefinition.class).get(0);
      Field pages = (Field) operation.getSelectionSet().getSelections().get(0);
      Field nodes = (Field) pages.getSelectionSet().getSelections().get(0);
      GraphQLFieldDefinition definition = schema.getQueryType().getFieldDefinition(field);
      GraphQLObjectType type =
          schema.getObjectType(field.equals("documents") ? "DocumentConnection" : "BookConnection");
      assertThat(definition).isNotNull();
      JsonMask mask =
          new AskedMembers(schema, text, LINKED.typePath())
              .below(List.of(nodes), type.getFieldDefinition("nodes").getType());
      return JsonObject.trusted(BOOK.bytes(), 0).masked(mask).toString();
    }
  }

  @Test
  void mask_fields_areWhatIsRead() {
    assertThat(read("books", "{ _id __typename _revision title } } }"))
        .isEqualTo("{\"title\":\"T\"}");
    assertThat(read("books", "{ _id _revisions { author } _conflicts { id } books: _id } } }"))
        .isEqualTo("{}");
    assertThat(read("books", "{ title author { name } again: author { n: name } } } }"))
        .isEqualTo("{\"title\":\"T\",\"author\":{\"name\":\"N\"}}");
    assertThat(read("books", "{ author { born { y } } } } }"))
        .isEqualTo("{\"author\":{\"born\":[{\"y\":1}]}}");
  }

  @Test
  void mask_allOfAnObject_isReadWhole() {
    assertThat(read("books", "{ author { name _json } } } }"))
        .isEqualTo("{\"author\":{\"name\":\"N\",\"born\":[{\"y\":1}]}}");
    assertThat(read("books", "{ days { _entries(first: 1) { key } } } } }"))
        .startsWith("{\"days\":{\"2026-01-01\":1,")
        .contains("2026-01-04");
    assertThat(read("books", "{ title _json } } }")).isEqualTo(BOOK.toString());
    assertThat(read("books", "{ _get(path: \"title\") } } }")).isEqualTo(BOOK.toString());
  }

  @Test
  void mask_fragments_areReadTogetherWithWhatTellsTheType() {
    assertThat(read("documents", "{ _id } } }")).isEqualTo("{\"type\":\"book\"}");
    assertThat(
            read(
                "documents",
                "{ ... on Book { title } ...F ... { _id } } } } fragment F on Book { other { c }"
                    + " }"))
        .isEqualTo("{\"type\":\"book\",\"title\":\"T\",\"other\":{\"c\":3}}");
  }

  @Test
  void mask_links_readTheirIds() {
    assertThat(read("books", "{ standsOn { room } } } }")).isEqualTo("{\"shelf\":\"s1\"}");
  }

  @Test
  void execute_partsOfDocuments_areThoseOfTheWhole() {
    database.put("odd", JsonObject.parse("{\"type\":\"book\",\"author\":\"me\"}"));
    try (GraphQL graphql = GraphQL.of(database, LINKED)) {
      GraphQLReply reply =
          graphql.execute(
              GraphQLRequest.of(
                  "{ books(orderBy: {path: \"_id\"}) {"
                      + " edges { cursor node { title author { name } standsOn { room } } }"
                      + " nodes { _json author { name } } }"
                      + " document(id: \"b\") { _id ... on Book { title } } }"));

      assertThat(reply.errors()).isEmpty();
      assertThat(String.valueOf(reply.data()))
          .contains("node={title=T, author={name=N}, standsOn={room=7}}")
          .contains("node={title=null, author=null, standsOn=null}")
          .contains("shelf=s1, other={a b=2, c=3}, days={2026-01-01=1,")
          .endsWith("document={_id=b, title=T}}");
      assertThat(String.valueOf(reply.body().get("extensions")))
          .contains("{path=[books, edges, 1, node, author], type=string}");
    }
  }
}
