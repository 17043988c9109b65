package dev.stave.server.graphql;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.query.QueryLimits;
import graphql.schema.DataFetchingEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.dataloader.DataLoader;
import org.dataloader.DataLoaderFactory;
import org.dataloader.DataLoaderRegistry;
import org.dataloader.Try;
import org.jspecify.annotations.Nullable;

/** What fetchers know of the request that they are part of. Any thread may use it. */
final class RequestContext {

  /** Of so many values of another type than their field's is told where they are. */
  static final int MAX_NOTES = 100;

  /** The bytes of documents that one request reads, and of JSON that it copies, at most. */
  static final long MAX_BYTES = 64L << 20;

  private static final String DOCUMENTS = "documents";

  private final Database database;
  private final GraphQLOptions options;
  private final GraphQLRequest request;
  private final LiveSources live;
  private final long endNanos;
  private final AtomicLong bytesLeft = new AtomicLong(MAX_BYTES);
  private final List<Map<String, Object>> notes = new ArrayList<>();

  RequestContext(
      Database database, GraphQLOptions options, GraphQLRequest request, LiveSources live) {
    this.database = database;
    this.live = live;
    this.options = options;
    this.request = request;
    this.endNanos = System.nanoTime() + Duration.ofMillis(options.timeMillis()).toNanos();
  }

  /** That of the request which {@code environment} is part of. */
  static RequestContext of(DataFetchingEnvironment environment) {
    RequestContext context = environment.getGraphQlContext().get(RequestContext.class);
    if (context == null) {
      throw new IllegalStateException("fetched outside of a request");
    }
    return context;
  }

  Database database() {
    return database;
  }

  /** Those that end with the GraphQL of the database. */
  LiveSources live() {
    return live;
  }

  /**
   * Counts documents that are read, and values that are copied into the reply.
   *
   * @throws GraphQLException if all together are more than {@link #MAX_BYTES}
   */
  void take(long bytes) {
    if (bytesLeft.addAndGet(-bytes) < 0) {
      throw new GraphQLException(
          ErrorCode.LIMIT_BYTES, "the request reads too much: ask for less", "bytes", MAX_BYTES);
    }
  }

  GraphQLOptions options() {
    return options;
  }

  /** What the request was given for {@code key}, or null. */
  @Nullable Object get(Object key) {
    return request.context().get(key);
  }

  /**
   * What one more query may cost: the time that is left.
   *
   * @throws GraphQLException if none is
   */
  QueryLimits limits() {
    long left = endNanos - System.nanoTime();
    if (left <= 0) {
      throw new GraphQLException(
          ErrorCode.TIMEOUT, "the request took too long: ask for less", "ms", options.timeMillis());
    }
    return new QueryLimits(Duration.ofNanos(left), Long.MAX_VALUE);
  }

  /**
   * How many documents a page has if {@code size} of them are asked for.
   *
   * @throws GraphQLException if they are too many, or below 0
   */
  int pageSize(@Nullable Integer size) {
    if (size == null) {
      return options.pageSize();
    }
    if (size < 0) {
      throw new GraphQLException(
          ErrorCode.BAD_REQUEST, "first and last are not negative", "size", size);
    }
    if (size > options.maxPageSize()) {
      throw new GraphQLException(
          ErrorCode.LIMIT_PAGE,
          "a page is smaller: ask for it in several",
          "size",
          size,
          "most",
          options.maxPageSize());
    }
    return size;
  }

  /** Notes that a value was left out, since it is not of its field's type. */
  synchronized void noteOtherType(List<Object> path, String type) {
    if (notes.size() < MAX_NOTES) {
      Map<String, Object> note = new LinkedHashMap<>();
      note.put("path", path);
      note.put("type", type);
      notes.add(note);
    }
  }

  synchronized List<Map<String, Object>> notes() {
    return new ArrayList<>(notes);
  }

  /** The winner of a document; those that are asked for beside each other are read together. */
  static CompletableFuture<@Nullable Document> document(
      DataFetchingEnvironment environment, String id) {
    DataLoader<String, @Nullable Document> loader = environment.getDataLoader(DOCUMENTS);
    if (loader == null) {
      throw new IllegalStateException("fetched outside of a request");
    }
    return loader.load(id);
  }

  private @Nullable Document read(String id) {
    Document document = database.get(id).orElse(null);
    if (document != null) {
      take(document.body().size());
    }
    return document;
  }

  DataLoaderRegistry loaders() {
    DataLoader<String, @Nullable Document> documents =
        DataLoaderFactory.newDataLoaderWithTry(
            ids -> {
              limits();
              List<Try<@Nullable Document>> found = new ArrayList<>(ids.size());
              ids.forEach(id -> found.add(Try.tryCall(() -> read(id))));
              return CompletableFuture.completedFuture(found);
            });
    return DataLoaderRegistry.newRegistry().register(DOCUMENTS, documents).build();
  }
}
