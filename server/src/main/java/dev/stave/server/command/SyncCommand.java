package dev.stave.server.command;

import dev.stave.StaveException;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.query.Selector;
import dev.stave.revision.RevisionId;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.sync.Comparison;
import dev.stave.sync.DeadLetters;
import dev.stave.sync.Departure;
import dev.stave.sync.Departures;
import dev.stave.sync.Progress.State;
import dev.stave.sync.Replication;
import dev.stave.sync.ReplicationOptions;
import dev.stave.sync.http.HttpPeer;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.Scope;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stave sync}. */
@Command(
    name = "sync",
    description = {
      "Replicates two databases: what either has and the other lacks goes over, conflicts are kept"
          + " on both sides. It goes on where the last time ended.",
      "A database is its name, in the data folder, or the http or https address of one at a server:"
          + " Stave, CouchDB, PouchDB Server."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE_LINE,
      "1:It failed, or documents were refused, which stderr tells; or the two differ.",
      ExitCodes.ASKED_LINE
    },
    mixinStandardHelpOptions = true)
final class SyncCommand implements Callable<Integer> {

  private static final int SHOWN_REFUSALS = 10;

  @Parameters(index = "0", paramLabel = "A", description = "A database.")
  String first = "";

  @Parameters(index = "1", paramLabel = "B", description = "Another.")
  String second = "";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder of the databases that are named, not served by anybody (default:"
              + " ${DEFAULT-VALUE}).",
      defaultValue = "data")
  Path data = Path.of("data");

  @Option(names = "--push", description = "From A to B only.")
  boolean push;

  @Option(names = "--pull", description = "From B to A only.")
  boolean pull;

  @Option(
      names = "--filter",
      paramLabel = "SELECTOR",
      description = "Only documents that match, such as '{\"city\": \"Paris\"}'.")
  @Nullable String filter;

  @Option(
      names = "--path",
      paramLabel = "POINTER",
      description = "Only documents that have anything at or below it, such as /site/paris.")
  @Nullable String path;

  @Option(
      names = "--purge",
      description =
          "With --pull and a filter: what does not match at B any more is purged from A, once B"
              + " has all edits of it.")
  boolean purge;

  @Option(names = "--live", description = "Goes on with what changes, until it is interrupted.")
  boolean live;

  @Option(
      names = "--verify",
      description =
          "Copies nothing: says whether A and B hold the same, and if not, of which document they"
              + " differ first.")
  boolean verify;

  @Option(names = "--create", description = "Makes a database that is not there.")
  boolean create;

  private final PrintWriter out;
  private final PrintWriter err;
  private @Nullable Databases databases;

  @Spec CommandSpec command = CommandSpec.create(); // its own is set before it is called

