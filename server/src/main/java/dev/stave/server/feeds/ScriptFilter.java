package dev.stave.server.feeds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.server.designs.ScriptRequest;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.Request;
import dev.stave.server.script.DesignScript;
import dev.stave.server.script.ScriptPool;
import dev.stave.server.wire.IncomingDocument;
import dev.stave.server.wire.OutgoingDocument;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Which changes a function of a design document wants. */
public final class ScriptFilter implements Predicate<Change> {

  private final ScriptPool scripts;
  private final Database database;
  private final Document design;
  private final BiPredicate<DesignScript, JsonNode> function;

  private ScriptFilter(
      ScriptPool scripts,
      Database database,
      Document design,
      BiPredicate<DesignScript, JsonNode> function) {
    this.scripts = scripts;
    this.database = database;
    this.design = design;
    this.function = function;
  }

  /** {@code filter=designname/filtername}. */
  static ScriptFilter function(
      String name, Request request, Database database, ScriptPool scripts) {
    return function(name, ScriptRequest.of(request, database, null), database, scripts);
  }

  /**
   * What {@code designname/filtername} lets through, of a replication.
   *
   * @param req what the function is told of the request; its {@code query} above all
   */
  public static ScriptFilter function(
      String name, JsonNode req, Database database, ScriptPool scripts) {
    String[] parts = parts(name, "filter", "designname/filtername");
    Document design = design(database, parts[0]);
    List<String> path = List.of("filters", parts[1]);
    compile(scripts, database, design, path);
    return new ScriptFilter(
        scripts, database, design, (script, document) -> script.test(path, document, req));
  }

  /** {@code filter=_view&view=designname/viewname}: what the map function emits anything for. */
  static ScriptFilter view(Request request, Database database, ScriptPool scripts) {
    String name =
        request
            .parameters()
            .text("view")
            .orElseThrow(
                () -> HttpException.badRequest("`view` filter parameter is not provided."));
    String[] parts = parts(name, "view", "designname/viewname");
    Document design = design(database, parts[0]);
    compile(scripts, database, design, List.of("views", parts[1], "map"));
    return new ScriptFilter(
        scripts,
        database,
        design,
        (script, document) -> {
          int[] rows = new int[1];
          script.map(parts[1], document, (key, value) -> rows[0]++);
          return rows[0] > 0;
        });
  }

  private static String[] parts(String name, String parameter, String form) {
    String[] parts = name.split("/", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw HttpException.badRequest("`" + parameter + "` must be of the form `" + form + "`");
    }
    return parts;
  }

  private static Document design(Database database, String name) {
    String id = IncomingDocument.checkId(Document.DESIGN_PREFIX + name);
    return database.get(id).orElseThrow(() -> HttpException.notFound("missing"));
  }

  private static void compile(
      ScriptPool scripts, Database database, Document design, List<String> path) {
    String[] steps = path.toArray(String[]::new);
    scripts.with(
        database,
        design,
        script -> {
          if (!script.has(steps)) {
            throw HttpException.notFound("missing json key: " + steps[1]);
          }
          script.compile(steps);
          return true;
        });
  }

  /** Of a document that was changed again since, a later change decides. */
  @Override
  public boolean test(Change change) {
    return database
        .get(change.id(), change.revision())
        .filter(
            document ->
                scripts.with(
                    database,
                    design,
                    script -> function.test(script, OutgoingDocument.tree(document))))
        .isPresent();
  }
}
