package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.sync.Replication;
import dev.stave.sync.http.Credentials;
import dev.stave.sync.http.Extension;
import dev.stave.sync.http.HttpPeer;
import dev.stave.sync.peer.LocalPeer;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/** A replication that was run before, and finds that nothing has changed. */
class IdleReplicationTest extends ServerPeerTest {

  private static final JsonObject BODY = JsonObject.parse("{}");

  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  /** One of which the requests are noted; it may not be told that the server is a Stave. */
  private HttpPeer noted(boolean isStave) {
    OkHttpClient client =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  String path = chain.request().url().encodedPath();
                  requests.add(chain.request().method() + " " + path.replaceAll("/stave-.*", "/…"));
                  Response answer = chain.proceed(chain.request());
                  return isStave
                      ? answer
                      : answer.newBuilder().removeHeader(Extension.HEADER).build();
                })
            .build();
    return HttpPeer.at(URI.create(peer.name()), Credentials.none(), client);
  }

  private Replication.Summary pull(boolean isStave) {
    requests.clear();
    try (HttpPeer from = noted(isStave)) {
      return Replication.run(from, LocalPeer.of(here));
    }
  }

  private Replication.Summary push() {
    requests.clear();
    try (HttpPeer to = noted(true)) {
      return Replication.run(LocalPeer.of(here), to);
    }
  }

  @Test
  void pull_nothingNew_isOneRequest() {
    there.put("a", BODY);
    pull(true);

    assertThat(pull(true).changes()).isZero();

    assertThat(requests).containsExactly("GET /db");
  }

  @Test
  void push_nothingNew_isOneRequest() {
    here.put("a", BODY);
    push();

    assertThat(push().changes()).isZero();

    assertThat(requests).containsExactly("GET /db");
  }

  @Test
  void pull_ofAServerThatIsNoStave_asksAsCouchDbsProtocolDoes() {
    there.put("a", BODY);
    pull(false);

    assertThat(pull(false).changes()).isZero();

    assertThat(requests).containsExactly("GET /db", "GET /db/_local/…", "GET /db/_changes");
  }

  @Test
  void pull_somethingNew_comes() {
    there.put("a", BODY);
    pull(true);
    there.put("b", BODY);

    assertThat(pull(true).written()).isEqualTo(1);

    assertThat(requests)
        .startsWith("GET /db", "GET /db/_changes")
        .doesNotContain("GET /db/_local/…");
  }

  @Test
  void push_somethingNew_goes() {
    here.put("a", BODY);
    push();
    here.put("b", BODY);

    assertThat(push().written()).isEqualTo(1);

    assertThat(there.get("b")).isPresent();
  }

  /** The server's copy of the checkpoint is of an older backup. */
  @Test
  void push_serverSetBack_getsWhatItLost() {
    here.put("a", BODY);
    push();
    List<String> ids = new ArrayList<>();
    there.forEachLocal(IdRange.ALL, (id, body) -> ids.add(id));
    JsonObject before = there.getLocal(ids.get(0)).orElseThrow();
    RevisionId lost = here.put("b", BODY);
    push();
    there.putLocal(ids.get(0), before);
    there.purge(Map.of("b", List.of(lost)));

    assertThat(push().written()).isEqualTo(1);

    assertThat(there.get("b")).isPresent();
  }

  /** The checkpoint that was told is of the database that was there before. */
  @Test
  void pull_databaseMadeAnew_beginsAnew() {
    there.put("a", BODY);
    pull(true);
    delete("/db");
    Database another = create("db");
    another.put("b", BODY);

    assertThat(pull(true).written()).isEqualTo(1);

    assertThat(here.get("b")).isPresent();
  }

  @Test
  void push_conflictAtTheServer_isAskedForItsBases() {
    here.put("a", BODY);
    push();
    try (Database other = Database.inMemory()) {
      other.put("a", JsonObject.parse("{\"n\": 1}"));
      Replication.run(LocalPeer.of(other), peer);
    }

    push();

    assertThat(requests).contains("GET /db/_open_conflicts");
  }

  /** Another run has written the checkpoint meanwhile, so that it has another revision. */
  @Test
  void putLocal_writtenByAnotherMeanwhile_isWritten() {
    peer.putLocal("x", JsonObject.parse("{\"n\": 1}"));
    peer.putLocal("x", JsonObject.parse("{\"n\": 2}"));
    try (HttpPeer another = HttpPeer.at(at("/db"))) {
      another.putLocal("x", JsonObject.parse("{\"n\": 3}"));
    }

    peer.putLocal("x", JsonObject.parse("{\"n\": 4}"));

    assertThat(peer.getLocal("x")).contains(JsonObject.parse("{\"n\": 4}"));
  }

  @Test
  void info_asACheckpointIsAskedFor_tellsIt() {
    there.putLocal("known", JsonObject.parse("{\"n\": 1}"));

    assertThat(get("/db", Extension.CHECKPOINT_HEADER, "known").json().at("/stave/checkpoint/n"))
        .hasToString("1");
    assertThat(get("/db", Extension.CHECKPOINT_HEADER, "unknown").json().get("stave"))
        .hasToString("{\"checkpoint\":null,\"conflicts\":false}");
    assertThat(get("/db").json().has("stave")).isFalse();
    assertThat(get("/db", Extension.CHECKPOINT_HEADER, "stave.own").error())
        .isEqualTo("403 forbidden");
  }
}
