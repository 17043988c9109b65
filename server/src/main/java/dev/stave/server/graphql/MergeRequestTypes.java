package dev.stave.server.graphql;

import static graphql.Scalars.GraphQLID;
import static graphql.Scalars.GraphQLInt;
import static graphql.Scalars.GraphQLString;
import static graphql.schema.GraphQLList.list;
import static graphql.schema.GraphQLNonNull.nonNull;
import static graphql.schema.GraphQLTypeReference.typeRef;

import dev.stave.merge.Clash;
import dev.stave.merge.FieldDiff;
import dev.stave.review.Comment;
import dev.stave.review.MergeRequest;
import dev.stave.revision.Provenance;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLOutputType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a merge request is made of. */
final class MergeRequestTypes implements SchemaPart {

  static final String MERGE_REQUEST = "MergeRequest";
  static final String VERDICT = "ReviewVerdict";
  private static final String STATE = "MergeRequestState";
  private static final String SIDE = "MergeSide";
  private static final String CHANGE = "FieldChange";
  private static final String KIND = "FieldChangeKind";
  static final String CLASH = "Clash";
  private static final String WHY = "ClashReason";
  private static final String COMMENT = "MergeComment";

  private static final GraphQLOutputType JSON = JsonScalars.JSON;

  @Override
  public void addTo(SchemaParts parts) {
    addEnums(parts);
    new ObjectType<Reviewed>(
            MERGE_REQUEST,
            "Branches of one document that are to become one, or became it: edits that were made"
                + " beside each other.")
        .field("id", nonNull(GraphQLID), "Names it on every peer.", r -> r.request().id())
        .field("documentId", nonNull(GraphQLID), "Its document.", r -> r.request().document())
        .field(
            "document",
            typeRef(SchemaParts.DOCUMENT),
            "The document as it is now.",
            Reviewed::document)
        .field("state", nonNull(typeRef(STATE)), "What became of it.", r -> r.request().state())
        .field(
            "base", JSON, "What all sides were made of.", r -> Reviewed.value(r.preview().base()))
        .field("ours", JSON, "The side that readers see meanwhile.", r -> r.side(0))
        .field("theirs", JSON, "The next side; of more than two, see `sides`.", r -> r.side(1))
        .field("sides", many(SIDE), "All of them; the one that readers see first.", Reviewed::sides)
        .field("diff", many(CHANGE), "What each side changed of the base.", Reviewed::changes)
        .field(
            "merged",
            JSON,
            "What merging comes to: what fits, and provisional values where it clashes.",
            r -> Reviewed.value(r.preview().result().value()))
        .field("clashes", many(CLASH), "What somebody has to decide.", Reviewed::clashes)
        .field(
            "held",
            nonNull(list(nonNull(GraphQLString))),
            "Why it is not merged by policy; empty if it may be.",
            r -> r.preview().held())
        .field("comments", many(COMMENT), "What was said.", r -> r.requests().comments(r.request()))
        .field(
            "result",
            GraphQLString,
            "The revision that settled it.",
            r -> text(r.request().result()))
        .field("author", GraphQLString, "Who settled it.", told(Provenance::author))
        .field("time", GraphQLString, "When it was settled.", told(Provenance::time))
        .field("reason", GraphQLString, "Why it was settled so.", told(Provenance::reason))
        .addTo(parts);
    new ObjectType<Reviewed.Side>(SIDE, "One branch of a document.")
        .field("number", nonNull(GraphQLInt), "From 0, as choices name it.", Reviewed.Side::number)
        .field(
            "revision",
            nonNull(GraphQLString),
            "Its end.",
            side -> side.branch().document().revision().toString())
        .field("body", JSON, "Null if it deletes.", side -> Reviewed.value(side.branch().value()))
        .field("author", GraphQLString, "Who made it.", side -> told(side, Provenance::author))
        .field("time", GraphQLString, "When.", side -> told(side, Provenance::time))
        .field("reason", GraphQLString, "Why.", side -> told(side, Provenance::reason))
        .field("diff", many(CHANGE), "What it changed of the base.", Reviewed::changes)
        .addTo(parts);
    new ObjectType<Reviewed.SideChange>(CHANGE, "One value that a side changed.")
        .field("side", nonNull(GraphQLInt), "Which side.", Reviewed.SideChange::side)
        .field("path", nonNull(GraphQLString), "Where (RFC 6901).", c -> text(c.change().path()))
        .field("kind", nonNull(typeRef(KIND)), "What became of it.", c -> c.change().kind())
        .field("from", GraphQLString, "Where a moved element was.", c -> text(c.change().from()))
        .field("before", JSON, "In the base.", c -> Reviewed.value(c.change().before()))
        .field("after", JSON, "In the side.", c -> Reviewed.value(c.change().after()))
        .addTo(parts);
    new ObjectType<Clash>(CLASH, "A place that sides changed differently.")
        .field("path", nonNull(GraphQLString), "Where, as choices name it.", c -> text(c.path()))
        .field("why", nonNull(typeRef(WHY)), "What is wrong.", Clash::why)
        .field("base", JSON, "In the base.", c -> Reviewed.value(c.base()))
        .field(
            "sides", nonNull(list(JSON)), "In each side, in their order.", MergeRequestTypes::sides)
        .field("key", GraphQLString, "By which member elements are known.", Clash::key)
        .addTo(parts);
    new ObjectType<Comment>(COMMENT, "What somebody said of a merge request.")
        .field("author", nonNull(GraphQLString), "Who.", Comment::author)
        .field("time", nonNull(GraphQLString), "When.", comment -> comment.at().toString())
        .field("text", nonNull(GraphQLString), "What.", Comment::text)
        .field("verdict", typeRef(VERDICT), "Null if it is a comment alone.", Comment::verdict)
        .field("role", GraphQLString, "In which it was said.", Comment::role)
        .addTo(parts);
  }

  private static void addEnums(SchemaParts parts) {
    parts.type(
        GraphQLEnumType.newEnum()
            .name(STATE)
            .value("OPEN", MergeRequest.State.OPEN, "There are several branches.")
            .value("MERGED_BY_POLICY", MergeRequest.State.MERGED_BY_POLICY, "By itself.")
            .value("MERGED_BY_HAND", MergeRequest.State.MERGED_BY_HAND, "By somebody.")
            .value("CLOSED", MergeRequest.State.CLOSED, "One side was kept.")
            .build());
    parts.type(enumOf(KIND, FieldDiff.Kind.values()));
    parts.type(enumOf(WHY, Clash.Why.values()));
    parts.type(enumOf(VERDICT, Comment.Verdict.values()));
  }

  private static GraphQLEnumType enumOf(String name, Enum<?>[] values) {
    GraphQLEnumType.Builder type = GraphQLEnumType.newEnum().name(name);
    for (Enum<?> value : values) {
      type.value(value.name(), value);
    }
    return type.build();
  }

  private static GraphQLOutputType many(String type) {
    return nonNull(list(nonNull(typeRef(type))));
  }

  private static List<@Nullable Object> sides(Clash clash) {
    List<@Nullable Object> values = new ArrayList<>();
    clash.sides().forEach(side -> values.add(Reviewed.value(side)));
    return values;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static Function<Reviewed, @Nullable Object> told(
      Function<Provenance, @Nullable Object> member) {
    return r -> r.request().told().map(member).map(Object::toString).orElse(null);
  }

  private static @Nullable Object told(
      Reviewed.Side side, Function<Provenance, @Nullable Object> member) {
    return side.branch().told().map(member).map(Object::toString).orElse(null);
  }
}
