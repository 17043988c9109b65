package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.database.WriteCheck;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.review.MergeRequests;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A conflict, looked at, talked about and settled by GraphQL alone. */
class GraphQLMergeRequestsTest {

  private final Database database = Database.inMemory();
  private final GraphQL graphql = GraphQL.of(database);
  private String id;

  @BeforeEach
  void conflict() {
    RevisionId base = database.put("a", JsonObject.parse("{\"x\":1,\"y\":1,\"z\":1}"));
    database.put("a", base, JsonObject.parse("{\"x\":2,\"y\":5,\"z\":1}"));
    JsonObject body = JsonObject.parse("{\"x\":3,\"y\":1,\"z\":7}");
    RevisionId theirs = RevisionId.of(base, false, body.sharedTree());
    database.write(
        new WriteBatch().graft("a", new RevisionPath(List.of(theirs, base), false), body));
    id = MergeRequests.of(database).open().get(0).id();
  }

  @AfterEach
  void close() {
    graphql.close();
    database.close();
  }

  private String ask(String query) {
    GraphQLReply reply = graphql.execute(GraphQLRequest.of(query.replace("$ID", '"' + id + '"')));
    assertThat(reply.errors()).isEmpty();
    return String.valueOf(reply.data());
  }

  private String code(String query) {
    GraphQLReply reply = graphql.execute(GraphQLRequest.of(query.replace("$ID", '"' + id + '"')));
    return reply.code().orElseThrow().name();
  }

  @Test
  void conflicts_ofADocument_tellBaseSidesAndClashes() {
    String shown =
        ask(
            "{ document(id: \"a\") { _conflicts { id state base ours theirs merged"
                + " diff { side path kind before after } clashes { path why base sides } held"
                + " sides { number revision body diff { path } } document { _id } } } }");

    assertThat(shown)
        .contains("state=OPEN", "base={x=1, y=1, z=1}")
        .contains("path=/x, kind=CHANGED, before=1")
        .contains("clashes=[{path=/x, why=CHANGED, base=1")
        .contains("there are clashes");
    assertThat(ask("{ documents { nodes { _conflicts { id } } } }")).contains(id);
    assertThat(ask("{ mergeRequests { id documentId } }")).contains("documentId=a");
    assertThat(ask("{ mergeRequests(after: \"a\") { id } }")).isEqualTo("{mergeRequests=[]}");
    assertThat(ask("{ mergeRequests(first: 0) { id } }")).isEqualTo("{mergeRequests=[]}");
  }

  @Test
  void merge_withAChoiceForEachClash_mergesAndTellsWhoAndWhy() {
    String merged =
        ask(
            "mutation { merge(id: $ID, author: \"ada\", reason: \"both\", choices: [{path: \"/x\","
                + " value: 9}]) { state author reason result document { _json } } }");

    assertThat(merged)
        .contains("state=MERGED_BY_HAND", "author=ada", "reason=both", "x=9", "y=5", "z=7");
    assertThat(ask("{ document(id: \"a\") { _conflicts { id } } }"))
        .isEqualTo("{document={_conflicts=[]}}");

    assertThat(ask("mutation { undo(id: $ID, author: \"ada\") { state } }")).contains("OPEN");
    assertThat(ask("{ mergeRequests { id } }")).contains(id);
  }

  @Test
  void merge_withoutAChoice_orWithOneTooMany_isRefused() {
    assertThat(code("mutation { merge(id: $ID, author: \"a\") { id } }")).isEqualTo("BAD_REQUEST");
    assertThat(code("mutation { merge(id: $ID, author: \"a\", choices: [{path: \"/x\"}]) { id } }"))
        .isEqualTo("BAD_REQUEST");
    assertThat(
            code(
                "mutation { merge(id: $ID, author: \"a\", choices: [{path: \"/x\", side: 0, base:"
                    + " true}]) { id } }"))
        .isEqualTo("BAD_REQUEST");
    assertThat(
            code(
                "mutation { merge(id: $ID, author: \"a\", choices: [{path: \"/x\", side: 0}, {path:"
                    + " \"/q\", side: 0}]) { id } }"))
        .isEqualTo("BAD_REQUEST");
    assertThat(code("mutation { merge(id: $ID, author: \"a\", into: 1) { id } }"))
        .isEqualTo("BAD_REQUEST");
    assertThat(code("mutation { merge(id: $ID, choices: [{path: \"/x\", side: 0}]) { id } }"))
        .isEqualTo("BAD_REQUEST"); // nobody
    assertThat(code("mutation { merge(id: \"b@1-a\", author: \"a\") { id } }"))
        .isEqualTo("NOT_FOUND");
    assertThat(code("mutation { mergeByPolicy(id: $ID, author: \"a\") { id } }"))
        .isEqualTo("REFUSED");
    assertThat(MergeRequests.of(database).count()).isEqualTo(1);
  }

  @Test
  void merge_intoWhatIsGiven_isThat() {
    ask("mutation { merge(id: $ID, author: \"ada\", into: {done: true}) { id } }");

    assertThat(database.get("a").map(Document::body).orElseThrow())
        .isEqualTo(JsonObject.parse("{\"done\":true}"));
  }

  @Test
  void comments_andReviews_areSaidAndShown() {
    ask("mutation { comment(id: $ID, author: \"ada\", text: \"hm\") { id } }");
    String said =
        ask(
            "mutation { review(id: $ID, author: \"bo\", verdict: REQUEST_CHANGES, text: \"no\","
                + " role: \"editor\") { comments { author text verdict role } } }");

    assertThat(said)
        .contains("{author=ada, text=hm, verdict=null, role=null}")
        .contains("{author=bo, text=no, verdict=REQUEST_CHANGES, role=editor}");
  }

  @Test
  void close_keepsOneSide() {
    RevisionId theirs = MergeRequests.of(database).open().get(0).sides().get(1);

    assertThat(
            ask("mutation { close(id: $ID, author: \"ada\", keep: \"" + theirs + "\") { state } }"))
        .contains("CLOSED");
    assertThat(database.get("a").orElseThrow().revision()).isEqualTo(theirs);
    assertThat(code("mutation { close(id: $ID, author: \"ada\", keep: \"1-00\") { state } }"))
        .isEqualTo("BAD_REQUEST");
  }

  @Test
  void author_ofSomebodyWhoIsLoggedIn_isKnown_andNotAnother() {
    Caller ada = new Caller("ada", WriteCheck.NONE, right -> false);
    GraphQLReply known =
        graphql.execute(
            GraphQLRequest.of(
                    "mutation { comment(id: \""
                        + id
                        + "\", text: \"hm\") { comments { author } } }")
                .with(Caller.class, ada));
    GraphQLReply other =
        graphql.execute(
            GraphQLRequest.of(
                    "mutation { comment(id: \"" + id + "\", text: \"hm\", author: \"bo\") { id } }")
                .with(Caller.class, ada));

    assertThat(String.valueOf(known.data())).contains("author=ada");
    assertThat(String.valueOf(other.errors())).contains("FORBIDDEN");
  }
}
