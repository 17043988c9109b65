package dev.stave.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Imports over HTTP, into a server that speaks CouchDB's protocol. */
final class RemoteImport implements ImportTarget {

  private final RemoteDatabase database;

  RemoteImport(RemoteDatabase database) {
    this.database = database;
    database.createIfAbsent();
  }

  @Override
  public List<Result> write(List<ImportDocument> documents) {
    StringBuilder json = new StringBuilder("{\"docs\":[");
    for (ImportDocument document : documents) {
      String body = document.body().toString();
      json.append(json.length() > 9 ? "," : "");
      json.append("{\"_id\":").append(TextNode.valueOf(document.id()));
      json.append(body.equals("{}") ? "" : ",").append(body, 1, body.length());
    }
    json.append("]}");
    JsonNode answers =
        database.post("_bulk_docs", json.toString().getBytes(StandardCharsets.UTF_8));
    List<Result> results = new ArrayList<>();
    for (ImportDocument document : documents) {
      results.add(result(document, answers.path(results.size())));
    }
    return results;
  }

  private static Result result(ImportDocument document, JsonNode answer) {
    if (answer.has("rev")) {
      return Result.WRITTEN;
    }
    if (answer.path("error").asText().equals("conflict")) {
      return Result.EXISTING;
    }
    throw new CommandException(
        "the server refused the document of line "
            + document.line()
            + ": "
            + answer.path("error").asText()
            + ": "
            + answer.path("reason").asText());
  }

  @Override
  public void close() {
    // a request leaves nothing open
  }
}
