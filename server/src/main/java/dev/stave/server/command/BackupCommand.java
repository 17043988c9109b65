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
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stave backup}. */
@Command(
    name = "backup",
    description = {
      "Copies a database, as of one moment, into a new folder, and verifies the copy.",
      "With --url the server goes on reading and writing meanwhile. With --data the copy shares the"
          + " files with its original where both are on one disk: to outlive the disk, it has to be"
          + " on another."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {ExitCodes.DONE_LINE, ExitCodes.FAILED_LINE, ExitCodes.ASKED_LINE},
    mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "DB", description = "The database.")
  String database = "";

  @Parameters(index = "1", paramLabel = "TARGET", description = "A new or empty folder.")
  Path target = Path.of("");

  @ArgGroup @Nullable DatabasePlace place;

  @Option(names = "--no-check", description = "Do not verify the copy.")
  boolean unchecked;

  private final PrintWriter out;
  private final PrintWriter err;

  BackupCommand(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    Stopwatch watch = new Stopwatch();
    DatabasePlace where = DatabasePlace.orDefault(place);
    Optional<Path> data = where.folder();
    try (NewFolder copy = NewFolder.at(target)) {
      if (data.isPresent()) {
        copyFrom(data.get(), copy);
      } else {
        new RemoteBackup(where.remote(database), err).copyTo(copy);
      }
      check(copy);
      DatabaseFacts facts = DatabaseFacts.of(copy.path());
      copy.finish();
      out.println(
          String.format(
              Locale.ROOT,
              "%s is copied to %s: %,d documents, %s, %s%s",
              database,
              copy.target(),
              facts.documents(),
              ByteCount.text(copy.bytes()),
              watch.text(),
              unchecked ? "" : ", and is whole"));
      return ExitCodes.DONE;
    }
  }

  /** Nobody has it open, so that its files are as good as a checkpoint: no index is built. */
  private void copyFrom(Path data, NewFolder copy) {
    DatabaseName name = new DatabaseName(database);
    try (LocalFiles files = LocalFiles.toRead(data, DatabasePlace.USE_URL)) {
      ClosedDatabase.restore(files.find(name), copy.path());
    }
  }

  private void check(NewFolder copy) {
    if (unchecked) {
      return;
    }
    DatabaseCheck.Report report = new Verification(err).of(copy.path());
    if (!report.isWhole()) {
      throw new CommandException(
          "the copy is damaged ("
              + Verification.count(report)
              + " above), and perhaps the database is: nothing is left at "
              + copy.target()
              + "; --no-check copies it as it is");
    }
  }
}
