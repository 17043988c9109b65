package dev.stave.server.http;

import dev.stave.server.accounts.Accounts;
import dev.stave.server.accounts.Settings;
import dev.stave.server.accounts.UserDocuments;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.exchange.LiveStreams;
import dev.stave.server.exchange.RequestHandler;
import dev.stave.server.exchange.RouteTable;
import dev.stave.server.feeds.ChangesEndpoint;
import dev.stave.server.feeds.WatchEndpoint;
import dev.stave.server.graphql.transport.GraphQLEndpoint;
import dev.stave.server.replicator.Replicator;
import dev.stave.server.script.ScriptLimits;
import dev.stave.server.script.ScriptPool;
import dev.stave.server.view.ViewIndexes;
import dev.stave.server.view.ViewLimits;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.GracefulShutdownHandler;
import io.undertow.server.handlers.HttpContinueReadHandler;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.xnio.Options;
import org.xnio.Sequence;

/**
 * Serves databases over HTTP/1.1 and HTTP/2, in the clear or over TLS. Without an administrator
 * everybody may do everything, and so it serves this machine only.
 */
public final class HttpServer implements AutoCloseable {

  /** CouchDB's port. */
  public static final int DEFAULT_PORT = 5984;

  /** Undertow's own limit cuts a connection off; bodies have ours, which answer. */
  private static final long NO_LIMIT = -1;

  /** Undertow closes the connection at so many times what we answer with an error. */
  private static final int HARD = 4;

  /** A connection is put in order a moment after its last request counts as done. */
  private static final long SETTLE_MILLIS = 20;

  /** What did not end in the time that requests have to finish gets so long to give up. */
  private static final int WORKER_END_MILLIS = 1_000;

  private static final int WORKERS_PER_PROCESSOR = 8;
  private static final int FEWEST_WORKERS = 16;

  private final String host;
  private final boolean secure;
  private final HttpLimits limits;
  private final Databases databases;
  private final LiveStreams streams;
  private final ChangesEndpoint changes;
  private final Compactions compactions = new Compactions();
  private final SeedEndpoint seeds = new SeedEndpoint();
  private final GraphQLEndpoint graphql;
  private final ViewIndexes views;
  private final Replicator replicator;
  private final GracefulShutdownHandler requests;
  private final Router router;
  private final Undertow undertow;

