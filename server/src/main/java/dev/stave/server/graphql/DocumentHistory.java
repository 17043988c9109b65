package dev.stave.server.graphql;

import static graphql.Scalars.GraphQLBoolean;
import static graphql.Scalars.GraphQLInt;
import static graphql.Scalars.GraphQLString;
import static graphql.schema.GraphQLList.list;
import static graphql.schema.GraphQLNonNull.nonNull;
import static graphql.schema.GraphQLTypeReference.typeRef;

import dev.stave.database.Database;
import dev.stave.database.HistoryEntry;
import dev.stave.document.Document;
import dev.stave.json.JsonMask;
import dev.stave.review.MergeRequests;
import dev.stave.revision.Provenance;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLFieldDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The history of a document, and its conflicts, as fields of it. */
final class DocumentHistory implements SchemaPart {

  private static final String REVISION = "DocumentRevision";
  private static final String STANDING = "RevisionStanding";

  /** A revision, and the document that it is of. */
  private record Entry(Database database, String document, HistoryEntry known) {}

  @Override
  public void addTo(SchemaParts parts) {
    parts.type(
        GraphQLEnumType.newEnum()
            .name(STANDING)
            .description("What a revision is to its document.")
            .value("WINNER", HistoryEntry.Standing.WINNER, "What the document is.")
            .value("CONFLICT", HistoryEntry.Standing.CONFLICT, "The end of another branch.")
            .value("CLOSED", HistoryEntry.Standing.CLOSED, "The end of a branch that was deleted.")
            .value("ANCESTOR", HistoryEntry.Standing.ANCESTOR, "What another was made of.")
            .build());
    new ObjectType<Entry>(REVISION, "One edit of a document.")
        .field("revision", nonNull(GraphQLString), "Its name.", of(HistoryEntry::revision))
        .field(
            "parent",
            GraphQLString,
            "What it was made of; null of the first one, or if that is not kept.",
            of(HistoryEntry::parent))
        .field("deleted", nonNull(GraphQLBoolean), "If it deletes.", of(HistoryEntry::deleted))
        .field(
            "standing",
            nonNull(typeRef(STANDING)),
            "What it is to the document.",
            of(HistoryEntry::standing))
        .field("author", GraphQLString, "Who made it, if that is known.", told(Provenance::author))
        .field("time", GraphQLString, "When, if that is known.", told(Provenance::time))
        .field("reason", GraphQLString, "Why, if somebody said so.", told(Provenance::reason))
        .field(
            "document",
            typeRef(SchemaParts.DOCUMENT),
            "The document as it was; null if that is not kept, or it deletes.",
            entry ->
                entry
                    .database()
                    .get(entry.document(), entry.known().revision())
                    .filter(document -> !document.deleted())
                    .orElse(null))
        .addTo(parts);
    parts.documentField(
        GraphQLFieldDefinition.newFieldDefinition()
            .name("_revisions")
            .description(
                "What is known of its history: the newest first, then the other branches, if there"
                    + " are any.")
            .type(nonNull(list(nonNull(typeRef(REVISION)))))
            .argument(SchemaParts.argument("first", GraphQLInt, "How many at most."))
            .build(),
        new PartialFetcher(JsonMask.NOTHING, DocumentHistory::revisions));
    parts.documentField(
        GraphQLFieldDefinition.newFieldDefinition()
            .name("_conflicts")
            .description("The open merge request, if branches of it are to be merged; else empty.")
            .type(nonNull(list(nonNull(typeRef(MergeRequestTypes.MERGE_REQUEST)))))
            .build(),
        new PartialFetcher(JsonMask.NOTHING, DocumentHistory::conflicts));
  }

  private static List<Reviewed> conflicts(DataFetchingEnvironment environment) {
    Database database = RequestContext.of(environment).database();
    MergeRequests requests = MergeRequests.of(database);
    return requests.openOf(id(environment)).stream()
        .map(request -> new Reviewed(database, requests, request))
        .toList();
  }

  private static String id(DataFetchingEnvironment environment) {
    return Objects.requireNonNull(environment.<Document>getSource()).id();
  }

  private static List<Entry> revisions(DataFetchingEnvironment environment) {
    Database database = RequestContext.of(environment).database();
    String id = id(environment);
    int most = RequestContext.of(environment).pageSize(environment.getArgument("first"));
    List<Entry> entries = new ArrayList<>();
    if (most > 0) {
      database
          .history(id)
          .forEach(
              entry -> {
                entries.add(new Entry(database, id, entry));
                return entries.size() < most;
              });
    }
    return entries;
  }

  private static Function<Entry, @Nullable Object> of(
      Function<HistoryEntry, @Nullable Object> member) {
    return entry -> member.apply(entry.known());
  }

  private static Function<Entry, @Nullable Object> told(
      Function<Provenance, @Nullable Object> member) {
    return entry -> entry.known().provenance().map(member).map(Object::toString).orElse(null);
  }
}
