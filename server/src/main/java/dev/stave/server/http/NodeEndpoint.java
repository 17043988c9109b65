package dev.stave.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** What CouchDB's tools ask of a cluster: here it is one node. */
final class NodeEndpoint {

  /** As CouchDB names a node that is not in a cluster. */
  private static final String NAME = "nonode@nohost";

  /** The range of all hashes. */
  private static final String WHOLE = "00000000-ffffffff";

  private final Databases databases;

  NodeEndpoint(Databases databases) {
    this.databases = databases;
  }

  /** {@code GET /_membership}. */
  public static Reply membership(Request request) {
    ObjectNode reply = JsonReply.object();
    reply.putArray("all_nodes").add(NAME);
    reply.putArray("cluster_nodes").add(NAME);
    return JsonReply.ok(reply);
  }

  /** {@code GET /{db}/_shards}: all is in one, and here. */
  public static Reply shards(Request request, Database database) {
    ObjectNode reply = JsonReply.object();
    reply.putObject("shards").putArray(WHOLE).add(NAME);
    return JsonReply.ok(reply);
  }

  /** {@code GET /{db}/_shards/{id}}. */
  public static Reply shard(Request request, Database database) {
    ObjectNode reply = JsonReply.object().put("range", WHOLE);
    reply.putArray("nodes").add(NAME);
    return JsonReply.ok(reply);
  }

  /** {@code POST /{db}/_sync_shards}: there is nothing to be done. */
  public static Reply syncShards(Request request, Database database) {
    return JsonReply.of(202, JsonReply.okay());
  }

  /** {@code GET /_node/_local}. */
  public static Reply name(Request request) {
    return JsonReply.ok(JsonReply.object().put("name", NAME));
  }

  /** {@code GET /_node/_local/_system}. */
  public static Reply system(Request request) {
    Runtime runtime = Runtime.getRuntime();
    long up = ManagementFactory.getRuntimeMXBean().getUptime();
    ObjectNode reply = JsonReply.object().put("uptime", TimeUnit.MILLISECONDS.toSeconds(up));
    reply.putObject("memory").put("processes_used", runtime.totalMemory() - runtime.freeMemory());
    reply.put("process_count", Thread.activeCount());
    return JsonReply.ok(reply);
  }

  /** {@code GET /_node/_local/_stats}. */
  public Reply stats(Request request) {
    ObjectNode reply = JsonReply.object();
    reply
        .putObject("couchdb")
        .putObject("open_databases")
        .put("value", databases.list().size())
        .put("type", "counter")
        .put("desc", "number of databases");
    return JsonReply.ok(reply);
  }
}
