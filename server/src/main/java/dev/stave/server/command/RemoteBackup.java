package dev.stave.server.command;

import dev.stave.server.databases.NewFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;

/** Brings a database over from a server that goes on with it. */
final class RemoteBackup {

  private final RemoteDatabase database;
  private final PrintWriter err;

  RemoteBackup(RemoteDatabase database, PrintWriter err) {
    this.database = database;
    this.err = err;
  }

  void copyTo(NewFolder copy) {
    long bytes = database.get("").at("/sizes/file").asLong();
    Progress progress = new Progress(err, System.console() != null, bytes, System::nanoTime);
    try (InputStream in = database.stream("_backup")) {
      new ZippedFiles(in, progress::at).unpackTo(copy.path());
    } catch (BrokenOffException e) {
      throw new CommandException(
          "the server broke off in the middle (its log may say why), and nothing is left at "
              + copy.target()
              + ": "
              + e.getMessage());
    } catch (IOException e) {
      throw Complaint.of(e, copy.target());
    } finally {
      progress.end();
    }
  }
}
