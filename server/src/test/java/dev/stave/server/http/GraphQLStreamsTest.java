package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.server.exchange.HttpLimits;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Subscriptions, over WebSocket and as server-sent events. */
@Timeout(60)
class GraphQLStreamsTest extends ServerTest {

  private static final int STREAMS = 4;

  @Override
  HttpLimits limits() {
    return HttpLimits.DEFAULT.with(limits -> limits.streams = STREAMS);
  }

  @BeforeEach
  void database() {
    createDb();
  }

  private SocketClient client(String... headers) {
    return new SocketClient(at("/db/_graphql"), headers);
  }

  private static final String CHANGES = "subscription { changes(since: \"0\") { id cursor } }";

  @Test
  void subscription_overASocket_tellsEachChange_untilItIsCompleted() throws Exception {
    putDoc("a", "{}");
    try (SocketClient client = client().begin()) {
      client.subscribe("1", CHANGES);
      assertThat(client.next())
          .isEqualTo(
              MAPPER.readTree(
                  json(
                      "{'id':'1','type':'next','payload':{'data':{'changes':{'id':'a','cursor':'1'}}}}")));
      putDoc("b", "{}");
      assertThat(client.next().at("/payload/data/changes/id").asText()).isEqualTo("b");

      client.say("{'type':'complete','id':'1'}");
      client.subscribe("1", "{ __typename }"); // the id is free again
      assertThat(client.next().at("/payload/data/__typename").asText()).isEqualTo("Query");
      assertThat(client.text()).contains("\"complete\"");
      putDoc("c", "{}");
      client.say("{'type':'ping'}");
      assertThat(client.next().path("type").asText()).isEqualTo("pong"); // and nothing of c
    }
  }

  @Test
  void subscriptions_manyOnOneSocket_eachHasItsOwn() throws Exception {
    try (SocketClient client = client().begin()) {
      client.subscribe("x", "subscription { watch(selector: {n: 1}) { kind id } }");
      client.subscribe("y", "subscription { watch(selector: {n: 2}) { kind id } }");
      client.say("{'type':'ping'}");
      assertThat(client.next().path("type").asText()).isEqualTo("pong");

      String rev = putDoc("a", "{'n': 1}");
      assertThat(client.text()).contains("\"x\"").contains("ADDED");
      put("/db/a?rev=" + rev, "{'n': 2}");

      String both = client.text() + client.text();
      assertThat(both).contains("REMOVED").contains("ADDED").contains("\"y\"");
    }
  }

  @Test
  void operation_thatDoesNotFitTheSchema_isAnErrorOfItsOwn() throws Exception {
    try (SocketClient client = client().begin()) {
      client.subscribe("1", "subscription { nothing }");
      JsonNode error = client.next();

      assertThat(error.path("type").asText()).isEqualTo("error");
      assertThat(error.at("/payload/0/extensions/code").asText())
          .isEqualTo("GRAPHQL_VALIDATION_FAILED");
      client.subscribe("1", "{ __typename }");
      assertThat(client.next().path("type").asText()).isEqualTo("next");
    }
  }

  @Test
  void socket_ofAClientThatDoesNotKeepToTheProtocol_isClosedWithWhatWasWrong() throws Exception {
    try (SocketClient client = client()) {
      client.subscribe("1", CHANGES);
      assertThat(client.text()).startsWith("closed 4401");
    }
    try (SocketClient client = client().begin()) {
      client.say("{'type':'connection_init'}");
      assertThat(client.text()).startsWith("closed 4429");
    }
    try (SocketClient client = client().begin()) {
      client.say("nothing");
      assertThat(client.text()).startsWith("closed 4400");
    }
    try (SocketClient client = client().begin()) {
      client.say("{'type':'subscribe','payload':{'query':'{ __typename }'}}");
      assertThat(client.text()).startsWith("closed 4400");
    }
    try (SocketClient client = client().begin()) {
      client.subscribe("1", "subscription { changes { id } }");
      client.subscribe("1", "subscription { changes { id } }");
      assertThat(client.text()).startsWith("closed 4409");
    }
  }

  @Test
  void socket_ofAPageOfAnotherSite_isRefused() {
    assertThatThrownBy(() -> client("Origin", "https://elsewhere.example"))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
    client("Origin", server.address().toString().replaceFirst("/$", "")).close();
  }

  @Test
  void socket_withoutItsProtocol_isRefused() {
    URI uri = URI.create(at("/db/_graphql").toString().replaceFirst("http", "ws"));

    assertThatThrownBy(
            () -> CLIENT.newWebSocketBuilder().buildAsync(uri, new WebSocket.Listener() {}).join())
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
  }

