package dev.stave.server.graphql;

import static graphql.Scalars.GraphQLID;
import static graphql.Scalars.GraphQLString;
import static graphql.schema.GraphQLList.list;
import static graphql.schema.GraphQLNonNull.nonNull;
import static graphql.schema.GraphQLTypeReference.typeRef;

import dev.stave.database.Database;
import dev.stave.database.Fork;
import dev.stave.database.ForkException;
import dev.stave.review.ForkRequest;
import dev.stave.review.ForkedDocument;
import dev.stave.review.MergeRequests;
import dev.stave.server.graphql.Caller.Right;
import dev.stave.storage.StorageInUseException;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLFieldDefinition;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Forks: copies of the database that go their own way, and come back as one merge request. */
final class ForkFields implements SchemaPart {

  private static final String FORK = "DatabaseFork";
  private static final String DOCUMENT = "ForkedDocument";
  private static final String STANDING = "ForkStanding";
  private static final String MERGED = "ForkMerge";

  private static final GraphQLArgument NAME =
      SchemaParts.argument("name", nonNull(GraphQLID), "Of the fork.");

  /** A fork, and the database that it is of. */
  private record OfDatabase(Database database, Fork fork, Caller caller) {

    static List<OfDatabase> all(DataFetchingEnvironment environment) {
      Database database = ForkFields.database(environment);
      Caller caller = Caller.of(environment);
      return database.forks().list().stream()
          .map(fork -> new OfDatabase(database, fork, caller))
          .toList();
    }

    String name() {
      return fork.name();
    }
  }

  @Override
  public void addTo(SchemaParts parts) {
    GraphQLEnumType.Builder standings = GraphQLEnumType.newEnum().name(STANDING);
    for (ForkedDocument.Standing standing : ForkedDocument.Standing.values()) {
      standings.value(standing.name(), standing);
    }
    parts.type(standings.build());
    new ObjectType<OfDatabase>(FORK, "A copy of the database that goes its own way.")
        .field("name", nonNull(GraphQLID), "Its name.", OfDatabase::name)
        .field(
            "made", nonNull(GraphQLString), "When it was made.", of -> of.fork().made().toString())
        .field(
            "documents",
            nonNull(list(nonNull(typeRef(DOCUMENT)))),
            "Every document that was written on either side since, and what merging would do; for"
                + " those who tend the database, since it looks at all of them.",
            ForkFields::documents)
        .addTo(parts);
    new ObjectType<ForkedDocument>(DOCUMENT, "A document of a fork, beside the database's own.")
        .field("id", nonNull(GraphQLID), "Its `_id`.", ForkedDocument::id)
        .field(
            "standing",
            nonNull(typeRef(STANDING)),
            "What merging would do.",
            ForkedDocument::standing)
        .field("here", typeRef(SchemaParts.DOCUMENT), "As it is here.", d -> d.here().orElse(null))
        .field(
            "there",
            JsonScalars.JSON,
            "As the fork has it.",
            d -> d.there().map(there -> there.body().sharedTree()).orElse(null))
        .field(
            "merged",
            JsonScalars.JSON,
            "What merging comes to, where both wrote it.",
            d -> d.preview().map(p -> Reviewed.value(p.result().value())).orElse(null))
        .field(
            "clashes",
            nonNull(list(nonNull(typeRef(MergeRequestTypes.CLASH)))),
            "What somebody would have to decide.",
            d -> d.preview().map(p -> p.result().clashes()).orElse(List.of()))
        .addTo(parts);
    new ObjectType<ForkRequest.Merged>(MERGED, "What came of merging a fork, by documents' ids.")
        .field("taken", ids(), "As they are in the fork, or merged.", ForkRequest.Merged::taken)
        .field("open", ids(), "With a conflict: a merge request each.", ForkRequest.Merged::open)
        .field("left", ids(), "Deleted by one and edited by the other.", ForkRequest.Merged::left)
        .addTo(parts);
    parts.query(
        GraphQLFieldDefinition.newFieldDefinition()
            .name("forks")
            .description("Those of this database.")
            .type(nonNull(list(nonNull(typeRef(FORK)))))
            .build(),
        environment -> OfDatabase.all(environment));
    addMutations(parts);
  }

