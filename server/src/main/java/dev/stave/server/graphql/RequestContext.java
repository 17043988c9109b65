package dev.stave.server.graphql;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.query.Bookmark;
import dev.stave.query.Group;
import dev.stave.query.Grouping;
import dev.stave.query.Query;
import dev.stave.query.QueryLimits;
import dev.stave.query.Selector;
import dev.stave.server.graphql.live.LiveSources;
import graphql.schema.DataFetchingEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
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

  /** For a request that brings an {@code AtomicInteger} by this name: it counts the queries. */
  static final String QUERIES = "queries";

  private static final String DOCUMENTS = "documents";
  private static final String PAGES = "pages";
  private static final String COUNTS = "counts";

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

  /** Hands documents to {@code visitor}, as {@code Database.findPlaced} does, in the time left. */
  void find(Query query, BiPredicate<Document, Bookmark> visitor) {
    countQuery();
    database.findPlaced(query.limits(limits()), visitor);
  }

  long count(Selector selector) {
    countQuery();
    return database.count(selector, limits());
  }

  List<Group> group(Grouping grouping) {
    countQuery();
    return database.group(grouping.limits(limits()));
  }

  private void countQuery() {
    if (get(QUERIES) instanceof AtomicInteger queries) {
      queries.incrementAndGet();
    }
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
    return RequestContext.<String, @Nullable Document>loader(environment, DOCUMENTS).load(id);
  }

  /** A page that is read together with others of its field. */
  static CompletableFuture<DocumentPage.Content> page(
      DataFetchingEnvironment environment, LinkedPages.Asked asked) {
    return RequestContext.<LinkedPages.Asked, DocumentPage.Content>loader(environment, PAGES)
        .load(asked);
  }

  /** How many documents all pages of a field like it have, counted together. */
  static CompletableFuture<Long> count(
      DataFetchingEnvironment environment, LinkedPages.Asked asked) {
    return RequestContext.<LinkedPages.Asked, Long>loader(environment, COUNTS).load(asked);
  }

  private static <K, V extends @Nullable Object> DataLoader<K, V> loader(
      DataFetchingEnvironment environment, String name) {
    DataLoader<K, V> loader = environment.getDataLoader(name);
    if (loader == null) {
      throw new IllegalStateException("fetched outside of a request");
    }
    return loader;
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
    LinkedPages links = new LinkedPages(this);
    DataLoader<LinkedPages.Asked, DocumentPage.Content> pages =
        DataLoaderFactory.newDataLoaderWithTry(
            asked -> CompletableFuture.completedFuture(links.contents(asked)));
    DataLoader<LinkedPages.Asked, Long> counts =
        DataLoaderFactory.newDataLoaderWithTry(
            asked -> CompletableFuture.completedFuture(links.counts(asked)));
    return DataLoaderRegistry.newRegistry()
        .register(DOCUMENTS, documents)
        .register(PAGES, pages)
        .register(COUNTS, counts)
        .build();
  }
}
