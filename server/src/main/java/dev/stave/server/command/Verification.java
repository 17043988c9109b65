package dev.stave.server.command;

import dev.stave.database.DatabaseCheck;
import dev.stave.server.wire.ByteCount;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/** Checks a database and tells what is wrong with it, a line each. */
final class Verification {

  private final PrintWriter err;

  Verification(PrintWriter err) {
    this.err = err;
  }

  DatabaseCheck.Report of(Path folder) {
    DatabaseCheck.Report report = DatabaseCheck.of(folder);
    report.problems().forEach(err::println);
    return report;
  }

  /** What was verified, in one line. */
  static String summary(DatabaseCheck.Report report) {
    String read =
        String.format(Locale.ROOT, "%,d files, %s", report.files(), ByteCount.text(report.bytes()));
    if (!report.isWhole() && report.documents() == 0) {
      return read; // documents are not looked at where files are damaged
    }
    return String.format(
        Locale.ROOT,
        "%s, %,d documents (%,d of them deleted), %,d revisions",
        read,
        report.documents(),
        report.deleted(),
        report.revisions());
  }

  /** How many problems there are, as far as they were counted. */
  static String count(DatabaseCheck.Report report) {
    int problems = report.problems().size();
    return problems == 1
        ? "1 problem"
        : problems + (problems < 100 ? "" : " or more") + " problems";
  }
}
