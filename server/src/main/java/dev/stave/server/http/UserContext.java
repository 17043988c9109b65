package dev.stave.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;

/**
 * Who asks, and who may what in a database, as functions of design documents are told. There are no
 * accounts yet: whoever reaches the server is its administrator.
 */
final class UserContext {

  private UserContext() {}

  /** {@code userCtx} of a request for something in a database, whose name is first in its path. */
  static ObjectNode of(Request request) {
    ObjectNode user = JsonReply.object().put("db", request.segment(0)).putNull("name");
    user.putArray("roles").add("_admin");
    return user;
  }

  /** {@code secObj}: the database's {@code _security}. */
  static ObjectNode security(Database database) {
    return JsonReply.object();
  }
}
