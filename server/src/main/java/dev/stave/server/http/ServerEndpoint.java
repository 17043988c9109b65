package dev.stave.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.documents.IdBounds;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.MadeId;
import dev.stave.server.exchange.Parameters;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.ServerVersion;
import dev.stave.server.replicator.Replicator;
import java.util.List;

/** What a client asks of the server itself. */
final class ServerEndpoint {

  private final Databases databases;
  private final Compactions compactions;
  private final Replicator replicator;

  ServerEndpoint(Databases databases, Compactions compactions, Replicator replicator) {
    this.databases = databases;
    this.compactions = compactions;
    this.replicator = replicator;
  }

  /** {@code GET /}: clients look for {@code couchdb} here, and for what else there may be. */
  public Reply welcome(Request request) {
    ObjectNode welcome = JsonReply.object();
    welcome.put("couchdb", "Welcome").put("version", ServerVersion.COUCHDB);
    welcome.put("uuid", databases.uuid());
    welcome.putArray("features").add("partitioned");
    welcome.putObject("vendor").put("name", "Stave").put("version", ServerVersion.stave());
    return JsonReply.ok(welcome);
  }

  /** {@code GET /_up}. */
  public Reply up(Request request) {
    return JsonReply.ok(JsonReply.object().put("status", "ok"));
  }

  /** {@code GET /_active_tasks}: what runs in the background. */
  public Reply tasks(Request request) {
    ArrayNode tasks = JsonNodeFactory.instance.arrayNode();
    for (DatabaseName name : databases.list()) {
      if (databases.ifOpen(name).filter(compactions::isRunning).isPresent()) {
        tasks.addObject().put("type", "database_compaction").put("database", name.value());
      }
    }
    replicator.tasks().forEach(tasks::add);
    return JsonReply.ok(tasks);
  }

  /** {@code GET /_all_dbs}, all of it or a range. */
  public Reply databases(Request request) {
    ArrayNode names = JsonNodeFactory.instance.arrayNode();
    names(request.parameters(), databases).forEach(names::add);
    return JsonReply.ok(names);
  }

  /** The names of all databases, or of a range of them. */
  static List<String> names(Parameters parameters, Databases databases) {
    IdBounds bounds = IdBounds.of(parameters);
    return databases.list().stream()
        .map(DatabaseName::value)
        .filter(bounds::contain)
        .sorted(bounds.order())
        .skip(parameters.number("skip").orElse(0))
        .limit(parameters.number("limit").orElse(Long.MAX_VALUE))
        .toList();
  }

  /** {@code GET /_uuids?count=}. */
  public Reply uuids(Request request) {
    long count = request.parameters().number("count").orElse(1);
    if (count > HttpLimits.UUIDS) {
      throw new HttpException(
          403, "forbidden", "count is at most " + HttpLimits.UUIDS + ": " + count);
    }
    ObjectNode reply = JsonReply.object();
    ArrayNode uuids = reply.putArray("uuids");
    for (long i = 0; i < count; i++) {
      uuids.add(MadeId.next());
    }
    return JsonReply.ok(reply).with("Cache-Control", "no-cache, no-store");
  }
}
