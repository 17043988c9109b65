package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.AttachmentUpload;
import dev.stave.database.Database;
import dev.stave.database.WriteCheck;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Documents are written: one, or several together. */
class GraphQLMutationsTest {

  private final Database database = Database.inMemory();
  private final GraphQL graphql = GraphQL.of(database, GraphQLOptions.DEFAULT.maxListValues(5));

  @AfterEach
  void close() {
    graphql.close();
    database.close();
  }

  private GraphQLReply ask(String query) {
    return graphql.execute(GraphQLRequest.of(query));
  }

  private GraphQLReply ask(String query, Map<String, Object> variables) {
    return graphql.execute(GraphQLRequest.of(query).variables(new LinkedHashMap<>(variables)));
  }

  private static String code(GraphQLReply reply) {
    return reply.code().orElseThrow().name();
  }

  private JsonObject body(String id) {
    return database.get(id).map(Document::body).orElseThrow();
  }

  private RevisionId put(String id, String body) {
    return database.put(id, JsonObject.parse(body));
  }

  @Test
  void create_withAndWithoutId_isThere() {
    GraphQLReply named =
        ask("mutation { create(id: \"a\", body: {n: 9007199254740993.10}) { _id _revision } }");
    GraphQLReply other = ask("mutation { create(body: {n: 2}) { _id } }");

    assertThat(named.errors()).isEmpty();
    assertThat(body("a")).isEqualTo(JsonObject.parse("{\"n\":9007199254740993.10}"));
    assertThat(other.errors()).isEmpty();
    assertThat(database.count()).isEqualTo(2);
  }

  /** All was null, so that nobody knew what was written. */
  @Test
  void mutations_ofWhichOneFails_sayWhatTheOthersWrote() {
    GraphQLReply reply =
        ask(
            "mutation { a: create(id: \"x\", body: {}) { _id } b: create(id: \"x\", body: {}) {"
                + " _id } c: create(id: \"y\", body: {}) { _id } }");

    assertThat(reply.data().toString()).isEqualTo("{a={_id=x}, b=null, c={_id=y}}");
    assertThat(reply.errors()).hasSize(1);
    assertThat(reply.errors().get(0).get("path")).isEqualTo(List.of("b"));
    assertThat(database.count()).isEqualTo(2);
  }

  @Test
  void mutations_allOfThem_areNullable() {
    GraphQLReply reply = ask("{ __type(name: \"Mutation\") { fields { name type { kind } } } }");

    assertThat(reply.data().toString()).contains("mergeFork", "close").doesNotContain("NON_NULL");
  }

  @Test
  void create_ofADocumentThatIsThere_isStale() {
    put("a", "{}");

    assertThat(code(ask("mutation { create(id: \"a\", body: {}) { _id } }")))
        .isEqualTo("STALE_REVISION");
  }

  @Test
  void replace_withTheRevisionThatWasLookedAt_replaces_andWithAnOlderNot() {
    RevisionId first = put("a", "{\"n\":1}");
    String replace =
        "mutation ($r: String!, $b: JSON!) { replace(id: \"a\", revision: $r, body: $b) { _json }"
            + " }";

    GraphQLReply done = ask(replace, Map.of("r", first.toString(), "b", Map.of("m", 2)));
    GraphQLReply late = ask(replace, Map.of("r", first.toString(), "b", Map.of("m", 3)));

    assertThat(done.errors()).isEmpty();
    assertThat(body("a")).isEqualTo(JsonObject.parse("{\"m\":2}"));
    assertThat(code(late)).isEqualTo("STALE_REVISION");
    assertThat(late.data()).isEqualTo(Collections.singletonMap("replace", null));
  }

