package dev.stave.server.graphql;

import static graphql.Scalars.GraphQLBoolean;
import static graphql.Scalars.GraphQLID;
import static graphql.Scalars.GraphQLInt;
import static graphql.Scalars.GraphQLString;
import static graphql.schema.GraphQLList.list;
import static graphql.schema.GraphQLNonNull.nonNull;
import static graphql.schema.GraphQLTypeReference.typeRef;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPointer;
import dev.stave.merge.Resolution;
import dev.stave.review.Comment;
import dev.stave.review.MergeOutcome;
import dev.stave.review.MergeRequest;
import dev.stave.review.MergeRequests;
import dev.stave.revision.RevisionId;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLInputObjectField;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLInputType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Merge requests: those that are open, and what settles one. */
final class MergeRequestFields implements SchemaPart {

  private static final String CHOICE = "ClashChoice";

  private static final GraphQLArgument ID =
      SchemaParts.argument("id", nonNull(GraphQLID), "Of the merge request.");
  private static final GraphQLArgument AUTHOR =
      SchemaParts.argument(
          "author",
          GraphQLString,
          "Who does so: of somebody who is logged in it is known, else it is to be said.");
  private static final GraphQLArgument REASON =
      SchemaParts.argument("reason", GraphQLString, "Why, for the history.");

  @Override
  public void addTo(SchemaParts parts) {
    parts.query(
        GraphQLFieldDefinition.newFieldDefinition()
            .name("mergeRequests")
            .description("The open ones, in the order of their documents' ids.")
            .type(nonNull(list(nonNull(typeRef(MergeRequestTypes.MERGE_REQUEST)))))
            .argument(SchemaParts.argument("first", GraphQLInt, "How many at most."))
            .argument(
                SchemaParts.argument("after", GraphQLID, "A documentId: those that come after it."))
            .build(),
        MergeRequestFields::open);
    parts.query(
        GraphQLFieldDefinition.newFieldDefinition()
            .name("mergeRequest")
            .description("One, open or settled; null if there is none, or nothing of it is kept.")
            .type(typeRef(MergeRequestTypes.MERGE_REQUEST))
            .argument(ID)
            .build(),
        environment -> {
          Database database = RequestContext.of(environment).database();
          MergeRequests requests = MergeRequests.of(database);
          return requests
              .get(Objects.requireNonNull(environment.getArgument("id")))
              .map(request -> new Reviewed(database, requests, request))
              .orElse(null);
        });
    parts.type(choice());
    addTalking(parts);
    addSettling(parts);
  }

  private static GraphQLInputObjectType choice() {
    return GraphQLInputObjectType.newInputObject()
        .name(CHOICE)
        .description(
            "What is to be at a place that clashes: one of `side`, `base`, `value`, `delete`.")
        .field(member("path", nonNull(GraphQLString), "The place, as the clash has it."))
        .field(member("side", GraphQLInt, "What that side has there."))
        .field(member("base", GraphQLBoolean, "What the base has there."))
        .field(member("value", JsonScalars.JSON, "Something else."))
        .field(member("delete", GraphQLBoolean, "Nothing."))
        .build();
  }

  private static GraphQLInputObjectField member(
      String name, GraphQLInputType type, String description) {
    return GraphQLInputObjectField.newInputObjectField()
        .name(name)
        .type(type)
        .description(description)
        .build();
  }

  private static void addTalking(SchemaParts parts) {
    GraphQLArgument text = SchemaParts.argument("text", nonNull(GraphQLString), "What.");
    GraphQLArgument role =
        SchemaParts.argument("role", GraphQLString, "The role in which it is said.");
    parts.mutation(
        field("comment", "Says something of a merge request.", text),
        on(
            (requests, request, author, environment) -> {
              requests.comment(
                  request, author, Objects.requireNonNull(environment.getArgument("text")));
              return request;
            }));
    parts.mutation(
        field(
            "review",
            "Approves of a merge request as it stands, or asks for changes.",
            SchemaParts.argument(
                "verdict", nonNull(typeRef(MergeRequestTypes.VERDICT)), "What is said."),
            SchemaParts.argument("text", GraphQLString, "Why."),
            role),
        on(
            (requests, request, author, environment) -> {
              requests.review(
                  request,
                  author,
                  environment.getArgument("role"),
                  Objects.requireNonNull(environment.<Comment.Verdict>getArgument("verdict")),
                  environment.getArgumentOrDefault("text", ""));
              return request;
            }));
  }

  private static void addSettling(SchemaParts parts) {
    parts.mutation(
        field(
            "merge",
            "Merges the branches, with a choice for each clash; or into what is given.",
            SchemaParts.argument(
                "choices", list(nonNull(typeRef(CHOICE))), "One for each clash, by its path."),
            SchemaParts.argument("into", JsonScalars.JSON, "All of it, whatever the sides say."),
            REASON),
        on(MergeRequestFields::merge));
    parts.mutation(
        field("mergeByPolicy", "Merges what fits by itself; fails if something is held back."),
        on(
            (requests, request, author, environment) -> {
              MergeOutcome outcome = requests.mergeByPolicy(request);
              if (outcome instanceof MergeOutcome.Held held) {
                throw new GraphQLException(
                    ErrorCode.REFUSED, "somebody has to look", "reasons", held.reasons());
              }
              if (outcome instanceof MergeOutcome.Outdated) {
                throw outdated(request);
              }
              return request;
            }));
    parts.mutation(
        field(
            "close",
            "Keeps one side as it is, and closes the others without merging them.",
            SchemaParts.argument("keep", nonNull(GraphQLString), "The revision of that side."),
            REASON),
        on(
            (requests, request, author, environment) -> {
              String keep = Objects.requireNonNull(environment.getArgument("keep"));
              requests.close(
                  request, RevisionId.parse(keep), author, environment.getArgument("reason"));
              return request;
            }));
    parts.mutation(
        field("undo", "Opens a settled one again, with all sides as they were.", REASON),
        on(
            (requests, request, author, environment) ->
                requests.undo(request, author, environment.getArgument("reason")).orElse(request)));
  }