  @Test
  void subscriptions_moreThanThereIsRoomFor_areRefusedUntilOneEnds() throws Exception {
    try (SocketClient client = client().begin()) { // which takes one place
      for (int i = 1; i < STREAMS; i++) {
        client.subscribe("s" + i, "subscription { changes { id } }");
      }
      client.subscribe("more", "subscription { changes { id } }");
      JsonNode refused = client.next();
      assertThat(refused.path("type").asText()).isEqualTo("error");
      assertThat(refused.at("/payload/0/extensions/code").asText()).isEqualTo("UNAVAILABLE");

      client.say("{'type':'complete','id':'s1'}");
      client.subscribe("more", "subscription { changes(since: \"0\") { id } }");
      putDoc("a", "{}");
      assertThat(client.text()).contains("next");
    }
  }

  @Test
  void socket_whenTheServerStops_isClosed() throws Exception {
    SocketClient client = client().begin();
    client.subscribe("1", "subscription { changes { id } }");
    client.say("{'type':'ping'}");
    client.text();

    server.close();

    assertThat(client.text()).startsWith("closed 1001");
  }

  @Test
  void subscriptions_whenTheDatabaseIsDeleted_end() throws Exception {
    try (SocketClient client = client().begin();
        EventReader events = events("subscription { changes { id } }")) {
      client.subscribe("1", "subscription { changes { id } }");
      client.subscribe("2", "subscription { watch { id } }");
      client.say("{'type':'ping'}");
      assertThat(client.next().path("type").asText()).isEqualTo("pong");

      delete("/db");

      List<String> ended = new ArrayList<>();
      for (JsonNode each : List.of(client.next(), client.next())) {
        assertThat(each.path("type").asText()).isEqualTo("error");
        assertThat(each.at("/payload/0/extensions/code").asText()).isNotEmpty();
        ended.add(each.path("id").asText());
      }
      assertThat(ended).containsExactlyInAnyOrder("1", "2");
      assertThat(events.next().json().at("/errors/0/extensions/code").asText()).isNotEmpty();
      assertThat(events.next().name()).isEqualTo("complete");
      assertThat(events.hasEnded()).isTrue();
    }
  }

  private EventReader events(String query, String... headers) throws Exception {
    return EventReader.open(
        CLIENT,
        request("/db/_graphql", "Accept", "text/event-stream", "Content-Type", "application/json")
            .POST(BodyPublishers.ofString(MAPPER.createObjectNode().put("query", query).toString()))
            .build());
  }

  @Test
  void subscriptions_whenTheSettingsChange_endAndSayThat() throws Exception {
    try (SocketClient client = client().begin()) {
      client.subscribe("1", "subscription { watch { id } }");
      client.subscribe("2", "subscription { changes { id } }");
      client.say("{'type':'ping'}");
      assertThat(client.next().path("type").asText()).isEqualTo("pong");

      putDoc("stave.graphql", "{'type_path': 'kind'}");
      client.subscribe("3", "{ __typename }"); // who asks next notices

      Set<String> ended = new TreeSet<>();
      while (ended.size() < 2) {
        JsonNode told = client.next();
        if (told.path("type").asText().equals("error")) {
          ended.add(told.path("id").asText());
          assertThat(told.at("/payload/0/extensions/code").asText()).isEqualTo("UNAVAILABLE");
          assertThat(told.at("/payload/0/message").asText()).startsWith("what stave.graphql says");
        }
      }
      assertThat(ended).containsExactly("1", "2");
    }
  }

  @Test
  void subscription_asEvents_tellsEachChange() throws Exception {
    putDoc("a", "{}");
    try (EventReader events = events(CHANGES)) {
      assertThat(events.header("content-type")).isEqualTo("text/event-stream");
      assertThat(events.next())
          .isEqualTo(
              new EventReader.Event(
                  "next", "", json("{'data':{'changes':{'id':'a','cursor':'1'}}}")));
      putDoc("b", "{}");
      assertThat(events.next().json().at("/data/changes/id").asText()).isEqualTo("b");
    }
  }

  @Test
  void query_asEvents_isOneResult() throws Exception {
    try (EventReader events = events("{ __typename }")) {
      assertThat(events.next().data()).isEqualTo(json("{'data':{'__typename':'Query'}}"));
      assertThat(events.next().name()).isEqualTo("complete");
      assertThat(events.hasEnded()).isTrue();
    }
    try (EventReader events = events("{ nothing }")) {
      assertThat(events.status()).isEqualTo(400);
    }
  }

  @Test
  void subscription_asJson_is406() {
    ObjectNode body = MAPPER.createObjectNode().put("query", CHANGES);
    assertThat(
            send(request("/db/_graphql", "Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body.toString())))
                .status())
        .isEqualTo(406);
  }
}
