package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rights that are taken away while somebody listens. Ann is a member of the database. */
@Timeout(60)
class GraphQLRightsTest extends ServerTest {

  private static final String[] ROOT = as("root");
  private static final String[] ANN = as("ann");
  private static final String CHANGES = "subscription { changes { id document { _json } } }";

  private String[] ann = ANN;

  private static String[] as(String name) {
    String pair =
        Base64.getEncoder().encodeToString((name + ":pass").getBytes(StandardCharsets.UTF_8));
    return new String[] {"Authorization", "Basic " + pair, "Content-Type", "application/json"};
  }

  @BeforeEach
  void accounts() {
    put("/_node/_local/_config/admins/root", "'pass'");
    put("/_users", "", ROOT);
    put("/_users/org.couchdb.user:ann", user("'readers'"), ROOT);
    put("/db", "", ROOT);
    put("/db/_security", "{'members': {'roles': ['readers']}}", ROOT);
  }

  private static String user(String roles) {
    return "{'type': 'user', 'name': 'ann', 'password': 'pass', 'roles': [" + roles + "]}";
  }

  private SocketClient socket() {
    String authorization = ann[1];
    return new SocketClient(at("/db/_graphql"), "Authorization", authorization);
  }

  private EventReader events() throws Exception {
    String body = MAPPER.createObjectNode().put("query", CHANGES).toString();
    return EventReader.open(
        CLIENT,
        request("/db/_graphql", ann)
            .header("Accept", "text/event-stream")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  @Test
  void subscriptions_ofWhoIsNoMemberAnyMore_endWithoutTellingMore() throws Exception {
    assertEnd(() -> put("/db/_security", "{'members': {'names': ['bob']}}", ROOT));
  }

  @Test
  void subscriptions_ofAnAccountWithoutItsRole_endWithoutTellingMore() throws Exception {
    String rev = get("/_users/org.couchdb.user:ann", ROOT).json().path("_rev").asText();
    assertEnd(() -> put("/_users/org.couchdb.user:ann?rev=" + rev, user(""), ROOT));
  }

  @Test
  void subscriptions_ofAnAccountThatIsGone_endWithoutTellingMore() throws Exception {
    String rev = get("/_users/org.couchdb.user:ann", ROOT).json().path("_rev").asText();
    assertEnd(() -> delete("/_users/org.couchdb.user:ann?rev=" + rev, ROOT));
  }

  @Test
  void subscriptions_ofATokenThatIsOver_endWithoutTellingMore() throws Exception {
    byte[] key = "a key that nobody else has, of 32".getBytes(StandardCharsets.UTF_8);
    String base64 = Base64.getEncoder().encodeToString(key);
    put("/_node/_local/_config/jwt_keys/hmac:_default", "'" + base64 + "'", ROOT);
    Instant end = Instant.now().plusSeconds(10);
    String token =
        JWT.create()
            .withSubject("ann")
            .withClaim("_couchdb.roles", List.of("readers"))
            .withExpiresAt(end)
            .sign(Algorithm.HMAC256(key));
    ann = new String[] {"Authorization", "Bearer " + token, "Content-Type", "application/json"};

    assertEnd(
        () -> {
          while (Instant.now().isBefore(end)) {
            LockSupport.parkNanos(10_000_000);
          }
          return get("/", ROOT);
        });
  }

  /** What was opened with the old password read and wrote on. */
  @Test
  void subscriptions_ofAnAccountWithAnotherPassword_endWithoutTellingMore() throws Exception {
    String rev = get("/_users/org.couchdb.user:ann", ROOT).json().path("_rev").asText();
    String other = user("'readers'").replace("'pass'", "'other'");
    assertEnd(() -> put("/_users/org.couchdb.user:ann?rev=" + rev, other, ROOT));
  }

  /** It was told nothing, and a page went on to wait. */
  @Test
  void socket_thatOnlyListens_whenItsLoginIsOver_isClosed() throws Exception {
    try (SocketClient client = socket().begin()) {
      client.subscribe("1", CHANGES);
      String rev = get("/_users/org.couchdb.user:ann", ROOT).json().path("_rev").asText();
      assertThat(delete("/_users/org.couchdb.user:ann?rev=" + rev, ROOT).status()).isEqualTo(200);

      assertThat(client.text()).startsWith("closed 4403 "); // with its next ping
    }
  }

  /** A member could make the queries of all others fail by it. */
  @Test
  void settings_areWrittenByThoseWhoTendTheDatabase() {
    String settings = "{'type_path': 'kind'}";
    assertThat(put("/db/stave.graphql", settings, ANN).error()).isEqualTo("403 forbidden");
    String all = "{'docs': [{'_id': 'stave.graphql', 'type_path': 'kind'}]}";
    Answer bulk = send(request("/db/_bulk_docs", ANN).POST(BodyPublishers.ofString(json(all))));
    assertThat(bulk.json().at("/0/error").asText()).isEqualTo("forbidden");
    String mutation =
        "mutation { create(id: \"stave.graphql\", body: {type_path: \"kind\"}) { _id } }";
    String body = MAPPER.createObjectNode().put("query", mutation).toString();
    Answer asked = send(request("/db/_graphql", ANN).POST(BodyPublishers.ofString(body)));
    assertThat(asked.json().at("/errors/0/extensions/code").asText()).isEqualTo("FORBIDDEN");
    assertThat(get("/db/stave.graphql", ROOT).status()).isEqualTo(404);

    String rev = put("/db/stave.graphql", settings, ROOT).json().path("rev").asText();
    String patch = "{'type_path': 'type'}";
    Answer patched =
        send(
            request("/db/stave.graphql?rev=" + rev, ANN)
                .setHeader("Content-Type", "application/merge-patch+json")
                .method("PATCH", BodyPublishers.ofString(json(patch))));
    assertThat(patched.error()).isEqualTo("403 forbidden");
  }

  /** Nor may a member say what everybody may write, or how everybody's conflicts are settled. */
  @Test
  void settings_ofEveryKind_areWrittenByThoseWhoTendTheDatabase_andCommentsByMembers() {
    String schema = "{'stave': 'schema', 'schema': {'required': ['total']}}";
    String policy = "{'stave': 'merge_policy', 'policy': {}}";
    assertThat(put("/db/stave.schema.all", schema, ANN).error()).isEqualTo("403 forbidden");
    assertThat(put("/db/stave.merge_policy", policy, ANN).error()).isEqualTo("403 forbidden");
    assertThat(put("/db/stave.comment.1", "{}", ANN).status()).isEqualTo(201);

    assertThat(put("/db/stave.merge_policy", policy, ROOT).status()).isEqualTo(201);
    assertThat(put("/db/stave.schema.all", schema, ROOT).status()).isEqualTo(201);
    assertThat(put("/db/sum", "{}", ANN).error()).isEqualTo("403 forbidden");
  }

  private interface Taking {
    Answer away();
  }

  private void assertEnd(Taking rights) throws Exception {
    try (SocketClient client = socket().begin();
        EventReader events = events()) {
      client.subscribe("1", CHANGES);
      client.say("{'type':'ping'}");
      assertThat(client.next().path("type").asText()).isEqualTo("pong");
      put("/db/before", "{}", ROOT);
      assertThat(client.next().at("/payload/data/changes/id").asText()).isEqualTo("before");
      assertThat(events.next().json().at("/data/changes/id").asText()).isEqualTo("before");

      assertThat(rights.away().status()).isBetween(200, 201);
      put("/db/secret", "{}", ROOT);

      JsonNode told = client.next();
      assertThat(told.path("type").asText()).isEqualTo("error");
      assertThat(told.at("/payload/0/extensions/code").asText()).isEqualTo("FORBIDDEN");
      JsonNode event = events.next().json();
      assertThat(event.at("/errors/0/extensions/code").asText()).isEqualTo("FORBIDDEN");
      assertThat(event.has("data")).isFalse();
      assertThat(events.next().name()).isEqualTo("complete");
      assertThat(events.hasEnded()).isTrue();
      client.subscribe("2", "{ __typename }");
      assertThat(client.text()).startsWith("closed 4403 ");
    }
  }

  @Test
  void fork_isForThoseWhoTendTheDatabase() {
    String make = "{\"query\": \"mutation { createFork(name: \\\"f\\\") { name } }\"}";
    send(request("/db/_graphql", ROOT).POST(BodyPublishers.ofString(make)));
    String asked = "{\"query\": \"{ __typename }\"}";

    assertThat(
            send(request("/db/_graphql?fork=f", ANN).POST(BodyPublishers.ofString(asked))).status())
        .isEqualTo(403);
    assertThat(
            send(request("/db/_graphql?fork=f", ROOT).POST(BodyPublishers.ofString(asked)))
                .status())
        .isEqualTo(200);
  }
}
