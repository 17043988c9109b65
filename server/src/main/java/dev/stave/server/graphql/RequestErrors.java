package dev.stave.server.graphql;

import dev.stave.StaveException;
import dev.stave.database.MissingAttachmentException;
import dev.stave.database.NoSuchDocumentException;
import dev.stave.database.NoSuchRevisionException;
import dev.stave.database.StaleRevisionException;
import dev.stave.document.InvalidDocumentException;
import dev.stave.json.InvalidJsonException;
import dev.stave.json.InvalidPatchException;
import dev.stave.json.InvalidPointerException;
import dev.stave.json.PatchFailedException;
import dev.stave.query.InvalidSelectorException;
import dev.stave.query.QueryLimitException;
import dev.stave.revision.InvalidProvenanceException;
import dev.stave.revision.InvalidRevisionException;
import dev.stave.validation.RefusedDocumentException;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.InvalidSyntaxError;
import graphql.execution.AbortExecutionException;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.DataFetcherExceptionHandlerParameters;
import graphql.execution.DataFetcherExceptionHandlerResult;
import graphql.execution.NonNullableValueCoercedAsNullException;
import graphql.execution.UnknownOperationException;
import graphql.introspection.GoodFaithIntrospection;
import graphql.introspection.IntrospectionDisabledError;
import graphql.language.SourceLocation;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.validation.GoodFaithIntrospectionExceeded;
import graphql.validation.ValidationError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes of what went wrong what a client is told: a message, and a code. */
final class RequestErrors implements DataFetcherExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(RequestErrors.class);

  private static final String CODE = "code";

  /** The characters of a message that are told. */
  static final int MAX_MESSAGE = 1_000;

  /** The errors of one reply. */
  static final int MAX_ERRORS = 100;

  @Override
  public CompletableFuture<DataFetcherExceptionHandlerResult> handleException(
      DataFetcherExceptionHandlerParameters parameters) {
    Throwable cause = causeOf(parameters.getException());
    ErrorCode code = codeOf(cause);
    if (code == ErrorCode.INTERNAL) {
      LOG.error("GraphQL: fetching {} failed", parameters.getPath(), cause);
    }
    SourceLocation location = parameters.getSourceLocation();
    GraphQLError error =
        GraphqlErrorBuilder.newError()
            .message("%s", messageOf(cause, code))
            .path(parameters.getPath())
            .locations(location == null ? List.of() : List.of(location))
            .extensions(Map.of(CODE, code.name()))
            .build();
    return CompletableFuture.completedFuture(
        DataFetcherExceptionHandlerResult.newResult(error).build());
  }

  private static Throwable causeOf(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static ErrorCode codeOf(Throwable cause) {
    if (cause instanceof GraphQLException known) {
      return known.code();
    }
    if (cause instanceof GraphQLError error && codeOf(error) != ErrorCode.INTERNAL) {
      return codeOf(error); // the engine's own
    }
    if (cause instanceof GoodFaithIntrospectionExceeded) {
      return ErrorCode.LIMIT_FIELDS;
    }
    if (cause instanceof InvalidSelectorException) {
      return ErrorCode.INVALID_SELECTOR;
    }
    if (cause instanceof QueryLimitException) {
      return ErrorCode.TIMEOUT;
    }
    if (cause instanceof NoSuchDocumentException || cause instanceof NoSuchRevisionException) {
      return ErrorCode.NOT_FOUND;
    }
    if (cause instanceof StaleRevisionException) {
      return ErrorCode.STALE_REVISION;
    }
    if (cause instanceof RefusedDocumentException) {
      return ErrorCode.REFUSED;
    }
    boolean isBad =
        cause instanceof InvalidDocumentException
            || cause instanceof InvalidJsonException
            || cause instanceof InvalidPatchException
            || cause instanceof InvalidProvenanceException
            || cause instanceof InvalidRevisionException
            || cause instanceof InvalidPointerException
            || cause instanceof PatchFailedException
            || cause instanceof MissingAttachmentException;
    return isBad ? ErrorCode.BAD_REQUEST : ErrorCode.INTERNAL;
  }

  private static String messageOf(Throwable cause, ErrorCode code) {
    String message = cause.getMessage();
    if (cause instanceof AbortExecutionException abort) {
      return messageOf(abort);
    }
    if (cause instanceof GoodFaithIntrospectionExceeded) {
      return "introspection asks for the same more than once: ask for one __schema and one __type";
    }
    boolean isToBeTold = cause instanceof StaveException || cause instanceof GraphQLError;
    return code == ErrorCode.INTERNAL || !isToBeTold || message == null
        ? ErrorCode.INTERNAL_MESSAGE
        : message;
  }

  /** As the engine has errors. */
  static GraphQLError graphQLError(GraphQLException failure) {
    return GraphqlErrorBuilder.newError()
        .message("%s", failure.getMessage())
        .extensions(Map.of(CODE, failure.code().name()))
        .build();
  }

  /** A failure of the whole request, as GraphQL's error. */
  static Map<String, Object> of(RuntimeException failure) {
    ErrorCode code = codeOf(causeOf(failure));
    if (code == ErrorCode.INTERNAL) {
      LOG.error("GraphQL: a request failed", failure);
    }
    return error(code, messageOf(causeOf(failure), code));
  }

  static Map<String, Object> error(ErrorCode code, String message) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", message);
    error.put("extensions", Map.of(CODE, code.name()));
    return error;
  }

  /** As a client reads them: one for each place, and at most {@value #MAX_ERRORS}. */
  static List<Map<String, Object>> of(List<? extends GraphQLError> errors) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (GraphQLError error : errors) {
      if (all.size() == MAX_ERRORS) { // what one field fails at may be so of each of many documents
        int more = errors.size() - MAX_ERRORS;
        all.add(error(codeOf(error), "and " + more + " more errors, which are not listed"));
        return all;
      }
      Map<String, Object> one = new LinkedHashMap<>(error.toSpecification());
      String message =
          error instanceof AbortExecutionException abort ? messageOf(abort) : error.getMessage();
      one.put("message", cut(String.valueOf(message)));
      Map<String, Object> extensions = new LinkedHashMap<>();
      @Nullable Map<String, Object> known = error.getExtensions();
      Object code = known == null ? null : known.get(CODE);
      extensions.put(CODE, code == null ? codeOf(error).name() : code);
      one.put("extensions", extensions);
      all.add(one);
    }
    return all;
  }

  /** A literal that is refused may be as long as the request. */
  private static String cut(String message) {
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…";
  }

  /** What ended the whole request: one of ours, or that its time is over. */
  private static String messageOf(AbortExecutionException abort) {
    return abort.getUnderlyingErrors().isEmpty()
        ? "the request took too long: ask for less"
        : abort.getUnderlyingErrors().get(0).getMessage();
  }

  private static ErrorCode codeOf(GraphQLError error) {
    if (error instanceof AbortExecutionException abort) {
      return abort.getUnderlyingErrors().isEmpty() ? ErrorCode.TIMEOUT : ErrorCode.LIMIT_BYTES;
    }
    if (error instanceof InvalidSyntaxError) {
      return ErrorCode.GRAPHQL_PARSE_FAILED;
    }
    if (error instanceof ValidationError) {
      return ErrorCode.GRAPHQL_VALIDATION_FAILED;
    }
    if (error instanceof IntrospectionDisabledError) {
      return ErrorCode.FORBIDDEN;
    }
    if (error instanceof GoodFaithIntrospection.BadFaithIntrospectionError) {
      return ErrorCode.LIMIT_FIELDS;
    }
    boolean isBad =
        error instanceof CoercingParseValueException
            || error instanceof CoercingParseLiteralException
            || error instanceof NonNullableValueCoercedAsNullException
            || error instanceof UnknownOperationException;
    return isBad ? ErrorCode.BAD_REQUEST : ErrorCode.INTERNAL;
  }
}
