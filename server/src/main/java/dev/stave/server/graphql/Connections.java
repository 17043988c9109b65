package dev.stave.server.graphql;

import static dev.stave.server.graphql.DocumentFields.field;
import static graphql.schema.GraphQLList.list;
import static graphql.schema.GraphQLNonNull.nonNull;
import static graphql.schema.GraphQLTypeReference.typeRef;

import dev.stave.json.JsonPath;
import dev.stave.query.Bookmark;
import dev.stave.query.InvalidSelectorException;
import dev.stave.query.Query;
import dev.stave.query.Selector;
import graphql.Scalars;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLInputObjectField;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLObjectType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Pages of documents, as Relay has them, and the arguments that say which. */
final class Connections implements SchemaPart {

  /** What the type of pages of another type ends with. */
  static final String SUFFIX = "Connection";

  static final String EXPLAIN = "explain";

  private static final String PAGE_INFO = "PageInfo";
  private static final String ORDER = "OrderBy";
  private static final String DIRECTION = "SortDirection";
  private static final String EXPLANATION = "QueryExplanation";

  @Override
  public void addTo(SchemaParts parts) {
    parts.type(
        GraphQLObjectType.newObject()
            .name(PAGE_INFO)
            .description("Where a page stands among the others.")
            .field(
                field(
                    "hasNextPage",
                    nonNull(Scalars.GraphQLBoolean),
                    "Whether more follow: looked up for the first of a question, and of others"
                        + " whether they end before something."))
            .field(
                field(
                    "hasPreviousPage",
                    nonNull(Scalars.GraphQLBoolean),
                    "Whether there are some before: looked up for the last of a question, and of"
                        + " others whether they begin behind something."))
            .field(field("startCursor", Scalars.GraphQLString, "The cursor of its first edge."))
            .field(
                field(
                    "endCursor",
                    Scalars.GraphQLString,
                    "That of its last one: what comes next is after it."))
            .build());
    parts.type(
        GraphQLEnumType.newEnum()
            .name(DIRECTION)
            .description("Which way to sort.")
            .value("ASC", false, "The least first.")
            .value("DESC", true, "The greatest first.")
            .build());
    parts.type(
        GraphQLInputObjectType.newInputObject()
            .name(ORDER)
            .description("What to sort by. Documents without a value there are left out.")
            .field(input("path", "As selectors write it: address.city.", false))
            .field(
                GraphQLInputObjectField.newInputObjectField()
                    .name("direction")
                    .type(nonNull(typeRef(DIRECTION)))
                    .defaultValueProgrammatic("ASC"))
            .build());
    explanation(parts);
  }

  private static GraphQLInputObjectField input(String name, String description, boolean isList) {
    return GraphQLInputObjectField.newInputObjectField()
        .name(name)
        .type(isList ? list(nonNull(Scalars.GraphQLString)) : nonNull(Scalars.GraphQLString))
        .description(description)
        .build();
  }

  private static void explanation(SchemaParts parts) {
    parts.type(
        GraphQLObjectType.newObject()
            .name(EXPLANATION)
            .description("How a question was answered: it was run for this.")
            .field(field("plan", nonNull(JsonScalars.JSON), "What the index was asked."))
            .field(field("order", nonNull(Scalars.GraphQLString), "How it was sorted."))
            .field(field("postingsRead", nonNull(JsonScalars.NUMBER), "Index entries looked at."))
            .field(field("documentsRead", nonNull(JsonScalars.NUMBER), "Documents read."))
            .field(field("bytesRead", nonNull(JsonScalars.NUMBER), "Bytes of these."))
            .field(field("returned", nonNull(Scalars.GraphQLInt), "Documents found."))
            .field(field("millis", nonNull(JsonScalars.NUMBER), "Time taken."))
            .build());
  }

  /** Adds the type of pages of {@code node}, and returns its name. */
  static String addFor(SchemaParts parts, String node) {
    String connection = node + SUFFIX;
    String edge = node + "Edge";
    parts.type(
        GraphQLObjectType.newObject()
            .name(edge)
            .description("A place in the answer.")
            .field(field("cursor", nonNull(Scalars.GraphQLString), "What comes next is after it."))
            .field(field("node", nonNull(typeRef(node)), "The document there."))
            .build());
    parts.type(
        GraphQLObjectType.newObject()
            .name(connection)
            .description("A page of documents, as of one commit.")
            .field(field("edges", nonNull(list(nonNull(typeRef(edge)))), "Places, in order."))
            .field(field("nodes", nonNull(list(nonNull(typeRef(node)))), "Documents, in order."))
            .field(field("pageInfo", nonNull(typeRef(PAGE_INFO)), "Where the page stands."))
            .field(
                field(
                    "totalCount",
                    nonNull(Scalars.GraphQLInt),
                    "How many documents match, those of all pages; counted when it is asked for."))
            .field(
                field(
                    EXPLAIN, nonNull(typeRef(EXPLANATION)), "How the page is found, and its cost."))
            .build());
    parts.fetcher(edge, "node", Connections::node).fetcher(edge, "cursor", Connections::cursor);
    parts.fetcher(connection, "edges", of(DocumentPage::edges));
    parts.fetcher(connection, "nodes", of(DocumentPage::documents));
    parts.fetcher(connection, "pageInfo", of(DocumentPage::info));
    parts.fetcher(connection, "totalCount", of(DocumentPage::totalCount));
    parts.fetcher(connection, EXPLAIN, of(DocumentPage::explanation));
    return connection;
  }

