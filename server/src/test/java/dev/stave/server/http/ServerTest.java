package dev.stave.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real server on a port of its own, a real client, and few words for what they say. */
abstract class ServerTest {

  static final ObjectMapper MAPPER = new ObjectMapper();
  static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir Path folder;
  Databases databases;
  HttpServer server;

  /** What came back. */
  record Answer(int status, String text, HttpResponse<String> response) {
    JsonNode json() {
      try {
        return MAPPER.readTree(text);
      } catch (IOException e) {
        throw new AssertionError("not JSON: " + text, e);
      }
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    String error() {
      return status + " " + json().path("error").asText();
    }

    String reason() {
      return json().path("reason").asText();
    }
  }

  HttpLimits limits() {
    return HttpLimits.DEFAULT;
  }

  @BeforeEach
  void start() {
    databases = Databases.open(folder.resolve("data"));
    server = HttpServer.start(databases, "127.0.0.1", 0, limits());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  Answer get(String path, String... headers) {
    return send(request(path, headers).GET());
  }

  Answer head(String path) {
    return send(request(path).method("HEAD", BodyPublishers.noBody()));
  }

  Answer put(String path, String body, String... headers) {
    return send(request(path, headers).PUT(BodyPublishers.ofString(json(body))));
  }

  Answer delete(String path, String... headers) {
    return send(request(path, headers).DELETE());
  }

  Answer post(String path, String body) {
    return postRaw(path, json(body).getBytes(StandardCharsets.UTF_8));
  }

  Answer postRaw(String path, byte[] body) {
    return send(
        request(path, "Content-Type", "application/json").POST(BodyPublishers.ofByteArray(body)));
  }

  /** Single quotes make JSON readable in Java. */
  static String json(String text) {
    return text.replace('\'', '"');
  }

  HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(at(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request;
  }

  URI at(String path) {
    return URI.create(server.address() + path.substring(1));
  }

  Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body(), response);
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Makes the database {@code db}. */
  void createDb() {
    put("/db", "");
  }

  /** Puts a document there and returns its revision. */
  String putDoc(String id, String body) {
    Answer answer = put("/db/" + id, body);
    if (answer.status() != 201) {
      throw new AssertionError(answer.text());
    }
    return answer.json().get("rev").asText();
  }
}
