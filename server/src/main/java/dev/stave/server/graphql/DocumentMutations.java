package dev.stave.server.graphql;

import static graphql.Scalars.GraphQLID;
import static graphql.Scalars.GraphQLString;
import static graphql.schema.GraphQLList.list;
import static graphql.schema.GraphQLNonNull.nonNull;
import static graphql.schema.GraphQLTypeReference.typeRef;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.Transaction;
import dev.stave.database.WriteCheck;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPatch;
import dev.stave.json.MergePatch;
import dev.stave.revision.RevisionId;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLInputObjectField;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLInputType;
import graphql.schema.GraphQLOutputType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What writes documents: one, or several as one transaction. Bodies are JSON, whatever the schema
 * has seen so far: it follows what is written.
 */
final class DocumentMutations implements SchemaPart {

  private static final JsonObject NOTHING = JsonObject.parse("{}");
  private static final String EDIT = "DocumentEdit";
  private static final String WRITTEN = "WrittenDocument";

  /** What an edit does, with the arguments of the mutation of the same name. */
  private enum Kind {
    CREATE,
    REPLACE,
    PATCH,
    DELETE;

    String field() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private record Argument(String name, GraphQLInputType type, String description) {}

  private static final Argument ID =
      new Argument("id", nonNull(GraphQLID), "Which document: its `_id`.");
  private static final Argument NEW_ID =
      new Argument("id", GraphQLID, "The `_id` that it gets; one is made if it has none.");
  private static final Argument REVISION =
      new Argument(
          "revision",
          nonNull(GraphQLString),
          "The `_revision` that was looked at: if it is not the newest any more, nothing is"
              + " written.");
  private static final Argument ANY_REVISION =
      new Argument(
          "revision",
          GraphQLString,
          "The `_revision` that was looked at: if it is not the newest any more, nothing is"
              + " written. Without it the newest is patched.");
  private static final Argument BODY =
      new Argument("body", nonNull(JsonScalars.JSON), "All that it has from now on: an object.");
  private static final Argument MERGE =
      new Argument(
          "merge",
          JsonScalars.JSON,
          "A merge patch (RFC 7396): members to set, null for those to remove.");
  private static final Argument OPERATIONS =
      new Argument(
          "operations",
          list(nonNull(JsonScalars.JSON)),
          "A JSON Patch (RFC 6902): `{op: \"replace\", path: \"/name\", value: \"…\"}` and"
              + " others.");
  private static final Argument REASON =
      new Argument("reason", GraphQLString, "Why it is written, for its history.");

  private static final Map<Kind, List<Argument>> ARGUMENTS =
      Map.of(
          Kind.CREATE, List.of(NEW_ID, BODY),
          Kind.REPLACE, List.of(ID, REVISION, BODY),
          Kind.PATCH, List.of(ID, ANY_REVISION, MERGE, OPERATIONS),
          Kind.DELETE, List.of(ID, REVISION));

  @Override
  public void addTo(SchemaParts parts) {
    new ObjectType<Written>(WRITTEN, "What was written.")
        .field("id", nonNull(GraphQLID), "Of the document.", Written::id)
        .field(
            "revision",
            nonNull(GraphQLString),
            "The revision that it is now.",
            written -> written.revision().toString())
        .field(
            "document",
            typeRef(SchemaParts.DOCUMENT),
            "The document as it was written; null if it was deleted.",
            written -> written.document().filter(found -> !found.deleted()).orElse(null))
        .addTo(parts);
    GraphQLInputObjectType.Builder edit =
        GraphQLInputObjectType.newInputObject()
            .name(EDIT)
            .description("One edit of several: one of these.")
            .withAppliedDirective(graphql.Directives.OneOfDirective.toAppliedDirective());
    for (Kind kind : Kind.values()) {
      edit.field(addTo(parts, kind));
    }
    parts.type(edit.build());
    one(parts, Kind.CREATE, "Writes a new document.");
    one(parts, Kind.REPLACE, "Writes a document as a whole. Its attachments stay.");
    one(parts, Kind.PATCH, "Changes parts of a document.");
    one(parts, Kind.DELETE, "Deletes a document. Its history stays.");
    parts.mutation(
        GraphQLFieldDefinition.newFieldDefinition()
            .name("write")
            .description(
                "Several edits as one transaction: all of them are written, or none. A later one"
                    + " sees what an earlier one did.")
            .type(list(nonNull(typeRef(WRITTEN))))
            .argument(
                SchemaParts.argument(
                    "edits", nonNull(list(nonNull(typeRef(EDIT)))), "In their order."))
            .argument(argument(REASON))
            .build(),
        DocumentMutations::writeAll);
  }

