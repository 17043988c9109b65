package dev.stave.fieldnotes;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.http.HttpServer;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** A real Stave server with one database, for as long as a test runs. */
final class Office extends ExternalResource {

  private final TemporaryFolder folder = new TemporaryFolder();
  private HttpServer server;
  private Database database;

  @Override
  protected void before() throws Throwable {
    folder.create();
    Databases databases = Databases.open(folder.newFolder().toPath());
    server = HttpServer.start(databases, "127.0.0.1", 0, HttpLimits.DEFAULT);
    database = databases.create(new DatabaseName("notes")).orElseThrow();
  }

  @Override
  protected void after() {
    server.close();
    folder.delete();
  }

  String address() {
    return server.address() + "notes";
  }

  Database database() {
    return database;
  }

  /** Takes no note with such a name from now on, but for those that are its own. */
  void refuseSecrets() {
    database.put(
        "_design/rules",
        JsonObject.parse(
            "{\"validate_doc_update\": \"function (doc) { if (/secret/.test(doc.name))"
                + " { throw({forbidden: 'no secret places'}); } }\"}"));
  }
}
