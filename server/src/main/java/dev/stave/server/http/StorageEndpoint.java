package dev.stave.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.wire.StorageJson;
import dev.stave.storage.StorageStats;

/** The files of a database: how large they are, a copy of them, and their room given back. */
final class StorageEndpoint {

  private final Databases databases;
  private final Compactions compactions;
  private final BackupStream.Places places = new BackupStream.Places();

  StorageEndpoint(Databases databases, Compactions compactions) {
    this.databases = databases;
    this.compactions = compactions;
  }

  /** {@code GET /{db}/_storage}. */
  public Reply stats(Request request, Database database) {
    return JsonReply.ok(StorageJson.of(database));
  }

  /** {@code POST /{db}/_compact}: answered at once, done in the background. */
  public Reply compact(Request request, Database database) {
    request.json(request.limits().documentBodyBytes()); // CouchDB, too, asks for the type of none
    compactions.begin(database);
    return JsonReply.of(202, JsonReply.okay());
  }

  /** {@code GET /{db}/_backup}. */
  public Reply backup(Request request, Database database) {
    String name = new DatabaseName(request.segment(0)).value();
    return new BackupStream(databases, database, name, places);
  }

  /**
   * What {@code GET /{db}} says of them. {@code file} is what they take, {@code active} what of
   * that is in use, {@code external} the documents in it, old revisions that are kept included.
   */
  void describe(ObjectNode info, DatabaseName name, Database database) {
    StorageStats stats = database.stats();
    long garbage = stats.garbageBytes();
    info.put("compact_running", compactions.isRunning(database));
    info.putObject("sizes")
        .put("file", databases.fileBytes(name))
        .put("external", stats.bodyBytes() - garbage + stats.logBytes())
        .put("active", stats.diskBytes() - garbage);
  }
}
