package dev.stave.server.command;

import dev.stave.database.DatabaseOptions;
import dev.stave.server.accounts.Accounts;
import dev.stave.server.accounts.Settings;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.exchange.ServerVersion;
import dev.stave.server.http.HttpServer;
import dev.stave.server.http.ServerOptions;
import dev.stave.server.http.TlsFiles;
import dev.stave.server.sample.SampleData;
import dev.stave.storage.Durability;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code stave serve}: runs until it is interrupted. */
@Command(
    name = "serve",
    description = "Serves the databases of a folder over HTTP, to this machine.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  /** The time to close the databases after the last request. */
  private static final int CLOSE_MILLIS = 1_500;

  private static final int MAX_MEMORY_MB = 65_536;

  /** A day. */
  private static final int MAX_QUERY_SECONDS = 86_400;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of the databases (default: ${DEFAULT-VALUE}).",
      defaultValue = "data")
  Path data = Path.of("data");

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port, 0 for any that is free (default: ${DEFAULT-VALUE}).",
      defaultValue = "" + HttpServer.DEFAULT_PORT)
  int port;

  @Option(
      names = "--host",
      paramLabel = "H",
      description = "Address of this machine to listen at (default: ${DEFAULT-VALUE}).",
      defaultValue = "127.0.0.1")
  String host = "127.0.0.1";

  @Option(names = "--sample", description = "Make a database with sample data, if there is none.")
  boolean sample;

  @Option(
      names = "--durability",
      paramLabel = "WHEN",
      description =
          "When a write is on the disk: sync, before it is acknowledged; interval:MILLIS, so often,"
              + " so that a power cut may lose the writes since; none, when the system sees fit"
              + " (default: ${DEFAULT-VALUE}).",
      converter = DurabilityOption.class,
      defaultValue = "sync")
  Durability durability = Durability.SYNC;

  @Option(
      names = "--memory",
      paramLabel = "MB",
      description =
          "Memory that each open database may take for writing (default: ${DEFAULT-VALUE}).",
      defaultValue = "64")
  int memory = 64;

  @Option(
      names = "--query-timeout",
      paramLabel = "SECONDS",
      description =
          "How long a query may take; a longer one is answered with an error"
              + " (default: ${DEFAULT-VALUE}).",
      defaultValue = "60")
  int queryTimeout = 60;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description =
          "Serve over TLS only, with this certificate and its chain (PEM). A new one is taken up"
              + " when the file changes.")
  @Nullable Path tlsCert;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key (PEM, PKCS#8).")
  @Nullable Path tlsKey;

  @Option(
      names = "--tls-store",
      paramLabel = "FILE",
      description = "Both of them in one PKCS#12 file, instead.")
  @Nullable Path tlsStore;

  @Option(
      names = "--tls-password-file",
      paramLabel = "FILE",
      description = "A file whose first line is the password of the key or of the store.")
  @Nullable Path tlsPasswordFile;

  @Option(
      names = "--utils",
      paramLabel = "DIR",
      description =
          "Folder of Fauxton, CouchDB's admin page, to be at /_utils/: `npm pack fauxton`, unpacked.")
  @Nullable Path utils;

  private final PrintWriter out;

  ServeCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public Integer call() throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    HttpServer server = start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  close(server);
                  stopped.countDown();
                },
                "stave-shutdown"));
    stopped.await();
    return 0;
  }

  /** What cannot be closed in time, such as a query of minutes, ends with the process. */
  private static void close(HttpServer server) {
    Thread closing = new Thread(server::close, "stave-close");
    closing.setDaemon(true);
    closing.start();
    try {
      closing.join(HttpLimits.DEFAULT.shutdownMillis() + CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts the server and prints where it is. */
  HttpServer start() {
    if (port < 0 || port > 65_535) {
      throw new CommandException("--port is between 0 and 65535, not " + port);
    }
    DatabaseOptions options = options();
    HttpLimits limits = limits();
    TlsFiles tls = tls();
    HttpServer.requireAllowed(host, Databases.settingsFile(data));
    HttpServer.requireFree(host, port); // before anything is made in the data folder
    Databases databases = Databases.open(data, options);
    try {
      if (sample) {
        SampleData.createIfAbsent(databases);
      }
      HttpServer server =
          HttpServer.start(
              databases, ServerOptions.of(host, port, limits).withTls(tls).withUtils(utils));
      print(server.address());
      return server;
    } catch (RuntimeException e) {
      databases.close();
      throw e;
    }
  }

  private @Nullable TlsFiles tls() {
    if ((tlsCert == null) != (tlsKey == null)) {
      throw new CommandException("--tls-cert and --tls-key go together");
    }
    if (tlsStore != null && tlsCert != null) {
      throw new CommandException("--tls-store has both: leave out --tls-cert and --tls-key");
    }
    char[] password = tlsPassword();
    if (tlsStore != null) {
      return TlsFiles.pkcs12(tlsStore, password);
    }
    return tlsCert == null || tlsKey == null ? null : TlsFiles.pem(tlsCert, tlsKey, password);
  }

  private char[] tlsPassword() {
    if (tlsPasswordFile == null) {
      return new char[0];
    }
    try {
      return Files.readString(tlsPasswordFile).lines().findFirst().orElse("").toCharArray();
    } catch (IOException e) {
      throw new CommandException("cannot read --tls-password-file " + tlsPasswordFile);
    }
  }

  private HttpLimits limits() {
    if (queryTimeout < 1 || queryTimeout > MAX_QUERY_SECONDS) {
      throw new CommandException(
          "--query-timeout is between 1 and " + MAX_QUERY_SECONDS + ", not " + queryTimeout);
    }
    return HttpLimits.DEFAULT.with(limits -> limits.queryMillis = queryTimeout * 1_000);
  }

  private DatabaseOptions options() {
    if (memory < 1 || memory > MAX_MEMORY_MB) {
      throw new CommandException("--memory is between 1 and " + MAX_MEMORY_MB + ", not " + memory);
    }
    return DatabaseOptions.DEFAULT.withDurability(durability).withMemoryBytes((long) memory << 20);
  }

  private void print(URI address) {
    out.println(
        "Stave "
            + ServerVersion.stave()
            + " is at "
            + address
            + " with its data in "
            + data.toAbsolutePath().normalize()
            + ". Ctrl-C stops it.");
    out.println("Console: " + address.resolve("_console"));
    out.println("GraphQL: " + address.resolve("_graphiql"));
    if (!Accounts.areClosed(Settings.open(Databases.settingsFile(data)))) {
      out.println(
          "There is no administrator: EVERYBODY ON THIS MACHINE MAY READ AND WRITE EVERYTHING."
              + " `stave user add NAME --admin` makes one.");
    }
    if (sample) {
      out.println(new SampleHints(address).text());
    }
    out.flush();
  }
}
