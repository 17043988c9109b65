package dev.stave.server.replicator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.StaveException;
import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.server.accounts.Settings;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.documents.Partition;
import dev.stave.server.documents.WriteRules;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.feeds.ScriptFilter;
import dev.stave.server.script.ScriptPool;
import dev.stave.sync.http.Credentials;
import dev.stave.sync.http.HttpPeer;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.Scope;
import dev.stave.sync.peer.SentRevision;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import okhttp3.OkHttpClient;

/** Makes peers of what a client names as source and target. */
final class Endpoints {

  private static final String SECTION = "replicator";

  private final Databases databases;
  private final ScriptPool scripts;
  private final OkHttpClient client;

  Endpoints(Databases databases, ScriptPool scripts, Settings settings) {
    this.databases = databases;
    this.scripts = scripts;
    GuardedSockets sockets =
        new GuardedSockets(
            () -> settings.get(SECTION, "inner_addresses").filter("allow"::equals).isPresent());
    this.client =
        new OkHttpClient.Builder()
            .socketFactory(sockets)
            .addNetworkInterceptor(sockets)
            .proxy(Proxy.NO_PROXY)
            .build();
  }

  /**
   * A database of this server by its name, or any by its address.
   *
   * @param create whether to make it if it is not there
   * @throws HttpException if that is no database
   */
  Peer peer(JsonNode named, boolean create) {
    String url = named.isTextual() ? named.textValue() : named.path("url").asText();
    if (!url.contains("://")) {
      return local(url, create);
    }
    HttpPeer peer = remote(url, named);
    if (create) {
      peer.create();
    }
    return peer;
  }

  private LocalPeer local(String text, boolean create) {
    if (!DatabaseName.isLegal(text)) {
      throw HttpException.badRequest(
          "source and target are the name of a database, its http or https address, or an object"
              + " with its url");
    }
    DatabaseName name = new DatabaseName(text);
    Optional<Database> found = databases.find(name);
    if (found.isEmpty() && create) {
      databases.create(name);
      found = databases.find(name);
    }
    Database database =
        found.orElseThrow(
            () -> new HttpException(404, "db_not_found", "could not open " + name.value()));
    return LocalPeer.of(database, name.value(), new DesignRules(name.value(), database));
  }

  private HttpPeer remote(String url, JsonNode named) {
    JsonNode basic = named.path("auth").path("basic");
    Credentials credentials =
        basic.isObject()
            ? Credentials.basic(basic.path("username").asText(), basic.path("password").asText())
            : Credentials.none();
    for (Map.Entry<String, JsonNode> header : named.path("headers").properties()) {
      credentials = credentials.with(header.getKey(), header.getValue().asText());
    }
    try {
      return HttpPeer.at(new URI(url), credentials, client);
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw HttpException.badRequest("a url is none: the http or https address of a database");
    }
  }

  /** Design documents of a database of this server. */
  private final class DesignRules implements LocalPeer.Rules {
    private final String name;
    private final Database database;

    DesignRules(String name, Database database) {
      this.name = name;
      this.database = database;
    }

    @Override
    public Predicate<Change> filter(Scope scope) {
      ObjectNode request = JsonReply.object().put("method", "GET");
      ObjectNode query = request.putObject("query");
      scope.parameters().forEach(query::put);
      return ScriptFilter.function(String.valueOf(scope.filter()), request, database, scripts);
    }

    /**
     * What the server itself reads, and ids that have to name a partition, is looked at one by one.
     */
    @Override
    public boolean letAllIn() {
      return !DatabaseName.isSystem(name) && !Partition.areIn(database);
    }

    @Override
    public Function<SentRevision, Optional<String>> checks() {
      WriteRules rules = WriteRules.ofReplication(scripts, name, database);
      return sent -> {
        try {
          rules.checkGraft(sent.id(), sent.path(), sent.body());
          return Optional.empty();
        } catch (StaveException | HttpException e) {
          return Optional.of(String.valueOf(e.getMessage()));
        }
      };
    }
  }
}
