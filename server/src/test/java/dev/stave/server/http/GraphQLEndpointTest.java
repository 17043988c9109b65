package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.json.JsonObject;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.wire.Digests;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GraphQL over HTTP: what goes over the wire, whatever is asked. */
class GraphQLEndpointTest extends ServerTest {

  private static final String URL = "/db/_graphql";
  private static final String BROKEN = "{\"members\":{\"type\":\"X\",\"fields\":{\"a\":\"NONE\"}}}";
  private static final String RESPONSE = "application/graphql-response+json";

  @BeforeEach
  void database() {
    createDb();
    putDoc("a", "{'type': 'book', 'title': 'A', 'pages': 9007199254740993}");
  }

  private Answer ask(String query, String... headers) {
    ObjectNode body = MAPPER.createObjectNode().put("query", query);
    return send(
        request(URL, headers)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  private Answer raw(String contentType, String body, String... headers) {
    return send(
        request(URL, headers)
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofString(body)));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String code(JsonNode reply) {
    return reply.at("/errors/0/extensions/code").asText();
  }

  @Test
  void post_aQuery_isAnsweredWithEveryDigit() {
    Answer answer = ask("{ document(id: \"a\") { _id ... on Book { title pages } } }");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo("application/json; charset=utf-8");
    assertThat(answer.text().trim())
        .isEqualTo(json("{'data':{'document':{'_id':'a','title':'A','pages':9007199254740993}}}"));
  }

  @Test
  void post_variablesAndOperationName_areTaken() {
    String body =
        "{'query': 'query One { __typename } query Two($id: ID!) { document(id: $id) { _id } }',"
            + " 'operationName': 'Two', 'variables': {'id': 'a'}}";

    assertThat(post(URL, body).text().trim()).isEqualTo(json("{'data':{'document':{'_id':'a'}}}"));
  }

  @Test
  void get_aQuery_isAnswered_andAMutationIsNot() {
    assertThat(get(URL + "?query=" + encoded("{ __typename }")).text().trim())
        .isEqualTo(json("{'data':{'__typename':'Query'}}"));
    String variables = "&variables=" + encoded("{\"id\":\"a\"}");
    String query = encoded("query ($id: ID!) { document(id: $id) { _id } }");
    assertThat(get(URL + "?query=" + query + variables).status()).isEqualTo(200);

    Answer mutation =
        get(URL + "?query=" + encoded("mutation { delete(id: \"a\", revision: \"1-a\") { id } }"));

    assertThat(mutation.status()).isEqualTo(405);
    assertThat(mutation.header("Allow")).isEqualTo("POST");
    assertThat(get("/db/a").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, 200, application/json; charset=utf-8",
    "*/*, 200, application/json; charset=utf-8",
    "application/graphql-response+json, 400, application/graphql-response+json; charset=utf-8",
    "'application/json;q=0.5, application/graphql-response+json', 400,"
        + " application/graphql-response+json; charset=utf-8",
  })
  void post_whatDoesNotFitTheSchema_hasTheStatusOfItsMediaType(
      String accept, int status, String type) {
    Answer answer = ask("{ nothing }", "Accept", accept);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("content-type")).isEqualTo(type);
    assertThat(code(answer.json())).isEqualTo("GRAPHQL_VALIDATION_FAILED");
    assertThat(answer.json().has("data")).isFalse();
  }

  @Test
  void post_acceptingNothingThatThereIs_is406() {
    assertThat(ask("{ __typename }", "Accept", "image/png").status()).isEqualTo(406);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "1",
        "'{ __typename }'",
        "{}",
        "{'query': null}",
        "{'query': 1}",
        "{'query': ['{ __typename }']}",
        "{'query': '{ __typename }', 'variables': []}",
        "{'query': '{ __typename }', 'operationName': 1}",
        "{'query': '{ __typename }', 'extensions': 'x'}",
      })
  void post_aBodyThatIsNoRequest_is400AsAnError(String body) {
    for (String accept : List.of("application/json", RESPONSE)) {
      Answer answer = raw("application/json", json(body), "Accept", accept);

      assertThat(answer.status()).isEqualTo(400);
      assertThat(code(answer.json())).isEqualTo("BAD_REQUEST");
      assertThat(answer.json().at("/errors/0/message").asText()).isNotBlank();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
      })
  void post_whatAPageOfAnotherSiteMaySendUnasked_is415(String contentType) {
    assertThat(raw(contentType, "{\"query\":\"{ __typename }\"}").status()).isEqualTo(415);
  }

