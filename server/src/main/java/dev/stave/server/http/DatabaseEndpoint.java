package dev.stave.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.documents.LocalDocumentEndpoint;
import dev.stave.server.documents.Partition;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.Urls;
import dev.stave.server.feeds.ChangesEndpoint;
import dev.stave.sync.http.Extension;
import dev.stave.sync.peer.LocalPeer;
import io.undertow.util.HttpString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A database as a whole. */
final class DatabaseEndpoint {

  /** CouchDB's files are of this version; clients only look whether it is there. */
  private static final int DISK_FORMAT_VERSION = 8;

  private static final HttpString CHECKPOINT = new HttpString(Extension.CHECKPOINT_HEADER);

  private final Databases databases;
  private final ChangesEndpoint changes;
  private final StorageEndpoint storage;

  DatabaseEndpoint(Databases databases, ChangesEndpoint changes, StorageEndpoint storage) {
    this.databases = databases;
    this.changes = changes;
    this.storage = storage;
  }

  /**
   * {@code GET /{db}}. Sequences are numbers; nothing is split into shards. A replication that
   * names its checkpoint is told how that and the database stand: it need not ask for more, if
   * nothing has changed.
   */
  public Reply info(Request request, Database database) {
    ObjectNode info = info(new DatabaseName(request.segment(0)), database);
    request
        .header(CHECKPOINT)
        .ifPresent(id -> info.set(Extension.GREETING_MEMBER, greeting(id, database)));
    return JsonReply.ok(info).with(Extension.HEADER, Extension.all());
  }

  private static ObjectNode greeting(String id, Database database) {
    ObjectNode greeting = JsonReply.object();
    greeting.set("checkpoint", LocalDocumentEndpoint.find(id, database).orElse(null));
    boolean hasConflicts = !LocalPeer.of(database).conflicts("", 1).isEmpty();
    return greeting.put("conflicts", hasConflicts);
  }

  private ObjectNode info(DatabaseName name, Database database) {
    ObjectNode info = JsonReply.object();
    info.put("db_name", name.value()).put("uuid", database.uuid());
    info.put("doc_count", database.count()).put("doc_del_count", database.deletedCount());
    info.put("update_seq", database.lastSequence()).put("purge_seq", database.purges().sequence());
    info.put("disk_format_version", DISK_FORMAT_VERSION);
    info.put("instance_start_time", database.instance());
    storage.describe(info, name, database);
    info.putObject("cluster").put("q", 1).put("n", 1).put("w", 1).put("r", 1);
    ObjectNode props = info.putObject("props");
    if (Partition.areIn(database)) {
      props.put("partitioned", true);
    }
    return info;
  }

  /** {@code GET /_dbs_info}: all of them; or with POST those whose names are {@code keys}. */
  public Reply infos(Request request) {
    List<String> names = new ArrayList<>();
    if (request.method().equals("POST")) {
      JsonNode keys =
          request.jsonObject(request.limits().documentBodyBytes()).sharedTree().path("keys");
      if (!keys.isArray()) {
        throw HttpException.badRequest("`keys` must be an array of names");
      }
      keys.forEach(key -> names.add(key.asText()));
    } else {
      names.addAll(ServerEndpoint.names(request.parameters(), databases));
    }
    ArrayNode infos = JsonReply.object().arrayNode();
    for (String name : names) {
      ObjectNode entry = infos.addObject().put("key", name);
      Optional<Database> database =
          DatabaseName.isLegal(name)
              ? databases.find(new DatabaseName(name))
              : Optional.<Database>empty();
      database.ifPresentOrElse(
          found -> entry.set("info", info(new DatabaseName(name), found)),
          () -> entry.put("error", "not_found"));
    }
    return JsonReply.ok(infos);
  }

  /** {@code PUT /{db}}. */
  public Reply create(Request request) {
    boolean partitioned = request.parameters().flag("partitioned");
    DatabaseName name = new DatabaseName(request.segment(0));
    Optional<Database> created = databases.create(name);
    if (created.isEmpty()) {
      throw new HttpException(
          412, "file_exists", "The database could not be created, the file already exists.");
    }
    if (partitioned) {
      Partition.divide(created.get());
    }
    return JsonReply.of(201, JsonReply.okay()).with("Location", Urls.of(name.value()));
  }

  /** {@code POST /{db}/_ensure_full_commit}: every commit is as durable as it gets. */
  public Reply ensureFullCommit(Request request, Database database) {
    request.json(request.limits().documentBodyBytes());
    return JsonReply.of(201, JsonReply.okay().put("instance_start_time", database.instance()));
  }

  /** {@code DELETE /{db}}. */
  public Reply drop(Request request) {
    if (request.parameters().has("rev")) {
      throw HttpException.badRequest(
          "You tried to DELETE a database with a ?rev= parameter."
              + " Did you mean to DELETE a document instead?");
    }
    if (!databases.drop(new DatabaseName(request.segment(0)))) {
      throw HttpException.noDatabase();
    }
    changes.wake(); // whoever waits for a change of it waits in vain
    return JsonReply.ok(JsonReply.okay());
  }
}
