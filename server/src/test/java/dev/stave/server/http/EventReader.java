package dev.stave.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** A client that reads server-sent events, one after the other. */
final class EventReader implements AutoCloseable {

  private final HttpResponse<InputStream> response;
  private final BufferedReader lines;

  /**
   * @param id empty if it has none of its own
   */
  record Event(String name, String id, String data) {
    JsonNode json() throws IOException {
      return ServerTest.MAPPER.readTree(data);
    }
  }

  private EventReader(HttpResponse<InputStream> response) {
    this.response = response;
    this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  static EventReader open(HttpClient client, HttpRequest request) throws Exception {
    return new EventReader(client.send(request, BodyHandlers.ofInputStream()));
  }

  int status() {
    return response.statusCode();
  }

  String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  HttpClient.Version version() {
    return response.version();
  }

  /** The next event; waits for it. Heartbeats are left out. */
  Event next() throws IOException {
    String name = "";
    String id = "";
    String data = "";
    for (String line = line();
        !line.isEmpty() || (name.isEmpty() && data.isEmpty());
        line = line()) {
      if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("data: ")) {
        data = line.substring(6);
      } else if (!line.isEmpty() && !line.startsWith(":")) {
        throw new AssertionError("not a line of an event: " + line);
      }
    }
    return new Event(name, id, data);
  }

  private String line() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new AssertionError("the stream is over");
    }
    return line;
  }

  /** Whether the stream is over, and whole; waits for the next line if it is not. */
  boolean hasEnded() throws IOException {
    return lines.readLine() == null;
  }

  @Override
  public void close() {
    try {
      response.body().close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