  private HttpServer(Databases databases, ServerOptions options) {
    UtilsEndpoint utils = new UtilsEndpoint(options.utils());
    SSLContext tls = options.tls() == null ? null : FreshKeys.context(options.tls());
    HttpLimits limits = options.limits();
    this.host = options.host();
    this.secure = tls != null;
    this.limits = limits;
    this.databases = databases;
    this.streams = new LiveStreams(limits.streams());
    ScriptPool scripts = new ScriptPool(ScriptLimits.DEFAULT);
    this.changes = new ChangesEndpoint(streams, scripts);
    this.views = new ViewIndexes(databases, ViewLimits.DEFAULT);
    Settings settings = Settings.open(databases.settingsFile());
    DatabaseName users = new DatabaseName(UserDocuments.DATABASE);
    Accounts accounts =
        new Accounts(settings, id -> databases.find(users).flatMap(found -> found.get(id)));
    this.replicator = new Replicator(databases, scripts, settings);
    Cors cors = new Cors(settings);
    Admission admission = new Admission(accounts, new AccessRules(databases));
    this.graphql =
        new GraphQLEndpoint(
            databases,
            limits,
            settings,
            scripts,
            streams,
            replicator,
            cors::trustsPageOf,
            admission::admitStill);
    this.router =
        new Router(
            databases,
            admission,
            cors,
            changes,
            new WatchEndpoint(streams),
            compactions,
            seeds,
            graphql,
            views,
            scripts,
            accounts,
            settings,
            replicator,
            utils);
    RequestHandler handler = new RequestHandler(router, limits);
    this.requests = new GracefulShutdownHandler(new HttpContinueReadHandler(handler));
    int processors = Runtime.getRuntime().availableProcessors();
    Undertow.Builder listening =
        tls == null
            ? Undertow.builder().addHttpListener(options.port(), host)
            : Undertow.builder().addHttpsListener(options.port(), host, tls);
    this.undertow =
        listening
            .setHandler(requests)
            .setWorkerThreads(Math.max(FEWEST_WORKERS, WORKERS_PER_PROCESSOR * processors))
            .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
            .setServerOption(UndertowOptions.DECODE_URL, false)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, NO_LIMIT)
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, HARD * limits.headerBytes())
            .setServerOption(UndertowOptions.MAX_HEADERS, HARD * limits.headers())
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, limits.parseMillis())
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, limits.idleMillis())
            .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, WORKER_END_MILLIS)
            .setSocketOption(Options.SSL_ENABLED_PROTOCOLS, Sequence.of("TLSv1.3", "TLSv1.2"))
            .setSocketOption(Options.READ_TIMEOUT, HARD * limits.idleMillis())
            .setSocketOption(Options.WRITE_TIMEOUT, limits.idleMillis())
            .build();
  }

  /** As {@link #start(Databases, ServerOptions)}, in the clear. */
  public static HttpServer start(Databases databases, String host, int port, HttpLimits limits) {
    return start(databases, ServerOptions.of(host, port, limits));
  }

  /**
   * Starts to serve {@code databases}, which are closed when the server is.
   *
   * @throws HttpServerException if there is no administrator and others can reach the host, the
   *     port cannot be had, or the files for TLS or the admin page are no good
   */
  public static HttpServer start(Databases databases, ServerOptions options) {
    requireAllowed(options.host(), databases.settingsFile());
    HttpServer server = new HttpServer(databases, options);
    try {
      server.undertow.start();
      server.replicator.start();
      return server;
    } catch (RuntimeException e) {
      if (e.getCause() instanceof BindException cause) {
        throw unavailable(options.host(), options.port(), cause);
      }
      throw e;
    }
  }

  /**
   * Makes sure that a server with these {@code settings} may listen at {@code host}: where others
   * can reach it, there has to be an administrator.
   *
   * @throws HttpServerException if there is none
   */
  public static void requireAllowed(String host, Path settings) {
    if (!Accounts.areClosed(Settings.open(settings))) {
      Loopback.require(host);
    }
  }

  /**
   * Makes sure that a server could listen at {@code port} now.
   *
   * @throws HttpServerException if it cannot be had
   */
  public static void requireFree(String host, int port) {
    String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(plain, port));
    } catch (BindException e) {
      throw unavailable(host, port, e);
    } catch (IOException e) {
      throw new HttpServerException("cannot listen at " + host + ": " + e.getMessage());
    }
  }

  private static HttpServerException unavailable(String host, int port, BindException e) {
    boolean isRefused = String.valueOf(e.getMessage()).contains("Permission denied");
    String why = isRefused ? " is not yours to use: " : " is in use: ";
    return new HttpServerException(
        "port " + port + " of " + host + why + "choose another with --port");
  }

  /** All that it answers. */
  RouteTable routes() {
    return router.table();
  }

  /** Where it is. */
  public URI address() {
    InetSocketAddress bound = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    String shown = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    return URI.create((secure ? "https://" : "http://") + shown + ":" + bound.getPort() + "/");
  }

  /** Takes no more requests, lets those under way finish, and closes the databases. */
  @Override
  public void close() {
    requests.shutdown();
    changes.end();
    streams.end();
    graphql.end();
    try {
      requests.awaitShutdown(limits.shutdownMillis());
      Thread.sleep(SETTLE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // they have to stop now
    }
    undertow.stop();
    replicator.close();
    compactions.close();
    seeds.close();
    views.close();
    graphql.close();
    databases.close();
  }
}
