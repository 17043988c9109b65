package dev.stave.server.command;

import dev.stave.database.DatabaseSalvage;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.NewFolder;
import dev.stave.server.wire.ByteCount;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stave salvage}. */
@Command(
    name = "salvage",
    customSynopsis = {
      "stave salvage [--data=DIR] DB NEW",
      "       stave salvage --folder=PATH NEWFOLDER",
    },
    description = {
      "Saves what is whole of a damaged database into a new one, and prints what is not, one a line."
          + " The damaged one is only read. Until it is done, it takes the room of two more.",
      "A backup from before the damage is better, if there is one."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      "0:All is saved.",
      "1:What is whole is saved; something is lost, or may be.",
      "2:Nothing is saved: one line on stderr says why, or the arguments are wrong."
    },
    exitCodeOnExecutionException = ExitCodes.UNKNOWN,
    mixinStandardHelpOptions = true)
final class SalvageCommand implements Callable<Integer> {

  private static final String IF_SERVED = "stop the server that runs on it";

  @Parameters(
      arity = "1..2",
      paramLabel = "DB NEW",
      description = "The damaged database, and the new one; with --folder, the new one's folder.")
  List<String> names = List.of();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of the databases (default: data).")
  @Nullable Path data;

  @Option(
      names = "--folder",
      paramLabel = "PATH",
      description = "The folder of the damaged database, wherever it is.")
  @Nullable Path folder;

  private final PrintWriter out;

  SalvageCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    if (folder != null && names.size() == 1 && data == null) {
      try (NewFolder made = NewFolder.at(Path.of(names.get(0)));
          FolderOfDatabase damaged = FolderOfDatabase.at(folder, IF_SERVED)) {
        return save(damaged.path(), made);
      }
    }
    if (folder != null || names.size() != 2) {
      throw new CommandException(
          "give the names of the database and of a new one, or --folder PATH and a new folder");
    }
    DatabaseName name = new DatabaseName(names.get(0));
    DatabaseName saved = new DatabaseName(names.get(1));
    try (LocalFiles files = LocalFiles.toWrite(data == null ? Path.of("data") : data, IF_SERVED);
        NewFolder made = files.create(saved)) {
      return save(files.find(name), made);
    }
  }

  private int save(Path damaged, NewFolder made) {
    Stopwatch watch = new Stopwatch();
    DatabaseSalvage.Report report = DatabaseSalvage.save(damaged, made.path());
    made.finish();
    report.damages().forEach(damage -> out.println("damaged: " + damage));
    report.losses().forEach(loss -> out.println("lost: " + loss));
    out.println(
        String.format(
            Locale.ROOT,
            "saved: %,d documents, %s, in %s, %s; %s",
            report.documents(),
            ByteCount.text(made.bytes()),
            made.target(),
            watch.text(),
            outcome(report)));
    boolean isAll = report.damages().isEmpty() && report.losses().isEmpty();
    return isAll ? ExitCodes.DONE : ExitCodes.DAMAGED;
  }

  /** What was in a damaged place is not always known, so that nothing can be promised. */
  private static String outcome(DatabaseSalvage.Report report) {
    if (!report.losses().isEmpty()) {
      return String.format(Locale.ROOT, "losses named above: %,d", report.losses().size());
    }
    return report.damages().isEmpty()
        ? "nothing is lost"
        : "no loss is known, but what stood in a damaged place may be older or gone";
  }
}
