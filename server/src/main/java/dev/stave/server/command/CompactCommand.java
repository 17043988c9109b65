package dev.stave.server.command;

import dev.stave.database.ClosedDatabase;
import dev.stave.server.databases.DatabaseFiles;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.wire.ByteCount;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code stave compact}. */
@Command(
    name = "compact",
    description = {
      "Gives the room of what was overwritten and deleted back to the disk, at once.",
      "It happens by itself, too, a little at a time. A server begins it and goes on with its work;"
          + " compact_running in GET /DB tells whether it is done."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {ExitCodes.DONE_LINE, ExitCodes.FAILED_LINE, ExitCodes.ASKED_LINE},
    mixinStandardHelpOptions = true)
final class CompactCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "DB", description = "The database.")
  String database = "";

  @ArgGroup @Nullable DatabasePlace place;

  private final PrintWriter out;

  CompactCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    DatabasePlace where = DatabasePlace.orDefault(place);
    where
        .folder()
        .ifPresentOrElse(
            this::compact,
            () -> {
              where.remote(database).post("_compact", new byte[0]);
              out.println("the server has begun to compact " + database);
            });
    return ExitCodes.DONE;
  }

  private void compact(Path data) {
    DatabaseName name = new DatabaseName(database);
    try (LocalFiles files = LocalFiles.toWrite(data, DatabasePlace.USE_URL)) {
      Stopwatch watch = new Stopwatch();
      Path folder = files.find(name);
      long before = DatabaseFiles.bytes(folder);
      ClosedDatabase.compact(folder);
      out.println(
          name
              + " is compacted: "
              + ByteCount.text(before)
              + " before, "
              + ByteCount.text(DatabaseFiles.bytes(folder))
              + " after, "
              + watch.text());
    }
  }
}
