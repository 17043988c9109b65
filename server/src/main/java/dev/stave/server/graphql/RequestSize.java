package dev.stave.server.graphql;

import graphql.introspection.Introspection;
import graphql.language.Argument;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.IntValue;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.language.TypeName;
import graphql.language.Value;
import graphql.language.VariableReference;
import graphql.schema.GraphQLCompositeType;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLList;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much a request asks for, before any of it is answered. Each fragment is measured once,
 * however often it is spread: fragments that double each other come to 2<sup>n</sup> fields, and
 * are measured in n steps.
 */
final class RequestSize {

  private static final Size NOTHING = new Size(0, 0);

  /** What the index is asked counts as so many fields: it may have to look at all documents. */
  static final int QUESTION = 400;

  private static final String FIRST = "first";
  private static final String LAST = "last";

  /** So deep fragments may stand in fragments. */
  static final int MAX_FRAGMENTS = 100;

  /** Fields, and how deep they stand in each other. */
  private record Size(int depth, long fields) {
    Size beside(Size other) {
      return new Size(Math.max(depth, other.depth), capped(fields + other.fields));
    }
  }

  private final Document document;
  private final GraphQLOptions options;
  private final Map<String, FragmentDefinition> fragments = new HashMap<>();
  private final Map<String, Size> sizes = new HashMap<>();
  private final Map<String, Long> complexities = new HashMap<>();
  private final Set<String> open = new HashSet<>(); // a circle is for validation to refuse

  RequestSize(Document document, GraphQLOptions options) {
    this.document = document;
    this.options = options;
    for (FragmentDefinition fragment : document.getDefinitionsOfType(FragmentDefinition.class)) {
      fragments.put(fragment.getName(), fragment);
    }
  }

  /**
   * Refuses what is too deep or too broad. It needs no schema: validation itself takes time.
   *
   * @throws GraphQLException with {@code LIMIT_DEPTH} or {@code LIMIT_FIELDS}
   */
  void check() {
    Size size = NOTHING;
    for (OperationDefinition operation : document.getDefinitionsOfType(OperationDefinition.class)) {
      size = size.beside(sizeOf(operation.getSelectionSet()));
    }
    for (String fragment : fragments.keySet()) {
      size = new Size(Math.max(size.depth, ofFragment(fragment).depth), size.fields);
    }
    if (size.depth > options.maxDepth()) {
      throw over(ErrorCode.LIMIT_DEPTH, "fields stand too deep", size.depth, options.maxDepth());
    }
    if (size.fields > options.maxFields()) {
      throw over(ErrorCode.LIMIT_FIELDS, "too many fields", size.fields, options.maxFields());
    }
  }

  private static GraphQLException over(ErrorCode code, String what, long asked, long most) {
    return new GraphQLException(code, what + ": ask for less", "asked", asked, "most", most);
  }

  private Size sizeOf(@Nullable SelectionSet selections) {
    Size size = NOTHING;
    if (selections != null) {
      for (Selection<?> selection : selections.getSelections()) {
        size = size.beside(sizeOf(selection));
      }
    }
    return size;
  }

  private Size sizeOf(Selection<?> selection) {
    if (selection instanceof Field field) {
      Size below = sizeOf(field.getSelectionSet());
      return new Size(below.depth + 1, capped(below.fields + 1));
    }
    if (selection instanceof InlineFragment fragment) {
      return sizeOf(fragment.getSelectionSet());
    }
    return selection instanceof FragmentSpread spread ? ofFragment(spread.getName()) : NOTHING;
  }

  private Size ofFragment(String name) {
    Size known = sizes.get(name);
    FragmentDefinition fragment = fragments.get(name);
    if (known != null || fragment == null || !open.add(name)) {
      return known == null ? NOTHING : known;
    }
    if (open.size() > MAX_FRAGMENTS) { // each is a call in this, and in all that comes after
      throw over(ErrorCode.LIMIT_DEPTH, "fragments stand too deep", open.size(), MAX_FRAGMENTS);
    }
    Size size = sizeOf(fragment.getSelectionSet());
    open.remove(name);
    sizes.put(name, size);
    return size;
  }

  /**
   * Refuses pages of pages. To be called for what is valid.
   *
   * @throws GraphQLException with {@code LIMIT_COMPLEXITY}
   */
  void checkComplexity(
      OperationDefinition operation,
      GraphQLSchema schema,
      Map<String, @Nullable Object> variables) {
    GraphQLCompositeType root =
        switch (operation.getOperation()) {
          case QUERY -> schema.getQueryType();
          case MUTATION -> schema.getMutationType();
          case SUBSCRIPTION -> schema.getSubscriptionType();
        };
    Complexity measured = new Complexity(schema, variables);
    long complexity =
        capped(
            measured.of(operation.getSelectionSet(), root)
                + QUESTION * measured.questions(operation.getSelectionSet(), root, 1, 1));
    if (complexity > options.maxComplexity()) {
      throw over(
          ErrorCode.LIMIT_COMPLEXITY,
          "pages times their fields, and what the index is asked, come to too much",
          complexity,
          options.maxComplexity());
    }
  }

  private final class Complexity {
    private final GraphQLSchema schema;
    private final Map<String, @Nullable Object> variables;

