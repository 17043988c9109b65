package dev.stave.server.documents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.server.accounts.Identity;
import dev.stave.server.accounts.Security;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Request;

/** Who asks, and who may what in a database, as functions of design documents are told. */
public final class UserContext {

  private UserContext() {}

  /** {@code userCtx} of a request for something in a database, whose name is first in its path. */
  public static ObjectNode of(Request request) {
    return of(request.identity(), request.segment(0));
  }

  /** {@code userCtx} of {@code who}, in the database of that name. */
  public static ObjectNode of(Identity who, String database) {
    ObjectNode user = JsonReply.object().put("db", database).put("name", who.name());
    ArrayNode roles = user.putArray("roles");
    who.roles().stream().sorted().forEach(roles::add);
    return user;
  }

  /** {@code secObj}: the database's {@code _security}. */
  public static ObjectNode security(Database database) {
    return Security.of(database).json().tree();
  }
}
