package dev.stave.server.graphql.transport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.server.accounts.Security;
import dev.stave.server.accounts.Settings;
import dev.stave.server.accounts.UserDocuments;
import dev.stave.server.databases.Databases;
import dev.stave.server.documents.WriteRules;
import dev.stave.server.exchange.Failures;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.LiveStreams;
import dev.stave.server.exchange.PageReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.StreamChannel;
import dev.stave.server.exchange.Urls;
import dev.stave.server.graphql.Caller;
import dev.stave.server.graphql.Caller.Right;
import dev.stave.server.graphql.ErrorCode;
import dev.stave.server.graphql.GraphQL;
import dev.stave.server.graphql.GraphQLException;
import dev.stave.server.graphql.GraphQLReply;
import dev.stave.server.graphql.GraphQLRequest;
import dev.stave.server.graphql.Replications;
import dev.stave.server.replicator.Replicator;
import dev.stave.server.script.ScriptPool;
import io.undertow.util.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET} and {@code POST /{db}/_graphql}: GraphQL over HTTP, also as server-sent events and
 * over WebSocket; and for a browser that only looks, the way to the page.
 */
public final class GraphQLEndpoint implements AutoCloseable {

  /** Requests in one body, which are answered one after the other. */
  static final int MAX_BATCH = 10;

  /** The parameter that names a fork of the database, to be asked in its place. */
  private static final String FORK = "fork";

  private final GraphQLDatabases databases;
  private final Settings settings;
  private final ScriptPool scripts;
  private final LiveStreams streams;
  private final Replicator replicator;
  private final PersistedQueries persisted = new PersistedQueries();
  private final Consumer<Request> admission;
  private final Sockets sockets;

  /**
   * @param trustsPage whether the page of another site, which asks, may do so with the cookie of
   *     whoever looks at it
   * @param admission lets in once more whoever has asked, when that goes on; or refuses it
   */
  public GraphQLEndpoint(
      Databases databases,
      HttpLimits limits,
      Settings settings,
      ScriptPool scripts,
      LiveStreams streams,
      Replicator replicator,
      Predicate<Request> trustsPage,
      Consumer<Request> admission) {
    this.databases = new GraphQLDatabases(databases, limits);
    this.settings = settings;
    this.scripts = scripts;
    this.streams = streams;
    this.replicator = replicator;
    this.admission = admission;
    this.sockets = new Sockets(streams, trustsPage);
  }

  /** A query in the URL, a WebSocket, the schema, or the page. */
  public Reply get(Request request, Database database) {
    if (request.header(Headers.UPGRADE).filter("websocket"::equalsIgnoreCase).isPresent()) {
      return sockets.open(
          request,
          () -> admission.accept(request),
          asked -> answer(request, database, asked, false));
    }
    if (request.parameters().text("sdl").isPresent()) {
      if (!has(Right.INTROSPECT, request, database)) {
        throw request.refusal("The schema is for those who tend the database.");
      }
      byte[] sdl = asked(request, database, GraphQL::sdl).getBytes(StandardCharsets.UTF_8);
      return PageReply.of(200, "text/plain; charset=utf-8", "default-src 'none'", sdl);
    }
    boolean asks =
        request.parameters().text("query").isPresent()
            || request.parameters().text("extensions").isPresent();
    if (!asks && request.asksFor("text/html")) {
      return toPage(request.segment(0));
    }
    return reply(
        request,
        media -> {
          Asked asked = Asked.of(request.parameters());
          return one(request, media, answer(request, database, asked, true));
        });
  }

  private static Reply toPage(String database) {
    return request -> {
      String place = "/_graphiql?db=" + Urls.of(database).substring(1);
      request.begin(302, Map.of("Location", place));
      request.output().close();
    };
  }

  /** What a body asks. */
  public Reply post(Request request, Database database) {
    return reply(
        request,
        media -> {
          JsonNode json = JsonObject.parseValue(request.json(request.limits().documentBodyBytes()));
          return json.isArray()
              ? many(request, media, database, json)
              : one(request, media, answer(request, database, Asked.of(json), false));
        });
  }

  private interface Work {
    Reply with(Media media) throws IOException;
  }

  /** Whatever is wrong is told as GraphQL tells it. */
  private static Reply reply(Request request, Work work) {
    Media media = Media.JSON;
    try {
      media = Media.of(request.header(Headers.ACCEPT).orElse(""));
      return work.with(media);
    } catch (IOException | RuntimeException e) {
      HttpException why = Failures.of(e);
      if (why.status() >= 500) {
        throw why == e ? why : new IllegalStateException(e);
      }
      return json(
          why.status(),
          media == Media.EVENTS ? Media.JSON : media,
          why.headers(),
          Map.of("errors", ReplyJson.errors(why)));
    }
  }

  /**
   * @throws HttpException if it is not looked at
   */
  private GraphQLReply answer(Request request, Database database, Asked asked, boolean readOnly) {
    return asked(
        request,
        database,
        graphql -> {
          GraphQLReply reply = answer(request, graphql, asked, readOnly);
          if (reply.events() != null && request.parameters().text(FORK).isPresent()) {
            throw HttpException.badRequest("there is no listening to a fork: ask again");
          }
          return reply;
        });
  }