  private static GraphQLArgument argument(Argument argument) {
    return SchemaParts.argument(argument.name(), argument.type(), argument.description());
  }

  /** The type of the edit of this kind, and the field for it. */
  private static GraphQLInputObjectField addTo(SchemaParts parts, Kind kind) {
    String name = kind.field();
    String type = EDIT + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    GraphQLInputObjectType.Builder input =
        GraphQLInputObjectType.newInputObject()
            .name(type)
            .description("What `" + name + "` takes.");
    for (Argument argument : arguments(kind)) {
      input.field(
          GraphQLInputObjectField.newInputObjectField()
              .name(argument.name())
              .type(argument.type())
              .description(argument.description()));
    }
    parts.type(input.build());
    return GraphQLInputObjectField.newInputObjectField()
        .name(name)
        .type(typeRef(type))
        .description("As the mutation `" + name + "`.")
        .build();
  }

  private static List<Argument> arguments(Kind kind) {
    return ARGUMENTS.getOrDefault(kind, List.of());
  }

  private static void one(SchemaParts parts, Kind kind, String description) {
    boolean deletes = kind == Kind.DELETE;
    GraphQLOutputType type = typeRef(deletes ? WRITTEN : SchemaParts.DOCUMENT);
    GraphQLFieldDefinition.Builder field =
        GraphQLFieldDefinition.newFieldDefinition()
            .name(kind.field())
            .description(description)
            .type(type);
    arguments(kind).forEach(argument -> field.argument(argument(argument)));
    field.argument(argument(REASON));
    parts.mutation(
        field.build(),
        environment -> {
          Map<String, Object> edit = Map.of(kind.field(), environment.getArguments());
          Written written = write(environment, List.of(edit)).get(0);
          return deletes ? written : written.document().orElseThrow();
        });
  }

  private static List<Written> writeAll(DataFetchingEnvironment environment) {
    int most = RequestContext.of(environment).options().maxListValues();
    List<Map<String, Object>> edits = environment.getArgumentOrDefault("edits", List.of());
    if (edits.size() > most) {
      throw new GraphQLException(
          ErrorCode.LIMIT_LIST,
          "too many edits: write them in parts",
          "edits",
          edits.size(),
          "most",
          most);
    }
    return write(environment, edits);
  }

  private static List<Written> write(
      DataFetchingEnvironment environment, List<Map<String, Object>> edits) {
    Database database = RequestContext.of(environment).database();
    Caller caller = Caller.of(environment);
    return database.transact(
        transaction -> {
          transaction.author(caller.name());
          transaction.reason(environment.getArgument("reason"));
          List<Written> written = new ArrayList<>();
          Edits all = new Edits(database, transaction, caller.check(), new HashMap<>());
          for (Map<String, Object> edit : edits) {
            written.add(all.add(edit));
          }
          return written;
        });
  }

  /** What was written; the revision is a tombstone if it deletes. */
  private record Written(Database database, String id, RevisionId revision) {
    Optional<Document> document() {
      return database.get(id, revision);
    }
  }

