package dev.stave.server.command;

import dev.stave.StaveException;
import dev.stave.json.JsonLimits;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes the documents of one file to a target, batch by batch, and counts. */
final class ImportRun {

  private static final int BATCH_DOCUMENTS = 500;
  private static final long BATCH_BYTES = 4L << 20;

  private final String file;
  private final ImportTarget target;
  private final boolean skipInvalid;
  private final Consumer<String> complaints;
  private final List<ImportDocument> batch = new ArrayList<>();
  private long batchBytes;

  private long read;
  private long written;
  private long existing;
  private long invalid;
  private long revisions;

  /** {@code complaints} takes a line for each piece that is left out. */
  ImportRun(String file, ImportTarget target, boolean skipInvalid, Consumer<String> complaints) {
    this.file = file;
    this.target = target;
    this.skipInvalid = skipInvalid;
    this.complaints = complaints;
  }

  /** Imports all of {@code pieces}, and calls {@code progress} now and then. */
  void run(JsonPieces pieces, Runnable progress) throws IOException {
    try {
      Optional<JsonPieces.Piece> piece = pieces.next();
      while (piece.isPresent()) {
        add(piece.get());
        progress.run();
        piece = pieces.next();
      }
      flush();
    } catch (IOException e) {
      throw stopped(file + ": " + why(e));
    } catch (CommandException | StaveException e) {
      throw stopped(e.getMessage());
    }
  }

  /** What is wrong with a file that cannot be read, in a line. */
  static String why(IOException e) {
    return e instanceof EOFException
        ? "the compressed file ends too early"
        : String.valueOf(e.getMessage());
  }

  private CommandException stopped(@Nullable String why) {
    return new CommandException(
        String.format(
            Locale.ROOT,
            "%s; stopped, %,d documents are imported: when that is mended, import it again,"
                + " those that are there are left as they are",
            why,
            written));
  }

  private void add(JsonPieces.Piece piece) {
    read++;
    try {
      ImportDocument document = ImportDocument.of(piece, read);
      if (document.body().size() > JsonLimits.DEFAULT_MAX_BYTES) {
        throw new CommandException(
            "the document is too large: "
                + document.body().size()
                + " bytes, and at most "
                + JsonLimits.DEFAULT_MAX_BYTES
                + " are taken");
      }
      batch.add(document);
      batchBytes += document.body().size();
      revisions += document.hadRevision() ? 1 : 0;
    } catch (CommandException | StaveException e) {
      String complaint = file + ":" + piece.line() + ": " + e.getMessage();
      if (!skipInvalid) {
        throw new CommandException(complaint);
      }
      invalid++;
      complaints.accept(complaint);
    }
    if (batch.size() == BATCH_DOCUMENTS || batchBytes >= BATCH_BYTES) {
      flush();
    }
  }

  private void flush() {
    if (batch.isEmpty()) {
      return;
    }
    for (ImportTarget.Result result : target.write(batch)) {
      if (result == ImportTarget.Result.WRITTEN) {
        written++;
      } else {
        existing++;
      }
    }
    batch.clear();
    batchBytes = 0;
  }

  long written() {
    return written;
  }

  /** All that was counted, in one line. */
  String summary(Progress progress) {
    return String.format(
        Locale.ROOT,
        "%,d documents imported in %.1f s (%s)%s%s%s",
        written,
        progress.seconds(),
        progress.rate(written),
        existing == 0 ? "" : String.format(Locale.ROOT, ", %,d were there already", existing),
        invalid == 0 ? "" : String.format(Locale.ROOT, ", %,d invalid left out", invalid),
        revisions == 0 ? "" : String.format(Locale.ROOT, ", _rev of %,d dropped", revisions));
  }
}