  /** What {@code work} makes of the database, or of the fork of it that is asked for. */
  private <T> T asked(Request request, Database database, Function<GraphQL, T> work) {
    Optional<String> fork = request.parameters().text(FORK);
    if (fork.isEmpty()) {
      return work.apply(databases.of(database));
    }
    if (!has(Right.TEND, request, database)) {
      throw request.refusal("Forks are for those who tend the database.");
    }
    return databases.inFork(database, fork.get(), work);
  }

  private GraphQLReply answer(Request request, GraphQL graphql, Asked asked, boolean readOnly) {
    Map<String, @Nullable Object> variables = new HashMap<>();
    ObjectNode values = asked.variables();
    for (Iterator<String> names = values.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      variables.put(name, values.get(name));
    }
    return graphql.execute(
        new GraphQLRequest(
            persisted.query(asked),
            asked.operation(),
            variables,
            readOnly,
            context(request, graphql.database())));
  }

  private Map<Object, Object> context(Request request, Database database) {
    Map<Object, Object> context = new HashMap<>();
    context.put(Caller.class, caller(request, database));
    context.put(Executor.class, request.exchange().getConnection().getWorker());
    if (request.identity().isAdmin()) {
      context.put(Replications.class, (Replications) replicator::tasks);
    }
    return context;
  }

  /** Who asks may write what the design documents allow; they are read when something is. */
  private Caller caller(Request request, Database database) {
    return new Caller(
        request.identity().name(),
        (id, parent, deleted, body) -> {
          if (request.segment(0).equals(UserDocuments.DATABASE)) { // where its password is hashed
            throw new GraphQLException(
                ErrorCode.FORBIDDEN, "a user document is written with PUT", "document", id);
          }
          try {
            WriteRules.of(scripts, request, database).checkEdit(id, parent, deleted, body);
          } catch (RuntimeException e) {
            HttpException why = Failures.of(e);
            if (why.status() >= 500) {
              throw e;
            }
            throw new GraphQLException(ReplyJson.code(why), why.reason(), "document", id);
          }
        },
        right -> has(right, request, database));
  }

  /** Found out when it is asked: most requests need neither. */
  private boolean has(Right right, Request request, Database database) {
    if (right == Right.READ) {
      try {
        admission.accept(request);
        return true;
      } catch (HttpException e) {
        throw new GraphQLException(ErrorCode.FORBIDDEN, e.reason(), "right", right);
      }
    }
    boolean isEverybodys =
        right == Right.INTROSPECT
            && !settings.get("graphql", "introspection").orElse("").equals("admins");
    return isEverybodys
        || request.identity().isAdmin()
        || Security.of(database).isAdmin(request.identity());
  }

  private Reply one(Request request, Media media, GraphQLReply reply) {
    if (reply.events() != null && media != Media.EVENTS) {
      throw new HttpException(
          406,
          "not_acceptable",
          "a subscription is answered as text/event-stream, or over a WebSocket");
    }
    if (media == Media.EVENTS && reply.isExecuted()) {
      return same -> events(same, reply);
    }
    if (media == Media.EVENTS) {
      return json(400, Media.JSON, Map.of(), reply.body());
    }
    if (reply.refusal().equals(Optional.of(ErrorCode.READ_ONLY))) {
      return json(405, media, Map.of("Allow", "POST"), reply.body());
    }
    int status = reply.isExecuted() || media == Media.JSON ? 200 : 400;
    return json(status, media, Map.of(), reply.body());
  }

  private void events(Request request, GraphQLReply reply) {
    if (reply.events() != null) {
      admission.accept(request); // what it is let in by is kept, and looked at from now on
      streams.enter(request);
    }
    StreamChannel events = new StreamChannel(request, StreamChannel.EVENTS);
    Results results = Results.of(reply);
    request.whenOver(results::close);
    streams.begin(request, new EventStream(request, events, results));
  }

  private Reply many(Request request, Media media, Database database, JsonNode array) {
    if (array.isEmpty() || array.size() > MAX_BATCH) {
      throw HttpException.badRequest("a batch has 1 to " + MAX_BATCH + " requests");
    }
    if (media == Media.EVENTS) {
      throw HttpException.badRequest("a batch cannot be answered as text/event-stream");
    }
    List<Asked> all = new ArrayList<>();
    array.forEach(each -> all.add(Asked.of(each)));
    List<Map<String, @Nullable Object>> bodies = new ArrayList<>();
    for (Asked asked : all) {
      GraphQLReply reply = answer(request, database, asked, false);
      if (reply.events() != null) {
        throw HttpException.badRequest("a subscription cannot be in a batch");
      }
      bodies.add(reply.body());
    }
    return json(200, media, Map.of(), bodies);
  }

  private static Reply json(int status, Media media, Map<String, String> more, Object body) {
    Map<String, String> headers = new HashMap<>(more);
    headers.put("Content-Type", media.contentType());
    headers.put("Cache-Control", "no-store");
    headers.put("Vary", "Accept");
    return new JsonReply(status, headers, out -> out.writeObject(body));
  }

  /** Ends all connections, and says why. */
  public void end() {
    sockets.end();
  }

  @Override
  public void close() {
    databases.close();
  }
}