  /** Edits on their way into one transaction, which may have to be run again. */
  private record Edits(
      Database database,
      Transaction transaction,
      WriteCheck check,
      Map<String, Optional<RevisionId>> before) {

    /** What was written before in this transaction nobody else knows: it is as if at once. */
    private void check(String id, @Nullable RevisionId parent, boolean deleted, JsonObject body) {
      RevisionId known =
          before.computeIfAbsent(id, first -> Optional.ofNullable(parent)).orElse(null);
      check.check(id, known, deleted, body);
    }

    Written add(Map<String, Object> edit) {
      for (Kind kind : Kind.values()) {
        if (edit.get(kind.field()) instanceof Map<?, ?> arguments) {
          return add(kind, arguments);
        }
      }
      throw new GraphQLException(ErrorCode.BAD_REQUEST, "an edit does one thing");
    }

    private Written add(Kind kind, Map<?, ?> arguments) {
      String given = text(arguments, "id");
      String id = given == null ? UUID.randomUUID().toString().replace("-", "") : given;
      String text = text(arguments, "revision");
      RevisionId revision = text == null ? null : RevisionId.parse(text);
      switch (kind) {
        case CREATE:
          return put(id, null, object(arguments, "body"));
        case REPLACE:
          requireKnown(id, revision);
          return put(id, revision, object(arguments, "body"));
        case PATCH:
          Document now = document(id, revision);
          return put(id, now.revision(), patched(now.body(), arguments));
        default:
          requireKnown(id, revision);
          check(id, revision, true, NOTHING);
          return new Written(
              database, id, transaction.delete(id, Objects.requireNonNull(revision)));
      }
    }

    /** What is there is stale if it is not as named; what never was cannot be. */
    private void requireKnown(String id, @Nullable RevisionId revision) {
      boolean isThere =
          transaction.get(id).isPresent()
              || (revision != null && database.get(id, revision).isPresent());
      if (!isThere) {
        throw missing(id);
      }
    }

    private Written put(String id, @Nullable RevisionId parent, JsonObject body) {
      check(id, parent, false, body);
      RevisionId revision =
          parent == null ? transaction.put(id, body) : transaction.put(id, parent, body);
      return new Written(database, id, revision);
    }

    /** What is to be patched: the winner, or another leaf that is named. */
    private Document document(String id, @Nullable RevisionId revision) {
      Optional<Document> winner = transaction.get(id);
      if (revision == null || winner.filter(w -> w.revision().equals(revision)).isPresent()) {
        return winner.orElseThrow(() -> missing(id));
      }
      requireKnown(id, revision);
      return database
          .get(id, revision)
          .orElseThrow(
              () ->
                  new GraphQLException(
                      ErrorCode.STALE_REVISION,
                      "the document is at another revision",
                      "id",
                      id,
                      "revision",
                      revision));
    }
  }

  private static GraphQLException missing(String id) {
    return new GraphQLException(ErrorCode.NOT_FOUND, "there is no such document", "id", id);
  }

  private static @Nullable String text(Map<?, ?> arguments, String name) {
    Object value = arguments.get(name);
    return value == null ? null : value.toString();
  }

  private static JsonObject object(Map<?, ?> arguments, String name) {
    JsonNode node = JavaValues.toNode(arguments.get(name));
    if (node instanceof ObjectNode object) {
      return JsonObject.of(object);
    }
    throw new GraphQLException(ErrorCode.BAD_REQUEST, "a JSON object is wanted", "argument", name);
  }

  private static JsonObject patched(JsonObject body, Map<?, ?> arguments) {
    boolean merges = arguments.get("merge") != null;
    boolean operates = arguments.get("operations") != null;
    if (merges == operates) {
      throw new GraphQLException(
          ErrorCode.BAD_REQUEST, "a patch has either `merge` or `operations`");
    }
    if (merges) {
      return MergePatch.apply(body, object(arguments, "merge"));
    }
    JsonNode operations = JavaValues.toNode(arguments.get("operations"));
    return JsonPatch.parse(operations.toString()).apply(body);
  }
}
