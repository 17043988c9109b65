package dev.stave.server.graphql;

import static dev.stave.server.graphql.DocumentFields.field;
import static graphql.schema.GraphQLList.list;
import static graphql.schema.GraphQLNonNull.nonNull;
import static graphql.schema.GraphQLTypeReference.typeRef;

import dev.stave.query.Figures;
import dev.stave.query.Group;
import dev.stave.query.Grouping;
import dev.stave.query.Selector;
import dev.stave.server.graphql.catalogue.DocumentType;
import graphql.Scalars;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLObjectType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts, different values, and groups with their sums: from the index where it can tell. */
final class Aggregates implements SchemaPart {

  static final String AGGREGATE = "Aggregate";
  private static final String GROUP = "AggregateGroup";

  /** Which documents. */
  private record Matching(Selector selector) {}

  @Override
  public void addTo(SchemaParts parts) {
    GraphQLArgument path =
        SchemaParts.argument(
            "path", nonNull(Scalars.GraphQLString), "As selectors write it: address.city, tags[].");
    parts.type(
        GraphQLObjectType.newObject()
            .name(GROUP)
            .description("Documents with the same value at a path.")
            .field(field("value", JsonScalars.JSON, "That value."))
            .field(field("count", nonNull(JsonScalars.NUMBER), "How many documents."))
            .field(field("sum", JsonScalars.NUMBER, "Of the numbers at the path `of`."))
            .field(field("min", JsonScalars.NUMBER, "The least of them."))
            .field(field("max", JsonScalars.NUMBER, "The greatest of them."))
            .field(field("avg", JsonScalars.NUMBER, "Sum by count, to 34 digits."))
            .build());
    parts.type(
        GraphQLObjectType.newObject()
            .name(AGGREGATE)
            .description("What documents come to, all of them together.")
            .field(field("count", nonNull(JsonScalars.NUMBER), "How many documents match."))
            .field(
                field(
                        "distinct",
                        nonNull(JsonScalars.NUMBER),
                        "How many different values there are")
                    .argument(path))
            .field(
                field("groupBy", nonNull(list(nonNull(typeRef(GROUP)))), "In the values' order.")
                    .argument(path)
                    .argument(
                        SchemaParts.argument("of", Scalars.GraphQLString, "A path of numbers."))
                    .argument(
                        SchemaParts.argument("first", Scalars.GraphQLInt, "At most so many.")))
            .build());
    parts.fetcher(AGGREGATE, "count", Aggregates::count);
    parts.fetcher(AGGREGATE, "distinct", environment -> groups(environment, null).size());
    parts.fetcher(AGGREGATE, "groupBy", Aggregates::groupBy);
  }

  /** Adds the field for what documents of a type come to. */
  static void addFor(
      SchemaParts parts, DocumentType type, GraphQLArgument where, Where compiler, Selector of) {
    parts.query(
        field(
                type.plural() + "Aggregate",
                nonNull(typeRef(AGGREGATE)),
                "What documents of the type " + type.name() + " come to.")
            .argument(where)
            .argument(SelectorArgument.ARGUMENT)
            .build(),
        environment ->
            new Matching(SelectorArgument.in(environment, compiler.in(environment, of))));
  }

  private static Selector selector(DataFetchingEnvironment environment) {
    Matching matching = environment.getSource();
    if (matching == null) {
      throw new IllegalStateException("asked of no documents");
    }
    return matching.selector();
  }

  private static Object count(DataFetchingEnvironment environment) {
    return RequestContext.of(environment).count(selector(environment));
  }

  private static List<Group> groups(DataFetchingEnvironment environment, @Nullable String of) {
    String path = environment.getArgument("path");
    Grouping grouping =
        Grouping.by(Paths.parse("path", path == null ? "" : path).toString())
            .where(selector(environment));
    return RequestContext.of(environment)
        .group(of == null ? grouping : grouping.figures(Paths.parse("of", of).toString()));
  }

  private static Object groupBy(DataFetchingEnvironment environment) {
    int first = RequestContext.of(environment).pageSize(environment.<Integer>getArgument("first"));
    String of = environment.getArgument("of");
    List<Map<String, @Nullable Object>> found = new ArrayList<>();
    for (Group group : groups(environment, of)) {
      if (found.size() == first) {
        break;
      }
      Map<String, @Nullable Object> one = new LinkedHashMap<>();
      one.put("value", group.value());
      one.put("count", group.count());
      if (!group.figures().isEmpty()) {
        Figures figures = group.figures().get(0);
        one.put("sum", figures.count() == 0 ? null : figures.sum());
        one.put("min", figures.min());
        one.put("max", figures.max());
        one.put("avg", figures.average().orElse(null));
      }
      found.add(one);
    }
    return found;
  }
}
