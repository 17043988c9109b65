package dev.stave.server.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A database on a server that speaks CouchDB's protocol. */
final class RemoteDatabase {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Numbers keep every digit, however many they are. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNumberLength(Integer.MAX_VALUE).build())
                  .build())
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private final String address;

  RemoteDatabase(String server, String name) {
    String base = server.endsWith("/") ? server : server + "/";
    if (!base.matches("(?i)https?://[^/\\s]+/.*")) {
      throw new CommandException(
          "--url is the address of a server, such as http://127.0.0.1:5984, not " + server);
    }
    this.address = base + URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  /** Makes the database if it is not there. */
  void createIfAbsent() {
    HttpResponse<byte[]> response = send(request("").PUT(BodyPublishers.noBody()));
    if (response.statusCode() != 201 && response.statusCode() != 412) {
      throw refused(response);
    }
  }

  /** Posts JSON to an endpoint of the database and returns what it answers. */
  JsonNode post(String endpoint, byte[] json) {
    HttpResponse<byte[]> response =
        send(
            request("/" + endpoint)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(json)));
    if (response.statusCode() / 100 != 2) {
      throw refused(response);
    }
    return json(response);
  }

  /** Gets JSON: {@code path} is what follows the name of the database. */
  JsonNode get(String path) {
    HttpResponse<byte[]> response = send(request(path).GET());
    if (response.statusCode() != 200) {
      throw refused(response);
    }
    return json(response);
  }

  /**
   * Gets what an endpoint sends, while it sends it.
   *
   * @throws BrokenOffException if it begins to answer and stops
   */
  InputStream stream(String endpoint) throws IOException {
    HttpResponse<InputStream> response;
    try {
      response = exchange(request("/" + endpoint).GET(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new BrokenOffException(e);
    }
    if (response.statusCode() == 200) {
      return response.body();
    }
    try (InputStream body = response.body()) {
      throw refused(response.statusCode(), body.readAllBytes());
    }
  }

  private HttpRequest.Builder request(String path) {
    try {
      return HttpRequest.newBuilder(URI.create(address + path)).timeout(PATIENCE);
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          "--url is the address of a server, such as http://127.0.0.1:5984, not " + address);
    }
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return exchange(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new CommandException("no answer from " + address + ": " + e.getMessage());
    }
  }

  private <T> HttpResponse<T> exchange(HttpRequest.Builder request, BodyHandler<T> body)
      throws IOException {
    try {
      return client.send(request.build(), body);
    } catch (ConnectException e) {
      throw new CommandException("nothing answers at " + address + ": is a server running there?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted");
    }
  }

  private CommandException refused(HttpResponse<byte[]> response) {
    return refused(response.statusCode(), response.body());
  }

  private CommandException refused(int status, byte[] body) {
    JsonNode error = json(status, body);
    return new CommandException(
        address
            + " answered "
            + status
            + " "
            + error.path("error").asText()
            + ": "
            + error.path("reason").asText());
  }

  private JsonNode json(HttpResponse<byte[]> response) {
    return json(response.statusCode(), response.body());
  }

  private JsonNode json(int status, byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (IOException e) {
      throw new CommandException(
          address + " answered " + status + " without JSON: not a database server?");
    }
  }
}
