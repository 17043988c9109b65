package dev.stave.server.graphql;

import dev.stave.database.Database;
import dev.stave.server.graphql.live.LiveField;
import dev.stave.server.graphql.live.LiveSources;
import dev.stave.server.graphql.live.MappedPublisher;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.ParseAndValidate;
import graphql.ParseAndValidateResult;
import graphql.execution.AsyncExecutionStrategy;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.introspection.Introspection;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.OperationDefinition;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.ParserOptions;
import graphql.parser.exceptions.ParseCancelledException;
import graphql.parser.exceptions.ParseCancelledTooDeepException;
import graphql.parser.exceptions.ParseCancelledTooManyCharsException;
import graphql.schema.GraphQLSchema;
import graphql.validation.QueryComplexityLimits;
import graphql.validation.ValidationError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Answers requests by one schema: reads them, holds them to the limits and to the schema, and runs
 * them on the caller's thread. Any thread may ask.
 */
final class Answering {

  private static final Deadlines DEADLINES = new Deadlines();

  /**
   * What asks for the schema alone may take so long: it is as large as the data has it, and a tool
   * that cannot read it cannot ask for less.
   */
  static final long SCHEMA_MILLIS = 30_000;

  private static final Set<String> OF_SCHEMA = Set.of("__schema", "__type", "__typename");

  private static final int MAX_KNOWN = 1_000;
  private static final long MAX_KNOWN_CHARACTERS = 1 << 20;

  private final GraphQLSchema schema;
  private final Database database;
  private final GraphQLOptions options;
  private final LiveSources live;
  private final graphql.GraphQL engine;

  /** Answers for one event of a subscription: its field is the event, and the rest a query. */
  private final graphql.GraphQL events;

  private final ParserOptions parserOptions;

  /** Those that fit the schema: clients ask the same again and again, with other variables. */
  private final RecentQueries<Known> known = new RecentQueries<>(MAX_KNOWN, MAX_KNOWN_CHARACTERS);

  /** A text that fits the schema, and what it asks of documents. */
  record Known(Document document, AskedMembers members) {}

  Answering(GraphQLSchema schema, Database database, GraphQLOptions options, LiveSources live) {
    this.live = live;
    this.schema = schema;
    this.database = database;
    this.options = options;
    this.engine = engine(schema).build();
    this.events =
        engine(schema)
            .subscriptionExecutionStrategy(new AsyncExecutionStrategy(new RequestErrors()))
            .build();
    this.parserOptions =
        ParserOptions.newParserOptions()
            .maxCharacters(options.maxCharacters())
            .maxTokens(options.maxTokens())
            .maxWhitespaceTokens(options.maxCharacters())
            .captureLineComments(false)
            .build();
  }

  private static graphql.GraphQL.Builder engine(GraphQLSchema schema) {
    return graphql.GraphQL.newGraphQL(schema)
        .defaultDataFetcherExceptionHandler(new RequestErrors())
        .preparsedDocumentProvider(
            (input, parse) ->
                CompletableFuture.completedFuture(
                    new PreparsedDocumentEntry(
                        Objects.requireNonNull(
                            input.getGraphQLContext().<Document>get(Document.class)))));
  }

  GraphQLSchema schema() {
    return schema;
  }

  /** What became of a request before it was run. */
  sealed interface Prepared {
    /** It can be run. */
    record Ready(GraphQLRequest request, Known known, OperationDefinition operation)
        implements Prepared {}

    /** It cannot, by this schema or by any. */
    record Refused(boolean isForSchema, GraphQLReply reply) implements Prepared {}
  }

  Prepared prepare(GraphQLRequest request) {
    try {
      Known text = known.find(request.query());
      boolean isNew = text == null;
      if (text == null) {
        Document read = parsed(request);
        text = new Known(read, new AskedMembers(schema, read, options.typePath()));
      }
      Document document = text.document();
      RequestSize size = new RequestSize(document, options);
      if (isNew) {
        size.check();
        List<ValidationError> errors =
            ParseAndValidate.validate(
                schema, document, rule -> true, Locale.ENGLISH, QueryComplexityLimits.NONE);
        if (!errors.isEmpty()) {
          return new Prepared.Refused(true, refusal(RequestErrors.of(errors)));
        }
        known.add(request.query(), text, request.query().length());
      }
      OperationDefinition operation = operationOf(request, document);
      size.checkComplexity(operation, schema, request.variables());
      return new Prepared.Ready(request, text, operation);
    } catch (InvalidSyntaxException e) {
      return new Prepared.Refused(
          false, refusal(RequestErrors.of(List.of(e.toInvalidSyntaxError()))));
    } catch (RuntimeException e) {
      return new Prepared.Refused(false, refusal(List.of(RequestErrors.of(e))));
    }
  }

  private Document parsed(GraphQLRequest request) {
    LongNumbers.check(request.query());
    ExecutionInput input =
        ExecutionInput.newExecutionInput()
            .query(request.query())
            .graphQLContext(Map.of(ParserOptions.class, parserOptions))
            .build();
    ParseAndValidateResult result = ParseAndValidate.parse(input);
    if (!result.isFailure()) {
      return Objects.requireNonNull(result.getDocument());
    }
    InvalidSyntaxException failure = result.getSyntaxException();
    if (failure instanceof ParseCancelledTooDeepException) {
      throw new GraphQLException(
          ErrorCode.LIMIT_DEPTH,
          "fields or values of the text stand too deep: ask for less, or give values as variables");
    }
    boolean isTooMuch =
        failure instanceof ParseCancelledException
            || failure instanceof ParseCancelledTooManyCharsException;
    if (isTooMuch) {
      throw new GraphQLException(
          ErrorCode.LIMIT_TEXT,
          "the text is too long",
          "characters",
          options.maxCharacters(),
          "tokens",
          options.maxTokens());
    }
    throw failure;
  }

