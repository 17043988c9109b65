package dev.stave.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.query.Selector;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.wire.OutgoingDocument;
import dev.stave.server.wire.PlanJson;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stave query}. */
@Command(
    name = "query",
    description = {
      "Prints the documents that a selector matches, one a line.",
      "Example: stave query lighthouses '{\"light.range_nm\": {\"$gt\": 25}}' --sort name"
    },
    mixinStandardHelpOptions = true)
final class QueryCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "DB", description = "The database.")
  String database = "";

  @Parameters(index = "1", paramLabel = "SELECTOR", description = "What to find, as JSON.")
  String selector = "{}";

  @ArgGroup @Nullable DatabasePlace place;

  @Option(names = "--sort", paramLabel = "PATH", description = "Sort by the values at this path.")
  @Nullable String sort;

  @Option(names = "--desc", description = "Sort from the greatest down.")
  boolean descending;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many documents.")
  int limit = Integer.MAX_VALUE;

  @Option(names = "--explain", description = "Print how the index answers, not the documents.")
  boolean explain;

  private final PrintWriter out;

  QueryCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    if (descending && sort == null) {
      throw new CommandException("--desc needs --sort");
    }
    DatabasePlace where = DatabasePlace.orDefault(place);
    Optional<Path> folder = where.folder();
    if (folder.isPresent()) {
      queryFolder(folder.get());
    } else {
      queryServer(where.remote(database));
    }
    return 0;
  }

  private void queryFolder(Path folder) {
    DatabaseName name = new DatabaseName(database);
    try (Databases databases =
        Databases.openExisting(folder).orElseThrow(() -> LocalFiles.noData(folder))) {
      Database found = databases.find(name).orElseThrow(() -> LocalFiles.noDatabase(folder, name));
      print(found, query());
    }
  }

  private JsonObject selector() {
    if (!JsonObject.parseValue(selector.getBytes(StandardCharsets.UTF_8)).isObject()) {
      throw new CommandException("a selector is a JSON object, not " + selector);
    }
    return JsonObject.parse(selector);
  }

  private Query query() {
    Query query = Query.of(Selector.of(selector().sharedTree())).limit(limit);
    if (sort == null) {
      return query;
    }
    return descending ? query.sortByDescending(sort) : query.sortBy(sort);
  }

  private void print(Database found, Query query) {
    if (explain) {
      out.println(PlanJson.text(PlanJson.of(found.explain(query))));
      return;
    }
    for (Document document : found.find(query)) {
      out.println(OutgoingDocument.text(document));
    }
  }

  private void queryServer(RemoteDatabase remote) {
    byte[] request = request().toString().getBytes(StandardCharsets.UTF_8);
    if (explain) {
      JsonNode plan = remote.post("_explain", request).path("plan");
      out.println(plan.isMissingNode() ? "the server has no plan to show" : PlanJson.text(plan));
      return;
    }
    remote.post("_find", request).path("docs").forEach(out::println);
  }

  private ObjectNode request() {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.set("selector", selector().sharedTree());
    request.put("limit", limit);
    if (sort != null) {
      request.putArray("sort").addObject().put(sort, descending ? "desc" : "asc");
    }
    return request;
  }
}