  SyncCommand(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws InterruptedException {
    ReplicationOptions options = options();
    try (Peer one = peer(first);
        Peer other = peer(second)) {
      if (verify) {
        return verify(one, other, options.scope());
      }
      List<Run> runs = new ArrayList<>();
      if (push || !pull) {
        runs.add(new Run(one, other, options));
      }
      if (pull || !push) {
        runs.add(new Run(other, one, purge ? options.withPurging() : options));
      }
      int code = live ? live(runs) : once(runs);
      if (purge && one instanceof LocalPeer here) {
        tellDepartures(Departures.of(here.database()).open());
      }
      return code;
    } finally {
      if (databases != null) {
        databases.close();
      }
    }
  }

  private int verify(Peer one, Peer other, Scope scope) {
    Comparison found = Comparison.of(one, other, scope);
    if (found instanceof Comparison.Different difference) {
      out.println("They differ, first at " + difference.document() + ":");
      out.println("  A has " + leaves(difference.one()));
      out.println("  B has " + leaves(difference.other()));
      return ExitCodes.FAILED;
    }
    long documents = ((Comparison.Same) found).documents();
    out.println(
        String.format(
            Locale.ROOT, "They hold the same: %,d documents, deleted ones included", documents));
    return ExitCodes.DONE;
  }

  private static String leaves(List<RevisionId> leaves) {
    return leaves.isEmpty()
        ? "nothing"
        : leaves.stream().map(RevisionId::toString).collect(Collectors.joining(", "));
  }

  private ReplicationOptions options() {
    if (filter != null && path != null) {
      throw wronglyAsked("--filter and --path exclude each other");
    }
    if (verify && (live || push || pull || purge)) {
      throw wronglyAsked("--verify copies nothing: it goes without --live and directions");
    }
    if (purge && (push || !pull || (filter == null && path == null))) {
      throw wronglyAsked("--purge is for --pull with --filter or --path");
    }
    ReplicationOptions options = ReplicationOptions.DEFAULT.withScope(scope());
    return live ? options.continuously() : options;
  }

  private Scope scope() {
    try {
      if (path != null) {
        return Scope.path(path);
      }
      if (filter == null) {
        return Scope.ALL;
      }
      JsonObject selector = JsonObject.parse(filter);
      Selector.of(selector.sharedTree());
      return Scope.selector(selector);
    } catch (StaveException | IllegalArgumentException e) {
      throw wronglyAsked((path != null ? "--path: " : "--filter: ") + e.getMessage());
    }
  }

  private ParameterException wronglyAsked(String what) {
    return new ParameterException(command.commandLine(), what);
  }

  private Peer peer(String named) {
    if (!named.contains("://")) {
      return LocalPeer.of(database(new DatabaseName(named)));
    }
    try {
      HttpPeer peer = HttpPeer.at(new URI(named));
      if (create) {
        peer.create();
      }
      return peer;
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw wronglyAsked("an address is none: give http or https, a server and a database");
    }
  }

  private Database database(DatabaseName name) {
    Databases open = databases;
    if (open == null) {
      open =
          create
              ? Databases.open(data)
              : Databases.openExisting(data).orElseThrow(() -> LocalFiles.noData(data));
      databases = open;
    }
    if (create) {
      open.create(name);
    }
    return open.find(name).orElseThrow(() -> LocalFiles.noDatabase(data, name));
  }

  /** One direction. */
  private static final class Run {
    final String title;
    final Replication replication;
    long told; // of what was refused; under the lock of this

    Run(Peer source, Peer target, ReplicationOptions options) {
      this.title = shown(source) + " -> " + shown(target);
      this.replication = Replication.of(source, target, options);
      retry(source, target);
      retry(target, target);
    }

    /** What was refused before: nobody else is there to ask for it. */
    private static void retry(Peer home, Peer target) {
      if (home instanceof LocalPeer here) {
        DeadLetters letters = DeadLetters.of(here.database());
        letters.list().stream()
            .filter(letter -> letter.peer().equals(target.name()))
            .forEach(letters::retry);
      }
    }

    private static String shown(Peer peer) {
      return peer instanceof LocalPeer ? "here" : peer.name();
    }
  }

  private int once(List<Run> runs) {
    long refused = 0;
    for (Run run : runs) {
      Progress line = new Progress(err, System.console() != null, 0, System::nanoTime);
      run.replication.watch(
          now -> {
            synchronized (line) {
              line.towards(now.changes(), now.pending());
            }
          });
      try {
        run.replication.start().await();
      } finally {
        synchronized (line) {
          line.end();
        }
      }
      dev.stave.sync.Progress now = run.replication.progress();
      out.println(
          String.format(
              Locale.ROOT,
              "%s: %,d changed documents, %,d revisions written in %.1f s (%s)%s",
              run.title,
              now.changes(),
              now.written(),
              line.seconds(),
              line.rate(now.changes()),
              now.refused() == 0
                  ? ""
                  : String.format(Locale.ROOT, ", %,d refused", now.refused())));
      refused += now.refused();
      tellRefused(run);
    }
    return refused == 0 ? ExitCodes.DONE : ExitCodes.FAILED;
  }

  /** Says what was refused since it was called the last time. */
  private void tellRefused(Run run) {
    long count = run.replication.progress().refused();
    List<GraftResult.Refused> all = run.replication.refused();
    synchronized (run) {
      all.stream()
          .limit(SHOWN_REFUSALS)
          .skip(run.told)
          .map(each -> each.id() + " " + each.revision() + " is refused: " + each.reason())
          .forEach(err::println);
      if (count > Math.max(run.told, SHOWN_REFUSALS)) {
        err.println("and more, " + count + " in all");
      }
      run.told = Math.max(run.told, count);
    }
  }

  private void tellDepartures(List<Departure> open) {
    open.stream()
        .limit(SHOWN_REFUSALS)
        .map(Departure::document)
        .map(id -> id + " has left with edits that B lacks, and stays: see /{db}/_departures")
        .forEach(err::println);
    if (open.size() > SHOWN_REFUSALS) {
      err.println("and " + (open.size() - SHOWN_REFUSALS) + " more");
    }
  }

  private int live(List<Run> runs) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    Thread atExit = new Thread(() -> runs.forEach(run -> run.replication.stop()));
    Runtime.getRuntime().addShutdownHook(atExit);
    for (Run run : runs) {
      State[] before = {State.NEW};
      run.replication.watch(
          now -> {
            synchronized (before) {
              if (now.state() != before[0]) {
                before[0] = now.state();
                say(run, now);
              }
            }
            if (now.state() == State.FAILED) {
              ended.countDown();
            }
          });
      run.replication.start();
    }
    try {
      ended.await();
      return ExitCodes.FAILED;
    } finally {
      runs.forEach(run -> run.replication.stop());
      try {
        Runtime.getRuntime().removeShutdownHook(atExit);
      } catch (IllegalStateException e) {
        // it is running
      }
    }
  }

  private void say(Run run, dev.stave.sync.Progress now) {
    tellRefused(run);
    String error = now.error() == null ? "" : ": " + now.error();
    PrintWriter to = now.error() == null ? out : err;
    to.println(
        String.format(
            Locale.ROOT,
            "%s: %s, %,d revisions written%s",
            run.title,
            now.state() == State.IDLE ? "in step" : now.state().name().toLowerCase(Locale.ROOT),
            now.written(),
            error));
  }
}
