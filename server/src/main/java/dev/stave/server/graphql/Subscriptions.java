package dev.stave.server.graphql;

import static graphql.Scalars.GraphQLBoolean;
import static graphql.Scalars.GraphQLID;
import static graphql.Scalars.GraphQLString;
import static graphql.schema.GraphQLList.list;
import static graphql.schema.GraphQLNonNull.nonNull;
import static graphql.schema.GraphQLTypeReference.typeRef;

import dev.stave.database.Database;
import dev.stave.query.Selector;
import dev.stave.server.graphql.catalogue.DocumentType;
import dev.stave.server.graphql.live.DocumentChange;
import dev.stave.server.graphql.live.LiveChanges;
import dev.stave.server.graphql.live.LiveEvent;
import dev.stave.server.graphql.live.LiveMatches;
import dev.stave.server.graphql.live.LivePublisher;
import dev.stave.server.graphql.live.LiveSources;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLFieldDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.reactivestreams.Publisher;

/** What can be listened to: every change, what a selector matches, and documents of a type. */
final class Subscriptions implements SchemaPart {

  /** Not a sequence, but the one when somebody begins to listen, later than it is asked for. */
  private static final long NOW = Long.MAX_VALUE;

  private static final String EVENT = "WatchEvent";
  private static final String KIND = "WatchEventKind";
  private static final String CHANGE = "DocumentChange";

  private static final GraphQLArgument SINCE =
      SchemaParts.argument(
          "since",
          GraphQLString,
          "The `cursor` of the last event that was seen, or `_cursor` of a query: what came after"
              + " it comes first. Without it, what comes from now on.");

  @Override
  public void addTo(SchemaParts parts) {
    parts.query(
        GraphQLFieldDefinition.newFieldDefinition()
            .name("_cursor")
            .description(
                "Where the database is now: a subscription since then misses nothing that a query"
                    + " beside this did not see.")
            .type(nonNull(GraphQLString))
            .build(),
        environment -> Long.toString(database(environment).lastSequence()));
    parts.type(
        GraphQLEnumType.newEnum()
            .name(KIND)
            .value("ADDED", LiveEvent.Kind.ADDED, "It matches now, and did not before.")
            .value("CHANGED", LiveEvent.Kind.CHANGED, "It was edited, and matches.")
            .value("REMOVED", LiveEvent.Kind.REMOVED, "It matches no more, or is deleted.")
            .build());
    event(EVENT, SchemaParts.DOCUMENT).addTo(parts);
    new ObjectType<DocumentChange>(CHANGE, "The newest change of one document.")
        .field("id", nonNull(GraphQLID), "The document's `_id`.", c -> c.change().id())
        .field(
            "revision",
            nonNull(GraphQLString),
            "Its winner.",
            c -> c.change().revision().toString())
        .field("deleted", nonNull(GraphQLBoolean), "If that deletes it.", c -> c.change().deleted())
        .field(
            "document",
            typeRef(SchemaParts.DOCUMENT),
            "As it is now; null if deleted.",
            DocumentChange::document)
        .field(
            "cursor",
            nonNull(GraphQLString),
            "To go on from here.",
            c -> Long.toString(c.change().sequence()))
        .addTo(parts);
    parts.subscription(
        GraphQLFieldDefinition.newFieldDefinition()
            .name("changes")
            .description(
                "Every change, in order. Of a document that changed again only the newest.")
            .type(nonNull(typeRef(CHANGE)))
            .argument(SINCE)
            .argument(SchemaParts.argument("ids", list(nonNull(GraphQLID)), "Of these alone."))
            .build(),
        Subscriptions::changes);
    parts.subscription(
        GraphQLFieldDefinition.newFieldDefinition()
            .name("watch")
            .description("What becomes of the documents that match.")
            .type(nonNull(typeRef(EVENT)))
            .argument(SelectorArgument.ARGUMENT)
            .argument(SINCE)
            .build(),
        Subscriptions::watch);
  }

  /** Adds the field for what becomes of documents of a type; {@code where} says which. */
  static void addFor(
      SchemaParts parts, DocumentType type, GraphQLArgument where, Where compiler, Selector of) {
    String event = type.name() + EVENT;
    event(event, type.name()).addTo(parts);
    parts.subscription(
        GraphQLFieldDefinition.newFieldDefinition()
            .name(type.plural())
            .description("What becomes of documents of the type " + type.name() + " that match.")
            .type(nonNull(typeRef(event)))
            .argument(where)
            .argument(SelectorArgument.ARGUMENT)
            .argument(SINCE)
            .build(),
        environment ->
            watch(environment, SelectorArgument.in(environment, compiler.in(environment, of))));
  }

  private static ObjectType<LiveEvent> event(String name, String document) {
    return new ObjectType<LiveEvent>(name, "What became of one document that is listened to.")
        .field("kind", nonNull(typeRef(KIND)), "What.", LiveEvent::kind)
        .field("id", nonNull(GraphQLID), "The document's `_id`.", LiveEvent::id)
        .field("document", typeRef(document), "Null if it is removed.", LiveEvent::document)
        .field(
            "cursor",
            nonNull(GraphQLString),
            "To go on from here.",
            e -> Long.toString(e.sequence()));
  }

  private static Publisher<DocumentChange> changes(DataFetchingEnvironment environment) {
    Database database = database(environment);
    int most = RequestContext.of(environment).options().maxListValues();
    LiveSources live = RequestContext.of(environment).live();
    long since = since(environment);
    List<String> ids = environment.getArgument("ids");
    if (ids != null && ids.size() > most) {
      throw new GraphQLException(
          ErrorCode.LIMIT_LIST, "too many ids", "ids", ids.size(), "most", most);
    }
    Set<String> wanted = ids == null ? null : new HashSet<>(ids);
    return new LivePublisher<>(
        () -> new LiveChanges(database, since, wanted, live), executor(environment));
  }

  private static Publisher<LiveEvent> watch(DataFetchingEnvironment environment) {
    return watch(environment, SelectorArgument.in(environment, Selector.everything()));
  }

  /** Live events of what matches {@code selector}, as the arguments of {@code environment} say. */
  static Publisher<LiveEvent> watch(DataFetchingEnvironment environment, Selector selector) {
    Database database = database(environment);
    LiveSources live = RequestContext.of(environment).live();
    long since = since(environment);
    return new LivePublisher<>(
        () -> new LiveMatches(database, selector, since, live), executor(environment));
  }

  private static long since(DataFetchingEnvironment environment) {
    Database database = database(environment);
    String since = environment.getArgument("since");
    if (since == null) {
      return NOW;
    }
    try {
      long sequence = Long.parseLong(since);
      if (sequence >= 0 && sequence <= database.lastSequence()) {
        return sequence;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new GraphQLException(
        ErrorCode.BAD_REQUEST, "not a cursor of this database: begin without one", "since", since);
  }

  private static Database database(DataFetchingEnvironment environment) {
    return RequestContext.of(environment).database();
  }

  private static Executor executor(DataFetchingEnvironment environment) {
    return RequestContext.of(environment).get(Executor.class) instanceof Executor given
        ? given
        : ForkJoinPool.commonPool();
  }
}
