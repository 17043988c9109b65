package dev.stave.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.DatabaseFacts;
import dev.stave.server.wire.StorageJson;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stave stats}. */
@Command(
    name = "stats",
    description = {
      "Prints what a database's files hold: sizes, segments, garbage.",
      "With --url also what it has done since the server opened it: amplification, the longest that"
          + " a write has waited, and why the last merge failed, if it did."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {ExitCodes.DONE_LINE, ExitCodes.FAILED_LINE, ExitCodes.ASKED_LINE},
    mixinStandardHelpOptions = true)
final class StatsCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "DB", description = "The database.")
  String database = "";

  @ArgGroup @Nullable DatabasePlace place;

  @Option(names = "--json", description = "Print one JSON object, with all sizes in bytes.")
  boolean json;

  private final PrintWriter out;

  StatsCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    DatabasePlace where = DatabasePlace.orDefault(place);
    JsonNode stats =
        where.folder().map(this::read).orElseGet(() -> where.remote(database).get("/_storage"));
    out.println(json ? stats.toString() : StorageJson.text(stats));
    return ExitCodes.DONE;
  }

  private JsonNode read(Path data) {
    try (FolderOfDatabase found = FolderOfDatabase.named(database, data, DatabasePlace.USE_URL)) {
      return StorageJson.of(DatabaseFacts.of(found.path()));
    }
  }
}
