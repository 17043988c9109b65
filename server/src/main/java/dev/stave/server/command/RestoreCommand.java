package dev.stave.server.command;

import dev.stave.database.ClosedDatabase;
import dev.stave.database.DatabaseCheck;
import dev.stave.database.DatabaseFacts;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.NewFolder;
import dev.stave.server.wire.ByteCount;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stave restore}. */
@Command(
    name = "restore",
    description = {
      "Makes a new database out of a backup, after verifying it. The backup is only read.",
      "To replace a database, restore under a new name, or drop the old one first."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {ExitCodes.DONE_LINE, ExitCodes.FAILED_LINE, ExitCodes.ASKED_LINE},
    mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {

  private static final String IF_SERVED = "stop the server that runs on it, or give another --data";

  @Parameters(index = "0", paramLabel = "BACKUP", description = "The folder of the backup.")
  Path backup = Path.of("");

  @Parameters(index = "1", paramLabel = "DB", description = "The new database.")
  String database = "";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of the databases, made if need be (default: ${DEFAULT-VALUE}).",
      defaultValue = "data")
  Path data = Path.of("data");

  @Option(names = "--no-check", description = "Do not verify the backup first.")
  boolean unchecked;

  private final PrintWriter out;
  private final PrintWriter err;

  RestoreCommand(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    Stopwatch watch = new Stopwatch();
    DatabaseName name = new DatabaseName(database);
    LocalFiles.refuseExisting(data, name); // before all is verified
    try (FolderOfDatabase source = FolderOfDatabase.at(backup, IF_SERVED)) {
      check(source.path());
      try (LocalFiles files = LocalFiles.toMake(data, IF_SERVED);
          NewFolder made = files.create(name)) {
        ClosedDatabase.restore(source.path(), made.path());
        DatabaseFacts facts = DatabaseFacts.of(made.path());
        made.finish();
        out.println(
            String.format(
                Locale.ROOT,
                "%s is restored in %s: %,d documents, %s, %s",
                name,
                data.toAbsolutePath().normalize(),
                facts.documents(),
                ByteCount.text(made.bytes()),
                watch.text()));
        return ExitCodes.DONE;
      }
    }
  }

  private void check(Path source) {
    if (unchecked) {
      return;
    }
    DatabaseCheck.Report report = new Verification(err).of(source);
    if (!report.isWhole()) {
      throw new CommandException(
          "the backup is damaged ("
              + Verification.count(report)
              + " above), nothing is restored: take another, or save what is whole of this one with"
              + " stave salvage --folder "
              + source
              + " NEWFOLDER");
    }
  }
}
