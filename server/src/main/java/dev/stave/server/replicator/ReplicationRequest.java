package dev.stave.server.replicator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonObject;
import dev.stave.query.Selector;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.wire.Digests;
import dev.stave.sync.ReplicationOptions;
import dev.stave.sync.peer.Scope;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a client wants to be replicated, as CouchDB's clients say it.
 *
 * @param id names the same wish again, so that it can be cancelled
 */
record ReplicationRequest(
    String id,
    JsonNode source,
    JsonNode target,
    boolean createTarget,
    boolean cancel,
    ReplicationOptions options) {

  private static final int ID_DIGITS = 32; // as many as CouchDB's have

  /** What would change what is replicated, and is not there: better refused than ignored. */
  private static final Set<String> MISSING =
      Set.of("proxy", "source_proxy", "target_proxy", "winning_revs_only");

  private static final int MOST_IN_A_BATCH = 10_000;
  private static final int LONGEST_NUMBER = 18;

  /**
   * Reads the body of {@code _replicate}, or of a document of {@code _replicator}.
   *
   * @throws HttpException if it is not right
   */
  static ReplicationRequest parse(JsonNode json) {
    JsonNode source = endpoint(json, "source");
    JsonNode target = endpoint(json, "target");
    for (String name : MISSING) {
      JsonNode wanted = json.path(name);
      if (!wanted.isMissingNode() && !wanted.isNull() && !wanted.equals(falsehood())) {
        throw HttpException.notImplemented(name + " of a replication");
      }
    }
    Scope scope = scope(json);
    boolean continuous = json.path("continuous").asBoolean();
    ReplicationOptions options = ReplicationOptions.DEFAULT.withScope(scope);
    if (continuous) {
      options = options.continuously();
    }
    if (isThere(json, "since_seq")) {
      options = options.since(since(json.get("since_seq"), isAddress(source)));
    }
    if (json.has("use_checkpoints") && !json.get("use_checkpoints").asBoolean()) {
      options = options.withoutCheckpoints();
    }
    if (json.has("checkpoint_interval")) {
      options = options.withCheckpointMillis(number(json, "checkpoint_interval"));
    }
    if (json.has("worker_batch_size")) {
      long size = Math.max(1, Math.min(MOST_IN_A_BATCH, number(json, "worker_batch_size")));
      options = options.withBatchSize((int) size);
    }
    if (json.path("purge").asBoolean()) { // Stave's own
      if (isAddress(target)) {
        throw HttpException.badRequest("`purge` is for a target that is a database of this server");
      }
      options = options.withPurging();
    }
    return new ReplicationRequest(
        idOf(source, target, scope, options),
        source,
        target,
        json.path("create_target").asBoolean(),
        json.path("cancel").asBoolean(),
        options);
  }

  private static JsonNode falsehood() {
    return com.fasterxml.jackson.databind.node.BooleanNode.FALSE;
  }

  /** Of a database of this server it is a number, and of others what they say. */
  private static String since(JsonNode json, boolean isElsewhere) {
    String since = json.isTextual() ? json.textValue() : json.toString();
    boolean isNumber =
        since.length() <= LONGEST_NUMBER && since.chars().allMatch(c -> c >= '0' && c <= '9');
    requireKind(
        !since.isEmpty() && (isElsewhere || isNumber), "since_seq", "a sequence of the source");
    return since;
  }

  private static long number(JsonNode json, String name) {
    JsonNode number = json.get(name);
    if (!number.isIntegralNumber() || number.longValue() < 0) {
      throw HttpException.badRequest("`" + name + "` is a number, and not negative");
    }
    return number.longValue();
  }

  private static JsonNode endpoint(JsonNode json, String name) {
    JsonNode named = json.path(name);
    boolean isNamed = named.isTextual() || named.path("url").isTextual();
    if (!isNamed) {
      throw HttpException.badRequest("Missing required field: " + name);
    }
    return named;
  }

  private static boolean isAddress(JsonNode named) {
    String text = named.isTextual() ? named.textValue() : named.path("url").asText();
    return text.contains("://");
  }

  private static Scope scope(JsonNode json) {
    // What is of another kind is refused: without it everything would be copied.
    List<Scope> scopes = new ArrayList<>();
    if (isThere(json, "doc_ids")) {
      JsonNode named = json.get("doc_ids");
      List<String> ids = new ArrayList<>();
      named.forEach(id -> ids.add(id.asText()));
      boolean isList = named.isArray();
      for (JsonNode id : named) {
        isList &= id.isTextual();
      }
      requireKind(isList, "doc_ids", "an array of ids");
      scopes.add(Scope.ids(ids));
    }
    if (isThere(json, "selector")) {
      requireKind(json.get("selector").isObject(), "selector", "an object");
      Selector.of(json.get("selector")); // refused where it can be said
      scopes.add(Scope.selector(JsonObject.of((ObjectNode) json.get("selector"))));
    }
    if (isThere(json, "filter")) {
      requireKind(json.get("filter").isTextual(), "filter", "the name of a function");
      Map<String, String> parameters = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> each : json.path("query_params").properties()) {
        JsonNode value = each.getValue();
        parameters.put(each.getKey(), value.isTextual() ? value.textValue() : value.toString());
      }
      scopes.add(Scope.filter(json.get("filter").textValue(), parameters));
    }
    if (scopes.size() > 1) {
      throw HttpException.badRequest("`doc_ids`,`filter`,`selector` are mutually exclusive");
    }
    return scopes.isEmpty() ? Scope.ALL : scopes.get(0);
  }

  private static boolean isThere(JsonNode json, String name) {
    return !json.path(name).isMissingNode() && !json.get(name).isNull();
  }

  private static void requireKind(boolean isRight, String name, String kind) {
    if (!isRight) {
      throw HttpException.badRequest("`" + name + "` is " + kind);
    }
  }

  /** Without what is secret, so that whoever knows the secret's digest knows nothing. */
  private static String idOf(
      JsonNode source, JsonNode target, Scope scope, ReplicationOptions options) {
    String text = shown(source) + "\n" + shown(target) + "\n" + scope.toJson();
    text += options.purging() ? "\npurge" : "";
    text += options.since() == null ? "" : "\nsince " + options.since();
    String digest = Digests.hex("SHA-256", text.getBytes(StandardCharsets.UTF_8));
    return digest.substring(0, ID_DIGITS);
  }

  /** What a peer is called in answers and logs: no name and no password is in it. */
  static String shown(JsonNode named) {
    String url = named.isTextual() ? named.textValue() : named.path("url").asText();
    if (!url.contains("://")) {
      return url;
    }
    try {
      URI uri = new URI(url);
      return new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), uri.getPath(), null, null)
          .toString();
    } catch (URISyntaxException e) {
      return "an address that is none";
    }
  }

  /** The name that CouchDB's clients know it by. */
  String fullId() {
    return options.continuous() ? id + "+continuous" : id;
  }
}
