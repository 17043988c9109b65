package dev.stave.server.http;

import dev.stave.database.Database;
import dev.stave.server.accounts.Security;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;

/** {@code /{db}/_security}: who may read and write a database, and who may tend it. */
final class SecurityEndpoint {

  private SecurityEndpoint() {}

  public static Reply get(Request request, Database database) {
    return JsonReply.ok(Security.of(database).json().sharedTree());
  }

  public static Reply put(Request request, Database database) {
    Security.parse(request.jsonObject(request.limits().documentBodyBytes())).save(database);
    return JsonReply.ok(JsonReply.okay());
  }
}