  private static GraphQLFieldDefinition field(
      String name, String description, GraphQLArgument... arguments) {
    return GraphQLFieldDefinition.newFieldDefinition()
        .name(name)
        .description(description)
        .type(typeRef(MergeRequestTypes.MERGE_REQUEST))
        .argument(ID)
        .arguments(List.of(arguments))
        .argument(AUTHOR)
        .build();
  }

  // Asking

  private static List<Reviewed> open(DataFetchingEnvironment environment) {
    Database database = RequestContext.of(environment).database();
    int most = RequestContext.of(environment).pageSize(environment.getArgument("first"));
    String after = environment.getArgument("after");
    MergeRequests requests = MergeRequests.of(database);
    List<Reviewed> open = new ArrayList<>();
    if (most > 0) {
      IdRange range = after == null ? IdRange.ALL : new IdRange(after + '\0', null, false);
      requests.forEachOpen(
          range,
          request -> {
            open.add(new Reviewed(database, requests, request));
            return open.size() < most;
          });
    }
    return open;
  }

  // Doing

  private interface Work {
    /** What the request is now. */
    MergeRequest on(
        MergeRequests requests,
        MergeRequest request,
        String author,
        DataFetchingEnvironment environment);
  }

  private static DataFetcher<Reviewed> on(Work work) {
    return environment -> {
      Database database = RequestContext.of(environment).database();
      Caller caller = Caller.of(environment);
      String id = Objects.requireNonNull(environment.getArgument("id"));
      String author = caller.author(environment.getArgument("author"));
      MergeRequests requests = MergeRequests.of(database).checkedBy(caller.check());
      MergeRequest request =
          requests
              .get(id)
              .orElseThrow(
                  () ->
                      new GraphQLException(
                          ErrorCode.NOT_FOUND, "there is no such merge request", "id", id));
      try {
        String now = work.on(requests, request, author, environment).id();
        return new Reviewed(
            database, requests, requests.get(now).orElseThrow(() -> outdated(request)));
      } catch (IllegalArgumentException | IllegalStateException e) {
        throw new GraphQLException(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()));
      }
    };
  }

  private static GraphQLException outdated(MergeRequest request) {
    return new GraphQLException(
        ErrorCode.STALE_REVISION, "it was changed meanwhile: read it again", "id", request.id());
  }

  private static MergeRequest merge(
      MergeRequests requests,
      MergeRequest request,
      String author,
      DataFetchingEnvironment environment) {
    String reason = environment.getArgument("reason");
    List<Map<String, Object>> choices = environment.getArgument("choices");
    if (!environment.containsArgument("into")) {
      requests.merge(request, resolutions(choices), author, reason);
      return request;
    }
    if (choices != null) {
      throw new GraphQLException(ErrorCode.BAD_REQUEST, "either `choices` or `into`, not both");
    }
    if (!(JavaValues.toNode(environment.getArgument("into")) instanceof ObjectNode body)) {
      throw new GraphQLException(ErrorCode.BAD_REQUEST, "a JSON object is wanted: into");
    }
    requests.merge(request, JsonObject.of(body), author, reason);
    return request;
  }

  private static Map<JsonPointer, Resolution> resolutions(
      @Nullable List<Map<String, Object>> choices) {
    Map<JsonPointer, Resolution> resolutions = new LinkedHashMap<>();
    for (Map<String, Object> choice : choices == null ? List.<Map<String, Object>>of() : choices) {
      String path = String.valueOf(choice.get("path"));
      if (resolutions.put(JsonPointer.parse(path), resolution(choice)) != null) {
        throw new GraphQLException(ErrorCode.BAD_REQUEST, "two choices for one path", "path", path);
      }
    }
    return resolutions;
  }

  private static Resolution resolution(Map<String, Object> choice) {
    List<Resolution> made = new ArrayList<>();
    if (choice.get("side") instanceof Integer side) {
      made.add(new Resolution.Take(side));
    }
    if (Boolean.TRUE.equals(choice.get("base"))) {
      made.add(new Resolution.TakeBase());
    }
    if (choice.containsKey("value")) {
      JsonNode value = JavaValues.toNode(choice.get("value"));
      made.add(new Resolution.Put(value));
    }
    if (Boolean.TRUE.equals(choice.get("delete"))) {
      made.add(new Resolution.Put(MissingNode.getInstance()));
    }
    if (made.size() != 1) {
      throw new GraphQLException(
          ErrorCode.BAD_REQUEST,
          "a choice is one of `side`, `base`, `value`, `delete`",
          "path",
          String.valueOf(choice.get("path")));
    }
    return made.get(0);
  }
}