  @Test
  void patch_byMergePatchAndByOperations_changesParts() {
    put("a", "{\"x\":1,\"y\":{\"z\":2},\"list\":[1]}");

    assertThat(ask("mutation { patch(id: \"a\", merge: {x: null, y: {w: 3}}) { _id } }").errors())
        .isEmpty();
    assertThat(body("a")).isEqualTo(JsonObject.parse("{\"y\":{\"z\":2,\"w\":3},\"list\":[1]}"));

    GraphQLReply added =
        ask(
            "mutation { patch(id: \"a\", operations: [{op: \"add\", path: \"/list/-\", value: 2}])"
                + " { _id } }");
    assertThat(added.errors()).isEmpty();
    assertThat(body("a")).isEqualTo(JsonObject.parse("{\"y\":{\"z\":2,\"w\":3},\"list\":[1,2]}"));
  }

  @Test
  void patch_keepsAttachments() {
    try (AttachmentUpload upload = database.attachments().begin("text/plain")) {
      upload.write("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      Attachment attachment = upload.finish();
      database.put("a", JsonObject.parse("{}"), Map.of("x", attachment));
    }

    GraphQLReply twice =
        ask(
            "mutation { write(edits: [{patch: {id: \"a\", merge: {n: 1}}}, {patch: {id: \"a\","
                + " merge: {m: 2}}}]) { revision } }");

    assertThat(twice.errors()).isEmpty();
    assertThat(database.get("a").orElseThrow().attachments()).containsOnlyKeys("x");
    assertThat(body("a")).isEqualTo(JsonObject.parse("{\"n\":1,\"m\":2}"));
  }

  @Test
  void patch_thatCannotBe_isRefused() {
    put("a", "{}");

    assertThat(code(ask("mutation { patch(id: \"a\") { _id } }"))).isEqualTo("BAD_REQUEST");
    assertThat(code(ask("mutation { patch(id: \"a\", merge: 1) { _id } }")))
        .isEqualTo("BAD_REQUEST");
    assertThat(code(ask("mutation { patch(id: \"a\", merge: {}, operations: []) { _id } }")))
        .isEqualTo("BAD_REQUEST");
    assertThat(
            code(
                ask(
                    "mutation { patch(id: \"a\", operations: [{op: \"remove\", path: \"/x\"}]) {"
                        + " _id } }")))
        .isEqualTo("BAD_REQUEST");
    assertThat(code(ask("mutation { patch(id: \"none\", merge: {}) { _id } }")))
        .isEqualTo("NOT_FOUND");
    String revision = "(id: \"none\", revision: \"1-" + "0".repeat(32) + "\"";
    for (String edit :
        List.of(
            "patch" + revision + ", merge: {}) { _id }",
            "replace" + revision + ", body: {}) { _id }",
            "delete" + revision + ") { id }")) {
      assertThat(code(ask("mutation { " + edit + " }"))).as(edit).isEqualTo("NOT_FOUND");
      assertThat(code(ask("mutation { " + edit.replace("none", "a") + " }")))
          .as(edit)
          .isEqualTo("STALE_REVISION");
    }
    assertThat(code(ask("mutation { patch(id: \"a\", revision: \"x\", merge: {}) { _id } }")))
        .isEqualTo("BAD_REQUEST");
  }

  @Test
  void delete_deletes_andTellsTheTombstone() {
    RevisionId first = put("a", "{}");

    GraphQLReply reply =
        ask(
            "mutation ($r: String!) { delete(id: \"a\", revision: $r) { id revision document { _id"
                + " } } }",
            Map.of("r", first.toString()));

    assertThat(reply.errors()).isEmpty();
    assertThat(String.valueOf(reply.data())).contains("revision=2-").contains("document=null");
    assertThat(database.get("a")).isEmpty();
  }

  @Test
  void write_severalEdits_areOneCommit_orNothing() {
    RevisionId a = put("a", "{\"n\":1}");
    long before = database.lastSequence();
    String write =
        "mutation ($r: String!) { write(edits: [{create: {id: \"b\", body: {}}}, {delete: {id:"
            + " \"a\", revision: $r}}], reason: \"moved\") { id } }";

    GraphQLReply stale = ask(write, Map.of("r", "1-00000000000000000000000000000000"));
    assertThat(code(stale)).isEqualTo("STALE_REVISION");
    assertThat(database.lastSequence()).isEqualTo(before);

    GraphQLReply done = ask(write, Map.of("r", a.toString()));
    assertThat(done.errors()).isEmpty();
    assertThat(database.get("b")).isPresent();
    assertThat(database.get("a")).isEmpty();
    assertThat(database.changes(before, 9))
        .extracting(change -> change.together())
        .containsOnly(before + 2);
    assertThat(database.history("b").entries().get(0).provenance().orElseThrow().reason())
        .isEqualTo("moved");
  }

  @Test
  void write_asManyEditsAsMayBe_isDone_andOneMoreNot() {
    String edit = "{create: {body: {}}}";
    String five = String.join(",", Collections.nCopies(5, edit));

    assertThat(ask("mutation { write(edits: [" + five + "]) { id } }").errors()).isEmpty();
    assertThat(code(ask("mutation { write(edits: [" + five + "," + edit + "]) { id } }")))
        .isEqualTo("LIMIT_LIST");
    assertThat(database.count()).isEqualTo(5);
  }

  @Test
  void write_anEditOfTwoKindsOrOfNone_doesNotFitTheSchema() {
    for (String edit :
        List.of("{}", "{create: {body: {}}, delete: {id: \"a\", revision: \"1-a\"}}")) {
      GraphQLReply reply = ask("mutation { write(edits: [" + edit + "]) { id } }");

      assertThat(reply.errors()).as(edit).isNotEmpty();
      assertThat(code(reply)).isIn("GRAPHQL_VALIDATION_FAILED", "BAD_REQUEST");
    }
    assertThat(database.count()).isZero();
  }

  @Test
  void everyMutation_ofACallerWhoMayNot_isForbiddenAndChangesNothing() {
    RevisionId first = put("a", "{}");
    long before = database.lastSequence();
    Caller nobody =
        new Caller(
            "eve",
            (id, parent, deleted, body) -> {
              throw new GraphQLException(ErrorCode.FORBIDDEN, "you may not", "document", id);
            },
            right -> false);
    String r = "revision: \"" + first + "\"";
    for (String mutation :
        List.of(
            "create(body: {}) { _id }",
            "replace(id: \"a\", " + r + ", body: {}) { _id }",
            "patch(id: \"a\", merge: {n: 1}) { _id }",
            "delete(id: \"a\", " + r + ") { id }",
            "write(edits: [{create: {body: {}}}]) { id }")) {
      GraphQLReply reply =
          graphql.execute(
              GraphQLRequest.of("mutation { " + mutation + " }").with(Caller.class, nobody));

      assertThat(code(reply)).as(mutation).isEqualTo("FORBIDDEN");
    }
    assertThat(database.lastSequence()).isEqualTo(before);
  }

  @Test
  void write_byACallerWithAName_isInTheHistory() {
    graphql.execute(
        GraphQLRequest.of("mutation { create(id: \"a\", body: {}, reason: \"new\") { _id } }")
            .with(Caller.class, new Caller("ada", WriteCheck.NONE, right -> false)));

    GraphQLReply reply =
        ask(
            "{ document(id: \"a\") { _revisions { revision parent author reason standing document {"
                + " _json } } } }");

    assertThat(String.valueOf(reply.data()))
        .contains("author=ada", "reason=new", "standing=WINNER", "parent=null", "_json={}");
  }

  @Test
  void write_severalEditsOfOneDocument_areEachCheckedAgainstWhatWasThereBefore() {
    List<String> asked = new ArrayList<>();
    Caller caller =
        new Caller(
            null,
            (id, parent, deleted, body) ->
                asked.add(id + " " + parent + " " + deleted + " " + body),
            right -> false);

    GraphQLReply reply =
        graphql.execute(
            GraphQLRequest.of(
                    "mutation { write(edits: [{create: {id: \"z\", body: {ok: 1}}},"
                        + " {patch: {id: \"z\", merge: {evil: 1}}}]) { id } }")
                .with(Caller.class, caller));

    assertThat(reply.errors()).isEmpty();
    assertThat(asked)
        .containsExactly("z null false {\"ok\":1}", "z null false {\"ok\":1,\"evil\":1}");
  }
}
