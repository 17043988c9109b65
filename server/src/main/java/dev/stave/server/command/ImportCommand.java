package dev.stave.server.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stave import}. */
@Command(
    name = "import",
    description = {
      "Imports JSON documents from a file: one a line, an array, or CouchDB's {\"docs\": [...]};"
          + " gzip of any of these.",
      "_id is the id of a document, else one is made. A document whose id is there already is left"
          + " as it is, so an import may be repeated."
    },
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {

  private static final String STANDARD_INPUT = "-";

  @Parameters(index = "0", paramLabel = "FILE", description = "The file, - for standard input.")
  String file = STANDARD_INPUT;

  @Parameters(index = "1", paramLabel = "DB", description = "The database, made if need be.")
  String database = "";

  @ArgGroup @Nullable DatabasePlace place;

  @Option(
      names = "--skip-invalid",
      description = "Leave out what is no document, with a line about each, and go on.")
  boolean skipInvalid;

  private final PrintWriter out;
  private final PrintWriter err;

  ImportCommand(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    try (CountingInputStream in = new CountingInputStream(open());
        LateTarget target = new LateTarget(this::target)) {
      check();
      boolean terminal = System.console() != null;
      Progress progress = new Progress(err, terminal, totalBytes(), System::nanoTime);
      ImportRun run = new ImportRun(file, target, skipInvalid, err::println);
      try {
        run.run(pieces(in), () -> progress.at(run.written(), in.count()));
      } finally {
        progress.end();
      }
      out.println(run.summary(progress));
      return 0;
    }
  }

  private JsonPieces pieces(InputStream in) {
    try {
      return new JsonPieces(in, file);
    } catch (IOException e) {
      throw new CommandException(file + ": " + ImportRun.why(e));
    }
  }

  private InputStream open() throws IOException {
    if (file.equals(STANDARD_INPUT)) {
      return System.in;
    }
    try {
      return Files.newInputStream(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new CommandException("there is no file " + file);
    }
  }

  private long totalBytes() throws IOException {
    return file.equals(STANDARD_INPUT) ? 0 : Files.size(Path.of(file));
  }

  /** Says at once what cannot work, and makes nothing. */
  private void check() {
    DatabasePlace where = DatabasePlace.orDefault(place);
    where
        .folder()
        .ifPresentOrElse(
            folder -> {
              LocalImport.check(folder, database);
            },
            () -> where.remote(database));
  }

  private ImportTarget target() {
    DatabasePlace where = DatabasePlace.orDefault(place);
    return where
        .folder()
        .<ImportTarget>map(folder -> new LocalImport(folder, database))
        .orElseGet(() -> new RemoteImport(where.remote(database)));
  }
}