  private static OperationDefinition operationOf(GraphQLRequest request, Document document) {
    List<OperationDefinition> operations = document.getDefinitionsOfType(OperationDefinition.class);
    String name = request.operationName();
    if (name == null || name.isEmpty()) {
      if (operations.size() == 1) {
        return operations.get(0);
      }
      throw new GraphQLException(
          ErrorCode.BAD_REQUEST,
          operations.isEmpty()
              ? "there is no operation"
              : "there are several operations: operationName says which to run");
    }
    Optional<OperationDefinition> named =
        operations.stream().filter(each -> name.equals(each.getName())).findFirst();
    return named.orElseThrow(
        () ->
            new GraphQLException(
                ErrorCode.BAD_REQUEST, "there is no operation of this name", "name", name));
  }

  /**
   * Runs what is prepared.
   *
   * @param newest answers for the events of a subscription, however long it goes on
   */
  GraphQLReply run(Prepared.Ready ready, Supplier<Answering> newest) {
    OperationDefinition.Operation kind = ready.operation().getOperation();
    if (ready.request().isReadOnly() && kind == OperationDefinition.Operation.MUTATION) {
      return refusal(
          List.of(RequestErrors.error(ErrorCode.READ_ONLY, "a mutation may not be run so")));
    }
    RequestContext context = new RequestContext(database, options, ready.request(), live);
    ExecutionInput input = input(ready, context);
    ExecutionResult result = executed(engine, input, timeMillis(ready.operation(), options));
    Publisher<?> source = input.getGraphQLContext().get(LiveField.SOURCE);
    if (source == null || !(result.getData() instanceof Publisher)) {
      return new GraphQLReply(result.isDataPresent(), body(result, context), null);
    }
    // the engine's own publisher would keep all that it has made for the request, for each event
    return new GraphQLReply(
        true, Map.of(), new MappedPublisher<>(source, event -> newest.get().tell(ready, event)));
  }

  /**
   * What one event of a subscription comes to.
   *
   * @throws GraphQLException if whoever listens may not read the database any more
   */
  private Map<String, @Nullable Object> tell(Prepared.Ready ready, Object event) {
    Caller.of(ready.request().context().get(Caller.class)).require(Caller.Right.READ);
    RequestContext context = new RequestContext(database, options, ready.request(), live);
    ExecutionInput input = input(ready, context);
    input.getGraphQLContext().put(LiveField.EVENT, event);
    return body(executed(events, input, options.timeMillis()), context);
  }

  /** No longer than it may take: the engine looks at that with each field. */
  private static ExecutionResult executed(
      graphql.GraphQL by, ExecutionInput input, long timeMillis) {
    Runnable inTime = DEADLINES.after(timeMillis, input::cancel);
    try {
      return by.execute(input);
    } finally {
      inTime.run();
    }
  }

  /** How long an operation may run. */
  static long timeMillis(OperationDefinition operation, GraphQLOptions options) {
    boolean isOfSchema =
        operation.getSelectionSet().getSelections().stream()
            .allMatch(each -> each instanceof Field field && OF_SCHEMA.contains(field.getName()));
    return isOfSchema ? Math.max(options.timeMillis(), SCHEMA_MILLIS) : options.timeMillis();
  }

  private ExecutionInput input(Prepared.Ready ready, RequestContext context) {
    GraphQLRequest request = ready.request();
    Map<Object, Object> shared = new LinkedHashMap<>();
    shared.put(RequestContext.class, context);
    shared.put(Document.class, ready.known().document());
    shared.put(AskedMembers.class, ready.known().members());
    shared.put(Introspection.INTROSPECTION_DISABLED, !mayIntrospect(request));
    return ExecutionInput.newExecutionInput()
        .query(request.query())
        .operationName(request.operationName())
        .variables(request.variables())
        .locale(Locale.ENGLISH)
        .graphQLContext(shared)
        .dataLoaderRegistry(context.loaders())
        .build();
  }

  private boolean mayIntrospect(GraphQLRequest request) {
    Caller caller = Caller.of(request.context().get(Caller.class));
    return options.isIntrospectable() && caller.has().test(Caller.Right.INTROSPECT);
  }

  private static Map<String, @Nullable Object> body(
      ExecutionResult result, RequestContext context) {
    List<Map<String, Object>> notes = context.notes();
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    if (result.isDataPresent()) {
      body.put("data", result.getData());
    }
    if (!result.getErrors().isEmpty()) {
      body.put("errors", RequestErrors.of(result.getErrors()));
    }
    if (!notes.isEmpty()) {
      body.put("extensions", Map.of("otherTypes", notes));
    }
    return body;
  }

  private static GraphQLReply refusal(List<Map<String, Object>> errors) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("errors", new ArrayList<>(errors));
    return new GraphQLReply(false, body, null);
  }
}