  @Test
  void post_aBatch_isAnsweredInOrder_upToItsLimit() {
    List<String> ten = Collections.nCopies(10, "{'query': '{ __typename }'}");
    Answer answer = post(URL, ten.toString());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json()).hasSize(10);

    List<String> more = Collections.nCopies(11, "{'query': '{ __typename }'}");
    assertThat(post(URL, more.toString()).status()).isEqualTo(400);
    assertThat(post(URL, "[]").status()).isEqualTo(400);
    assertThat(post(URL, "[{'query': '{ __typename }'}, {'query': 1}]").status()).isEqualTo(400);
  }

  @Test
  void persisted_aQueryThatIsTold_isKnownByItsHash() {
    String query = "{ document(id: \"a\") { _id } }";
    String hash = Digests.hex("SHA-256", query.getBytes(StandardCharsets.UTF_8));
    String extensions = "'extensions': {'persistedQuery': {'version': 1, 'sha256Hash': '%s'}}";
    String byHash = "{" + String.format(extensions, hash) + "}";

    Answer unknown = post(URL, byHash);
    assertThat(code(unknown.json())).isEqualTo("PERSISTED_QUERY_NOT_FOUND");
    assertThat(unknown.json().at("/errors/0/message").asText()).isEqualTo("PersistedQueryNotFound");

    ObjectNode told = MAPPER.createObjectNode().put("query", query);
    told.putObject("extensions")
        .putObject("persistedQuery")
        .put("version", 1)
        .put("sha256Hash", hash);
    assertThat(raw("application/json", told.toString()).status()).isEqualTo(200);
    assertThat(post(URL, byHash).text().trim())
        .isEqualTo(json("{'data':{'document':{'_id':'a'}}}"));

    String wrong = "{'query': '{ __typename }', " + String.format(extensions, hash) + "}";
    assertThat(post(URL, wrong).status()).isEqualTo(400);
  }

  @Test
  void get_theSchema_isText() {
    Answer sdl = get(URL + "?sdl");

    assertThat(sdl.status()).isEqualTo(200);
    assertThat(sdl.header("content-type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(sdl.text()).contains("type Book implements Document");
  }

  @Test
  void get_byABrowserThatAsksNothing_leadsToThePage() {
    Answer answer = get(URL, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("Location")).isEqualTo("/_graphiql?db=db");
    Answer page = get("/_graphiql");
    assertThat(page.text()).contains("/_graphiql/page.js");
    assertThat(get("/_graphiql/page.js").header("content-type"))
        .isEqualTo("text/javascript; charset=utf-8");
    assertThat(get("/_graphiql/nothing.js").status()).isEqualTo(404);
    assertThat(get("/_graphiql/..%2Fopenapi.json").status()).isEqualTo(404);
  }

  @Test
  void any_ofADatabaseThatIsNot_is404() {
    assertThat(post("/nodb/_graphql", "{'query': '{ __typename }'}").status()).isEqualTo(404);
  }

  @Test
  void any_ofADatabaseThatWasMadeAnew_seesTheNewOne() {
    ask("{ __typename }");
    delete("/db");
    createDb();

    assertThat(ask("{ document(id: \"a\") { _id } }").text().trim())
        .isEqualTo(json("{'data':{'document':null}}"));
  }

  @Test
  void settings_ofTheDatabase_areFollowedAtOnce_andLeftOutIfTheyAreNone() {
    putDoc("w", "{'type': 'author', 'name': 'W'}");
    putDoc("b", "{'type': 'book', 'title': 'B', 'author_id': 'w'}");
    String query = "{ document(id: \"b\") { ... on Book { author { name } } } }";
    assertThat(code(ask(query).json())).isEqualTo("GRAPHQL_VALIDATION_FAILED");

    String link =
        "{'links': [{'from': 'book', 'path': 'author_id', 'to': 'author', 'as': 'author', 'back':"
            + " 'books'}]}";
    String rev = putDoc("stave.graphql", link);
    assertThat(ask(query).json().at("/data/document/author/name").asText()).isEqualTo("W");
    assertThat(
            ask("{ authors { nodes { books { nodes { title } } } } }")
                .json()
                .at("/data/authors/nodes/0/books/nodes/0/title")
                .asText())
        .isEqualTo("B");

    for (String bad : List.of("{'links': 'none'}", link.replace("author_id", "parts[].book.id"))) {
      Answer refused = put("/db/stave.graphql?rev=" + rev, bad);
      assertThat(refused.error()).isEqualTo("400 bad_request");
      assertThat(refused.text()).contains("stave.graphql: ");
    }
    assertThat(ask(query).json().at("/data/document/author/name").asText()).isEqualTo("W");

    String fromAPeer = "{'_id': 'stave.graphql', '_rev': '9-abc', 'links': 'none'}";
    post("/db/_bulk_docs", "{'new_edits': false, 'docs': [" + fromAPeer + "]}");
    assertThat(code(ask(query).json())).isEqualTo("GRAPHQL_VALIDATION_FAILED");
    assertThat(ask("{ books { totalCount } }").json().at("/data/books/totalCount").asInt())
        .isEqualTo(2);
  }

  @Test
  void any_ofADatabaseWhoseTypesCannotBeRead_fails_andIsNotTriedAgainUntilSomethingChanges() {
    ask("{ __typename }");
    Database database = databases.find(new DatabaseName("db")).orElseThrow();
    Map<String, JsonObject> types = new LinkedHashMap<>();
    database.forEachLocal(
        new IdRange("stave.graphql-types-", "stave.graphql-types-~", false),
        (id, body) -> {
          types.put(id, body);
          return true;
        });
    assertThat(types).isNotEmpty();
    String rev = putDoc("stave.graphql", "{'type_path': 'kind'}");
    ask("{ __typename }"); // so that nobody has them
    types.keySet().forEach(id -> database.putLocal(id, JsonObject.parse(BROKEN)));
    put("/db/stave.graphql?rev=" + rev, "{'type_path': 'type'}"); // so that they are read

    assertThat(ask("{ __typename }").status()).isEqualTo(500);
    types.forEach(database::putLocal);
    assertThat(ask("{ __typename }").status()).isEqualTo(500); // since nobody looked
    putDoc("b", "{'type': 'book'}");
    assertThat(ask("{ books { totalCount } }").json().at("/data/books/totalCount").asInt())
        .isEqualTo(2);
  }

  private Answer askFork(String fork, String query) {
    return post(URL + "?fork=" + fork, MAPPER.createObjectNode().put("query", query).toString());
  }

  @Test
  void fork_isAskedAndWrittenAsADatabase_andMerged() {
    ask("mutation { createFork(name: \"draft\") { name } }");

    JsonNode written =
        askFork("draft", "mutation { create(id: \"n\", body: {type: \"idea\", n: 1}) { _id } }")
            .json();
    assertThat(written.path("errors").isMissingNode()).isTrue();
    JsonNode found =
        askFork("draft", "{ ideas { nodes { n _revisions { revision } } } books { totalCount } }")
            .json();
    assertThat(found.at("/data/ideas/nodes/0/n").asInt()).isEqualTo(1);
    assertThat(found.at("/data/ideas/nodes/0/_revisions")).hasSize(1);
    assertThat(found.at("/data/books/totalCount").asInt()).isEqualTo(1);
    assertThat(get("/db/n").status()).isEqualTo(404);

    ask("mutation { mergeFork(name: \"draft\", author: \"ada\") { taken } }");
    assertThat(ask("{ ideas { totalCount } }").json().at("/data/ideas/totalCount").asInt())
        .isEqualTo(1);
  }

  private String sdl(String parameters) {
    return get(URL + parameters).text();
  }

  @Test
  void fork_itsSchema_isWhatIsInIt() {
    ask("mutation { createFork(name: \"draft\") { name } }");
    askFork("draft", "mutation { create(id: \"n\", body: {type: \"idea\", n: 1}) { _id } }");

    assertThat(sdl("?sdl&fork=draft")).contains("type Idea ", "type Book ");
    assertThat(sdl("?sdl")).contains("type Book ").doesNotContain("type Idea ");
    assertThat(get(URL + "?sdl&fork=none").status()).isEqualTo(404);
  }

  @Test
  void fork_askedAgain_hasTheSchemaOfWhatIsInItNow() {
    ask("mutation { createFork(name: \"draft\") { name } }");
    String ideas = "{ ideas { nodes { n } } }";
    for (int i = 0; i < 2; i++) {
      assertThat(code(askFork("draft", ideas).json())).isEqualTo("GRAPHQL_VALIDATION_FAILED");
    }

    askFork("draft", "mutation { create(id: \"n\", body: {type: \"idea\", n: 1}) { _id } }");

    for (int i = 0; i < 2; i++) {
      assertThat(askFork("draft", ideas).json().at("/data/ideas/nodes/0/n").asInt()).isEqualTo(1);
    }
    ask("mutation { dropFork(name: \"draft\") { name } }");
    ask("mutation { createFork(name: \"draft\") { name } }");
    assertThat(code(askFork("draft", ideas).json())).isEqualTo("GRAPHQL_VALIDATION_FAILED");
  }

  @Test
  void fork_itsSettings_countFromTheNextRequestOn() {
    ask("mutation { createFork(name: \"draft\") { name } }");
    assertThat(sdl("?sdl&fork=draft")).contains("type Book ");

    askFork(
        "draft", "mutation { create(id: \"stave.graphql\", body: {type_path: \"kind\"}) { _id } }");

    assertThat(sdl("?sdl&fork=draft")).doesNotContain("type Book ").contains("type Record ");
    assertThat(sdl("?sdl")).contains("type Book ");
  }

  @Test
  void fork_askedByManyAtOnce_answersEach() {
    ask("mutation { createFork(name: \"draft\") { name } }");

    List<CompletableFuture<Answer>> asked = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      asked.add(CompletableFuture.supplyAsync(() -> askFork("draft", "{ books { totalCount } }")));
    }

    for (CompletableFuture<Answer> each : asked) {
      assertThat(each.join().status()).isEqualTo(200);
    }
  }

  @Test
  void fork_thatIsNot_orIsListenedTo_isRefused() {
    assertThat(code(askFork("none", "{ __typename }").json())).isEqualTo("NOT_FOUND");
    assertThat(askFork("../x", "{ __typename }").status()).isEqualTo(400);
    ask("mutation { createFork(name: \"draft\") { name } }");

    assertThat(askFork("draft", "subscription { changes { id } }").status()).isEqualTo(400);
    Database database = databases.find(new DatabaseName("db")).orElseThrow();
    try (Database open = database.forks().open("draft")) {
      assertThat(open.lastSequence()).isPositive();
      assertThat(askFork("draft", "{ __typename }").status()).isEqualTo(503);
    }
    assertThat(askFork("draft", "{ __typename }").status()).isEqualTo(200);
  }

  @Test
  void mutation_thatADesignDocumentRefuses_changesNothing() {
    put(
        "/db/_design/rules",
        "{'validate_doc_update': 'function (doc) { if (doc.type == \\'x\\') throw({forbidden: \\'no x\\'}); }'}"
            .replace("\\'", "\\u0027"));
    JsonNode refused = ask("mutation { create(id: \"n\", body: {type: \"x\"}) { _id } }").json();

    assertThat(code(refused)).isEqualTo("FORBIDDEN");
    assertThat(refused.at("/errors/0/message").asText()).contains("no x");
    assertThat(get("/db/n").status()).isEqualTo(404);

    JsonNode written = ask("mutation { create(id: \"n\", body: {type: \"y\"}) { _id } }").json();
    assertThat(written.at("/data/create/_id").asText()).isEqualTo("n");
  }
}
