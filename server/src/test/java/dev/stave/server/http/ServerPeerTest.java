package dev.stave.server.http;

import dev.stave.database.Database;
import dev.stave.server.databases.DatabaseName;
import dev.stave.sync.http.HttpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A database of this process, and one of the server: as what it is, and as a peer. */
abstract class ServerPeerTest extends ServerTest {

  final Database here = Database.inMemory();
  Database there;
  HttpPeer peer;

  @BeforeEach
  void connect() {
    there = create("db");
    peer = HttpPeer.at(at("/db"));
  }

  @AfterEach
  void disconnect() {
    peer.close();
    here.close();
  }

  /** Makes a database of the server. */
  Database create(String name) {
    put("/" + name, "");
    return databases.find(new DatabaseName(name)).orElseThrow();
  }
}
