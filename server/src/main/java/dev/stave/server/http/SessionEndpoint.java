package dev.stave.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.server.accounts.Accounts;
import dev.stave.server.accounts.Identity;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Parameters;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.RequestTarget;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** {@code /_session}: who asks; and to log in, for a cookie, and out. */
final class SessionEndpoint {

  static final String COOKIE = "AuthSession";

  private final Accounts accounts;

  SessionEndpoint(Accounts accounts) {
    this.accounts = accounts;
  }

  public Reply get(Request request) {
    Identity who = request.identity();
    ObjectNode reply = JsonReply.okay();
    reply.set("userCtx", context(who));
    ObjectNode info = reply.putObject("info");
    info.putArray("authentication_handlers").add("cookie").add("default").add("jwt");
    if (who.by() != null) {
      info.put("authenticated", who.by());
    }
    return JsonReply.ok(reply).with("Cache-Control", "no-cache, no-store");
  }

  private static ObjectNode context(Identity who) {
    ObjectNode context = JsonReply.object().put("name", who.name());
    context.set("roles", roles(who));
    return context;
  }

  private static ArrayNode roles(Identity who) {
    ArrayNode roles = JsonReply.object().arrayNode();
    who.roles().stream().sorted().forEach(roles::add);
    return roles;
  }

  /** Takes {@code name} and {@code password} as JSON or as a form. */
  public Reply logIn(Request request) {
    byte[] body = request.body(request.limits().documentBodyBytes());
    String name;
    String password;
    if (request.mediaType().equals("application/x-www-form-urlencoded")) {
      Parameters form = RequestTarget.form(new String(body, StandardCharsets.UTF_8));
      name = form.text("name").or(() -> form.text("username")).orElse("");
      password = form.text("password").orElse("");
    } else {
      JsonNode json = request.jsonObject(request.limits().documentBodyBytes()).sharedTree();
      name = json.path("name").asText(json.path("username").asText());
      password = json.path("password").asText();
    }
    Identity who = accounts.login(name, password);
    JsonNode reply = JsonReply.okay().put("name", who.name()).set("roles", roles(who));
    return JsonReply.ok(reply)
        .with("Set-Cookie", cookie(request, accounts.cookie(who).orElse("")))
        .with("Cache-Control", "no-cache, no-store");
  }

  public Reply logOut(Request request) {
    return new JsonReply(
        200,
        Map.of("Set-Cookie", COOKIE + "=; Version=1; Path=/; HttpOnly; Max-Age=0"),
        out -> out.writeTree(JsonReply.okay()));
  }

  /** A page of another site cannot have it sent with what it asks. */
  static String cookie(Request request, String value) {
    return COOKIE
        + "="
        + value
        + "; Version=1; Path=/; HttpOnly; SameSite=Lax"
        + (request.isSecure() ? "; Secure" : "")
        + "; Max-Age="
        + Accounts.cookieSeconds();
  }
}