  private static graphql.schema.GraphQLOutputType ids() {
    return nonNull(list(nonNull(GraphQLID)));
  }

  private static void addMutations(SchemaParts parts) {
    parts.mutation(
        GraphQLFieldDefinition.newFieldDefinition()
            .name("createFork")
            .description("Makes a fork of the database as it is now.")
            .type(typeRef(FORK))
            .argument(NAME)
            .build(),
        environment -> {
          Caller.of(environment).require(Right.TEND);
          String name = name(environment);
          told(ErrorCode.BAD_REQUEST, name, () -> database(environment).forks().create(name))
              .close();
          return OfDatabase.all(environment).stream()
              .filter(fork -> fork.name().equals(name))
              .findFirst()
              .orElseThrow();
        });
    parts.mutation(
        GraphQLFieldDefinition.newFieldDefinition()
            .name("mergeFork")
            .description("Brings what a fork has written back, all of it or these documents.")
            .type(typeRef(MERGED))
            .argument(NAME)
            .argument(SchemaParts.argument("ids", list(nonNull(GraphQLID)), "Of documents."))
            .argument(SchemaParts.argument("reason", GraphQLString, "Why, for the history."))
            .argument(SchemaParts.argument("author", GraphQLString, "Who does so."))
            .build(),
        ForkFields::merge);
    parts.mutation(
        GraphQLFieldDefinition.newFieldDefinition()
            .name("dropFork")
            .description("Deletes a fork, and all that was written to it.")
            .type(list(nonNull(typeRef(FORK))))
            .argument(NAME)
            .build(),
        environment -> {
          Caller.of(environment).require(Right.TEND);
          String name = name(environment);
          return told(
              ErrorCode.NOT_FOUND,
              name,
              () -> {
                database(environment).forks().drop(name);
                return OfDatabase.all(environment);
              });
        });
  }

  private static Database database(DataFetchingEnvironment environment) {
    return RequestContext.of(environment).database();
  }

  private static String name(DataFetchingEnvironment environment) {
    return Objects.requireNonNull(environment.getArgument("name"));
  }

  private static ForkRequest.Merged merge(DataFetchingEnvironment environment) {
    Caller caller = Caller.of(environment);
    String author = caller.author(environment.getArgument("author"));
    String reason = environment.getArgument("reason");
    List<String> ids = environment.getArgument("ids");
    return opened(
        database(environment),
        name(environment),
        (database, fork) -> {
          ForkRequest request = MergeRequests.of(database).checkedBy(caller.check()).fork(fork);
          return ids == null ? request.merge(author, reason) : request.merge(ids, author, reason);
        });
  }

  private static List<ForkedDocument> documents(OfDatabase of) {
    of.caller().require(Right.TEND);
    return opened(
        of.database(),
        of.name(),
        (database, fork) -> MergeRequests.of(database).fork(fork).documents());
  }

  /** A fork is open once at a time, and here no longer than it is looked at. */
  private static <T> T opened(
      Database database, String name, BiFunction<Database, Database, T> work) {
    try (Database fork = told(ErrorCode.NOT_FOUND, name, () -> database.forks().open(name))) {
      return work.apply(database, fork);
    }
  }

  /** What {@code work} does with a fork; where it cannot, a failure with {@code code}. */
  private static <T> T told(ErrorCode code, String name, Supplier<T> work) {
    try {
      return work.get();
    } catch (ForkException | IllegalArgumentException e) {
      throw new GraphQLException(code, String.valueOf(e.getMessage()));
    } catch (StorageInUseException e) {
      throw new GraphQLException(
          ErrorCode.UNAVAILABLE, "somebody else has the fork open: try again", "fork", name);
    }
  }
}
