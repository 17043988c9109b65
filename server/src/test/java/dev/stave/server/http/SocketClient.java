package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of graphql-transport-ws. */
final class SocketClient implements WebSocket.Listener, AutoCloseable {
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private String part = "";

  SocketClient(URI address, String... headers) {
    WebSocket.Builder builder =
        ServerTest.CLIENT.newWebSocketBuilder().subprotocols("graphql-transport-ws");
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    URI uri = URI.create(address.toString().replaceFirst("http", "ws"));
    socket = builder.buildAsync(uri, this).join();
  }

  @Override
  public CompletionStage<?> onText(WebSocket same, CharSequence data, boolean last) {
    part += data;
    if (last) {
      heard.add(part);
      part = "";
    }
    same.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket same, int status, String reason) {
    heard.add("closed " + status + " " + reason);
    return null;
  }

  SocketClient say(String message) {
    socket.sendText(ServerTest.json(message), true).join();
    return this;
  }

  SocketClient begin() throws Exception {
    say("{'type':'connection_init'}");
    assertThat(next().path("type").asText()).isEqualTo("connection_ack");
    return this;
  }

  SocketClient subscribe(String id, String query) {
    ObjectNode message =
        ServerTest.MAPPER.createObjectNode().put("type", "subscribe").put("id", id);
    message.putObject("payload").put("query", query);
    return say(message.toString());
  }

  String text() throws InterruptedException {
    String text = heard.poll(20, TimeUnit.SECONDS);
    assertThat(text).as("a message").isNotNull();
    return text;
  }

  JsonNode next() throws IOException, InterruptedException {
    return ServerTest.MAPPER.readTree(text());
  }

  @Override
  public void close() {
    socket.abort();
  }
}