  private static @Nullable Object node(DataFetchingEnvironment environment) {
    DocumentPage.Edge edge = environment.getSource();
    return edge == null ? null : AskedMembers.narrowed(environment, edge.node());
  }

  private static @Nullable Object cursor(DataFetchingEnvironment environment) {
    DocumentPage.Edge edge = environment.getSource();
    return edge == null ? null : edge.cursor().toString();
  }

  private static DataFetcher<Object> of(
      BiFunction<DocumentPage, DataFetchingEnvironment, Object> part) {
    return environment -> {
      DocumentPage page = environment.getSource();
      if (page == null) {
        throw new IllegalStateException("a part of a page is asked of none");
      }
      return part.apply(page, environment);
    };
  }

  /** The arguments of every field that gives pages, but for {@code where}. */
  static List<GraphQLArgument> arguments() {
    List<GraphQLArgument> arguments = new ArrayList<>();
    arguments.add(SelectorArgument.ARGUMENT);
    arguments.add(
        SchemaParts.argument("orderBy", list(nonNull(typeRef(ORDER))), "The first counts most."));
    arguments.add(
        SchemaParts.argument("first", Scalars.GraphQLInt, "How many documents, at most."));
    arguments.add(
        SchemaParts.argument("after", Scalars.GraphQLString, "A cursor of the same question."));
    arguments.add(
        SchemaParts.argument(
            "last", Scalars.GraphQLInt, "In place of first: how many from the end, at most."));
    arguments.add(
        SchemaParts.argument("before", Scalars.GraphQLString, "A cursor of the same question."));
    arguments.add(
        SchemaParts.argument(
            "skip",
            Scalars.GraphQLInt,
            "Documents to leave out first, with last at the end; a cursor costs less."));
    return arguments;
  }

  /**
   * The page that the arguments of a field ask for, of documents in {@code collection}. Nothing is
   * read yet.
   */
  static DocumentPage page(DataFetchingEnvironment environment, Selector collection) {
    return pageOf(environment, SelectorArgument.in(environment, collection));
  }

  /** As {@link #page}, of those that have {@code id} at {@code link}. */
  static DocumentPage linked(
      DataFetchingEnvironment environment, Selector collection, JsonPath link, String id) {
    Selector matching = SelectorArgument.in(environment, collection);
    return pageOf(environment, matching.and(Where.equal(link, id)))
        .linked(environment.getField(), link, matching, id);
  }

  private static DocumentPage pageOf(DataFetchingEnvironment environment, Selector matching) {
    try {
      return pageFrom(environment, matching);
    } catch (InvalidSelectorException e) { // an order, or a cursor of another question
      throw new GraphQLException(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  private static DocumentPage pageFrom(DataFetchingEnvironment environment, Selector matching) {
    RequestContext context = RequestContext.of(environment);
    Query query = sorted(Query.of(matching), environment.getArgument("orderBy"));
    Integer skip = environment.getArgument("skip");
    if (skip != null && skip < 0) {
      throw new GraphQLException(ErrorCode.BAD_REQUEST, "skip is not negative", "skip", skip);
    }
    if (skip != null) {
      query = query.skip(skip);
    }
    Integer first = environment.getArgument("first");
    Integer last = environment.getArgument("last");
    if (first != null && last != null) {
      throw new GraphQLException(
          ErrorCode.BAD_REQUEST, "a page is the first of its documents or the last, not both");
    }
    Bookmark after = cursor(environment, "after");
    Bookmark before = cursor(environment, "before");
    if (last != null) {
      return new DocumentPage(
          context, from(query.backward(), before), after, context.pageSize(last));
    }
    return new DocumentPage(context, from(query, after), before, context.pageSize(first));
  }

  private static @Nullable Bookmark cursor(DataFetchingEnvironment environment, String argument) {
    String cursor = environment.getArgument(argument);
    return cursor == null ? null : Bookmark.parse(cursor);
  }

  private static Query from(Query query, @Nullable Bookmark place) {
    return place == null ? query : query.after(place);
  }

  private static Query sorted(Query query, @Nullable List<Map<String, Object>> order) {
    Query sorted = query;
    for (Map<String, Object> key : order == null ? List.<Map<String, Object>>of() : order) {
      String path = Paths.parse("orderBy", String.valueOf(key.get("path"))).toString();
      sorted =
          Boolean.TRUE.equals(key.get("direction"))
              ? sorted.sortByDescending(path)
              : sorted.sortBy(path);
    }
    return sorted;
  }
}
