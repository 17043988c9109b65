package dev.stave.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.ClosedDatabase;
import dev.stave.database.Database;
import dev.stave.database.DatabaseCheck;
import dev.stave.server.databases.DatabaseName;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stave check}. */
@Command(
    name = "check",
    customSynopsis = {
      "stave check [--data=DIR] DB",
      "       stave check --folder=PATH",
      "       stave check --index [--rebuild] [--data=DIR | --url=URL] DB",
    },
    description = {
      "Verifies every byte and every document of a database that nobody has open. Writes nothing.",
      "Problems are printed on stderr, one a line, with file and offset.",
      "With --index, compares the index with the documents, of a running server too."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      "0:It is whole.",
      "1:It is damaged.",
      "2:It could not be checked: it is open elsewhere, or not there, or the arguments are wrong."
    },
    exitCodeOnExecutionException = ExitCodes.UNKNOWN,
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

  private static final String IF_SERVED =
      "stop the server that runs on it, or have it make a copy, which is verified:"
          + " stave backup DB TARGET --url URL";

  @Parameters(index = "0", arity = "0..1", paramLabel = "DB", description = "The database.")
  @Nullable String database;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of the databases (default: data).")
  @Nullable Path data;

  @Option(
      names = "--folder",
      paramLabel = "PATH",
      description = "The folder of one database or backup, wherever it is.")
  @Nullable Path folder;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "With --index: address of a server, which goes on with its work.")
  @Nullable String url;

  @Option(
      names = "--index",
      description = "Compare the index with the documents, and nothing else.")
  boolean index;

  @Option(
      names = "--rebuild",
      description = "With --index: make it anew from the documents first, also if it is damaged.")
  boolean rebuild;

  private final PrintWriter out;
  private final PrintWriter err;

  CheckCommand(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    Stopwatch watch = new Stopwatch();
    if (index) {
      return checkIndex(watch);
    }
    if (url != null || rebuild) {
      throw new CommandException("--url and --rebuild are for --index");
    }
    try (FolderOfDatabase found = find()) {
      DatabaseCheck.Report report = new Verification(err).of(found.path());
      String verified = Verification.summary(report) + ", " + watch.text();
      if (report.isWhole()) {
        out.println("whole: " + verified);
        return ExitCodes.DONE;
      }
      out.println("damaged: " + Verification.count(report) + " in " + verified);
      return ExitCodes.DAMAGED;
    }
  }

  private int checkIndex(Stopwatch watch) {
    if (database == null || folder != null || (url != null && data != null)) {
      throw new CommandException("with --index give a database's name, and --data or --url");
    }
    List<String> problems =
        url == null ? ofFolder(database) : ofServer(new RemoteDatabase(url, database));
    problems.forEach(err::println);
    String made = rebuild ? "made anew, " : "";
    out.println(
        problems.isEmpty()
            ? "the index is right: " + made + watch.text()
            : "the index is wrong: " + made + watch.text() + "; make it anew with --rebuild");
    return problems.isEmpty() ? ExitCodes.DONE : ExitCodes.DAMAGED;
  }

  private List<String> ofServer(RemoteDatabase remote) {
    JsonNode reply = remote.post("_check_index" + (rebuild ? "?rebuild=true" : ""), new byte[0]);
    List<String> problems = new ArrayList<>();
    reply.path("problems").forEach(problem -> problems.add(problem.asText()));
    return problems;
  }

  private List<String> ofFolder(String name) {
    Path databases = data == null ? Path.of("data") : data;
    try (LocalFiles files = LocalFiles.toWrite(databases, DatabasePlace.USE_URL)) {
      Path path = files.find(new DatabaseName(name));
      if (rebuild) {
        ClosedDatabase.dropIndex(path);
      }
      try (Database opened = Database.open(path)) {
        return opened.checkIndex();
      }
    }
  }

  private FolderOfDatabase find() {
    if (folder != null && database == null && data == null) {
      return FolderOfDatabase.at(folder, IF_SERVED);
    }
    if (folder != null || database == null) {
      throw new CommandException("give the name of a database, or its folder with --folder");
    }
    return FolderOfDatabase.named(database, data == null ? Path.of("data") : data, IF_SERVED);
  }
}
