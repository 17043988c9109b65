package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As many subscriptions as a server is made for, with its usual limits. */
@Timeout(300)
class GraphQLManySubscriptionsTest extends ServerTest {

  private static final int SOCKETS = 10;
  private static final int OF_A_SOCKET = 1_000;

  @Test
  void subscriptions_tenThousand_allHearOfAChange() throws Exception {
    createDb();
    List<SocketClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < SOCKETS; i++) {
        SocketClient client = new SocketClient(at("/db/_graphql")).begin();
        clients.add(client);
        for (int n = 0; n < OF_A_SOCKET; n++) {
          client.subscribe("s" + n, "subscription { watch(selector: {n: 1}) { id } }");
        }
      }
      for (SocketClient client : clients) { // all of its subscriptions have begun
        client.say("{'type':'ping'}");
        assertThat(client.next().path("type").asText()).isEqualTo("pong");
      }

      putDoc("a", "{'n': 1}");

      for (SocketClient client : clients) {
        Set<String> told = new HashSet<>();
        for (int n = 0; n < OF_A_SOCKET; n++) {
          JsonNode message = client.next();
          assertThat(message.at("/payload/data/watch/id").asText()).isEqualTo("a");
          told.add(message.path("id").asText());
        }
        assertThat(told).hasSize(OF_A_SOCKET);
      }
    } finally {
      clients.forEach(SocketClient::close);
    }
  }
}
