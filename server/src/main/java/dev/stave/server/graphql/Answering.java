package dev.stave.server.graphql;

import dev.stave.database.Database;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.ParseAndValidate;
import graphql.ParseAndValidateResult;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.introspection.Introspection;
import graphql.language.Document;
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
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Answers requests by one schema: reads them, holds them to the limits and to the schema, and runs
 * them on the caller's thread. Any thread may ask.
 */
final class Answering {

  private final GraphQLSchema schema;
  private final Database database;
  private final GraphQLOptions options;
  private final graphql.GraphQL engine;
  private final ParserOptions parserOptions;

  Answering(GraphQLSchema schema, Database database, GraphQLOptions options) {
    this.schema = schema;
    this.database = database;
    this.options = options;
    this.engine =
        graphql.GraphQL.newGraphQL(schema)
            .defaultDataFetcherExceptionHandler(new RequestErrors())
            .preparsedDocumentProvider(
                (input, parse) ->
                    CompletableFuture.completedFuture(
                        new PreparsedDocumentEntry(
                            Objects.requireNonNull(
                                input.getGraphQLContext().<Document>get(Document.class)))))
            .build();
    this.parserOptions =
        ParserOptions.newParserOptions()
            .maxCharacters(options.maxCharacters())
            .maxTokens(options.maxTokens())
            .maxWhitespaceTokens(options.maxCharacters())
            .captureLineComments(false)
            .build();
  }

  GraphQLSchema schema() {
    return schema;
  }

  /** What became of a request before it was run. */
  sealed interface Prepared {
    /** It can be run. */
    record Ready(GraphQLRequest request, Document document, OperationDefinition operation)
        implements Prepared {}

    /** It cannot, by this schema or by any. */
    record Refused(boolean isForSchema, GraphQLReply reply) implements Prepared {}
  }

  Prepared prepare(GraphQLRequest request) {
    try {
      Document document = parsed(request);
      RequestSize size = new RequestSize(document, options);
      size.check();
      List<ValidationError> errors =
          ParseAndValidate.validate(
              schema, document, rule -> true, Locale.ENGLISH, QueryComplexityLimits.NONE);
      if (!errors.isEmpty()) {
        return new Prepared.Refused(true, refusal(RequestErrors.of(errors)));
      }
      OperationDefinition operation = operationOf(request, document);
      size.checkComplexity(operation, schema, request.variables());
      return new Prepared.Ready(request, document, operation);
    } catch (InvalidSyntaxException e) {
      return new Prepared.Refused(
          false, refusal(RequestErrors.of(List.of(e.toInvalidSyntaxError()))));
    } catch (RuntimeException e) {
      return new Prepared.Refused(false, refusal(List.of(RequestErrors.of(e))));
    }
  }

  private Document parsed(GraphQLRequest request) {
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
    boolean isTooMuch =
        failure instanceof ParseCancelledException
            || failure instanceof ParseCancelledTooDeepException
            || failure instanceof ParseCancelledTooManyCharsException;
    if (isTooMuch) {
      throw new GraphQLException(
          ErrorCode.LIMIT_TEXT,
          "the text is too long, or nested too deep",
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

  GraphQLReply run(Prepared.Ready ready) {
    GraphQLRequest request = ready.request();
    OperationDefinition.Operation kind = ready.operation().getOperation();
    if (request.isReadOnly() && kind == OperationDefinition.Operation.MUTATION) {
      return refusal(
          List.of(RequestErrors.error(ErrorCode.FORBIDDEN, "a mutation may not be run so")));
    }
    RequestContext context = new RequestContext(database, options, request);
    Map<Object, Object> shared = new LinkedHashMap<>();
    shared.put(RequestContext.class, context);
    shared.put(Document.class, ready.document());
    shared.put(Introspection.INTROSPECTION_DISABLED, !options.isIntrospectable());
    ExecutionInput input =
        ExecutionInput.newExecutionInput()
            .query(request.query())
            .operationName(request.operationName())
            .variables(request.variables())
            .locale(Locale.ENGLISH)
            .graphQLContext(shared)
            .dataLoaderRegistry(context.loaders())
            .build();
    return reply(engine.execute(input), context);
  }

  private GraphQLReply reply(ExecutionResult result, RequestContext context) {
    Object data = result.isDataPresent() ? result.getData() : null;
    if (data instanceof Publisher<?> publisher) {
      @SuppressWarnings("unchecked") // so says the engine's contract of subscriptions
      Publisher<ExecutionResult> results = (Publisher<ExecutionResult>) publisher;
      return new GraphQLReply(
          true, Map.of(), new MappedPublisher<>(results, event -> body(event, List.of())));
    }
    return new GraphQLReply(result.isDataPresent(), body(result, context.notes()), null);
  }

  private static Map<String, @Nullable Object> body(
      ExecutionResult result, List<Map<String, Object>> notes) {
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
