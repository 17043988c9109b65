package dev.stave.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.server.accounts.Accounts;
import dev.stave.server.accounts.Settings;
import dev.stave.server.accounts.UserDocuments;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code /_cluster_setup}: CouchDB's wizard for a new server. Stave is a single node: what there is
 * to set up is an administrator and the databases of users and of replications.
 */
final class SetupEndpoint {

  private static final List<String> SYSTEM = List.of(UserDocuments.DATABASE, "_replicator");

  private final Databases databases;
  private final Settings settings;

  SetupEndpoint(Databases databases, Settings settings) {
    this.databases = databases;
    this.settings = settings;
  }

  public Reply state(Request request) {
    JsonNode asked = request.parameters().json("ensure_dbs_exist").orElse(null);
    boolean isDone =
        Accounts.areClosed(settings)
            && names(asked).stream().allMatch(name -> databases.find(name).isPresent());
    String state = isDone ? "single_node_enabled" : "single_node_disabled";
    return JsonReply.ok(JsonReply.object().put("state", state));
  }

  /** Where the server listens is said when it starts: what the wizard says of that is not taken. */
  public Reply setUp(Request request) {
    JsonNode json = request.jsonObject(request.limits().documentBodyBytes()).sharedTree();
    String action = json.path("action").asText();
    if (!action.equals("enable_single_node") && !action.equals("finish_cluster")) {
      throw HttpException.badRequest(
          "Stave is a single node: the action is enable_single_node, not " + action);
    }
    List<DatabaseName> system = names(json.get("ensure_dbs_exist"));
    Optional<String> name = Optional.ofNullable(json.path("username").textValue());
    Optional<String> password = Optional.ofNullable(json.path("password").textValue());
    if (name.isPresent() && password.isPresent()) {
      Accounts.setAdmin(settings, name.get(), password.get());
    } else if (!Accounts.areClosed(settings)) {
      throw HttpException.badRequest("username and password of an administrator are missing");
    }
    system.forEach(databases::create);
    return JsonReply.of(201, JsonReply.okay());
  }

  private static List<DatabaseName> names(@Nullable JsonNode asked) {
    List<DatabaseName> names = new ArrayList<>();
    if (asked == null) {
      SYSTEM.forEach(name -> names.add(new DatabaseName(name)));
    } else {
      asked.forEach(name -> names.add(new DatabaseName(name.asText())));
    }
    return names;
  }
}
