package dev.stave.server.command;

import dev.stave.database.DatabaseCheck;
import java.io.PrintWriter;
import java.nio.file.Path;
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
    },
    description = {
      "Verifies every byte and every document of a database that nobody has open. Writes nothing.",
      "Problems are printed on stderr, one a line, with file and offset."
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

  private final PrintWriter out;
  private final PrintWriter err;

  CheckCommand(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    Stopwatch watch = new Stopwatch();
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