    Complexity(GraphQLSchema schema, Map<String, @Nullable Object> variables) {
      this.schema = schema;
      this.variables = variables;
    }

    long of(@Nullable SelectionSet selections, @Nullable GraphQLType type) {
      long sum = 0;
      if (selections != null && type instanceof GraphQLCompositeType composite) {
        for (Selection<?> selection : selections.getSelections()) {
          sum = capped(sum + of(selection, composite));
        }
      }
      return sum;
    }

    private long of(Selection<?> selection, GraphQLCompositeType type) {
      if (selection instanceof Field field) {
        GraphQLFieldDefinition definition =
            Introspection.getFieldDef(schema, type, field.getName());
        if (definition == null || field.getSelectionSet() == null) {
          return 1;
        }
        long below = of(field.getSelectionSet(), GraphQLTypeUtil.unwrapAll(definition.getType()));
        return capped(1 + below * timesOf(field, definition));
      }
      if (selection instanceof InlineFragment fragment) {
        TypeName condition = fragment.getTypeCondition();
        return of(
            fragment.getSelectionSet(),
            condition == null ? type : schema.getType(condition.getName()));
      }
      return selection instanceof FragmentSpread spread ? ofFragment(spread.getName()) : 0;
    }

    private long ofFragment(String name) {
      Long known = complexities.get(name);
      FragmentDefinition fragment = fragments.get(name);
      if (known != null || fragment == null) {
        return known == null ? 0 : known;
      }
      long complexity =
          of(fragment.getSelectionSet(), schema.getType(fragment.getTypeCondition().getName()));
      complexities.put(name, complexity);
      return complexity;
    }

    /**
     * How many questions the index is asked. Those of a link are one for all documents, but that
     * each page is explained by itself.
     *
     * @param pages how many there are of the type, if it is a page
     * @param size of such a page
     */
    long questions(
        @Nullable SelectionSet selections, @Nullable GraphQLType type, long pages, long size) {
      long sum = 0;
      if (selections != null && type instanceof GraphQLCompositeType composite) {
        for (Selection<?> selection : selections.getSelections()) {
          sum = capped(sum + questions(selection, composite, pages, size));
        }
      }
      return sum;
    }

    private long questions(
        Selection<?> selection, GraphQLCompositeType type, long pages, long size) {
      if (selection instanceof Field field) {
        GraphQLFieldDefinition definition =
            Introspection.getFieldDef(schema, type, field.getName());
        boolean isPage = type.getName().endsWith(Connections.SUFFIX);
        boolean asks =
            isPage || type.getName().equals(Aggregates.AGGREGATE) || isSearch(field, type);
        long own = !asks ? 0 : field.getName().equals(Connections.EXPLAIN) ? pages : 1;
        return definition == null
            ? 0
            : capped(
                own
                    + questions(
                        field.getSelectionSet(),
                        GraphQLTypeUtil.unwrapAll(definition.getType()),
                        isPage ? capped(pages * size) : pages,
                        timesOf(field, definition)));
      }
      if (selection instanceof InlineFragment fragment) {
        TypeName condition = fragment.getTypeCondition();
        return questions(
            fragment.getSelectionSet(),
            condition == null ? type : schema.getType(condition.getName()),
            pages,
            size);
      }
      FragmentDefinition fragment =
          selection instanceof FragmentSpread spread ? fragments.get(spread.getName()) : null;
      return fragment == null
          ? 0
          : questions(
              fragment.getSelectionSet(),
              schema.getType(fragment.getTypeCondition().getName()),
              pages,
              size);
    }

    /** Whether a field of {@code Query} looks for something itself: merge requests, forks. */
    private boolean isSearch(Field field, GraphQLCompositeType type) {
      GraphQLFieldDefinition definition =
          type == schema.getQueryType()
              ? schema.getQueryType().getFieldDefinition(field.getName())
              : null;
      return definition != null
          && GraphQLTypeUtil.unwrapNonNull(definition.getType()) instanceof GraphQLList;
    }

    /** The size of the page that a field asks for; 1 if it has no pages. */
    private long timesOf(Field field, GraphQLFieldDefinition definition) {
      if (definition.getArgument(FIRST) == null) {
        return 1;
      }
      long times = -1;
      for (Argument argument : field.getArguments()) {
        if (argument.getName().equals(FIRST) || argument.getName().equals(LAST)) {
          times = Math.max(times, timesOf(argument.getValue()));
        }
      }
      return times < 0 ? options.pageSize() : times;
    }

    private long timesOf(Value<?> size) {
      if (size instanceof IntValue number) {
        return Math.max(0, Math.min(number.getValue().longValue(), Integer.MAX_VALUE));
      }
      return size instanceof VariableReference variable
          ? timesOf(variable.getName())
          : options.pageSize();
    }

    /** A variable that is not given may have a default of any size. */
    private long timesOf(String variable) {
      if (variables.get(variable) instanceof Number size) {
        return Math.max(0, Math.min(size.longValue(), Integer.MAX_VALUE));
      }
      return options.maxPageSize();
    }
  }

  /** Whatever is over a limit is over it: more need not be counted. */
  private static long capped(long count) {
    return Math.min(count, Integer.MAX_VALUE);
  }
}
