package dev.stave.server.http;

import dev.stave.database.Database;
import dev.stave.server.databases.BackupFiles;
import dev.stave.server.databases.DataFolderException;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The files of a database as of one moment, as a ZIP that is made while it is sent. It is whole if
 * and only if the reply ends as it should; what cannot be sent to the end is broken off.
 */
final class BackupStream implements Reply {

  private static final int BUFFER_BYTES = 64 << 10;

  /** Room for backups: each keeps a worker for as long as its client takes. */
  static final class Places {
    static final int COUNT = 4;

    private final Semaphore free = new Semaphore(COUNT);
  }

  private final Databases databases;
  private final Database database;
  private final String name;
  private final Places places;

  BackupStream(Databases databases, Database database, String name, Places places) {
    this.databases = databases;
    this.database = database;
    this.name = name;
    this.places = places;
  }

  @Override
  public void send(Request request) throws IOException {
    if (request.isHead()) {
      begin(request);
      request.output().flush(); // or it would say that there are no bytes
      request.output().close();
      return;
    }
    if (!places.free.tryAcquire()) {
      throw new HttpException(
          503, "service_unavailable", Places.COUNT + " backups are under way: try again later");
    }
    try (BackupFiles files = databases.backup(database)) {
      begin(request);
      write(files, request.output());
    } finally {
      places.free.release();
    }
    request.output().close(); // the client knows it whole when nothing of it is left here
  }

  private void begin(Request request) {
    String file = name.replaceAll("[^a-z0-9_-]", "_") + ".zip";
    request.begin(
        200,
        Map.of(
            "Content-Type",
            "application/zip",
            "Content-Disposition",
            "attachment; filename=\"" + file + "\""));
  }

  /** The ZIP is not finished if it fails: that would make a whole one of what there is. */
  private static void write(BackupFiles files, OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setLevel(Deflater.NO_COMPRESSION); // to this very machine
    byte[] buffer = new byte[BUFFER_BYTES];
    for (Path file : files.files()) {
      zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
      try (InputStream in = open(file)) {
        for (int n = read(in, buffer, file); n >= 0; n = read(in, buffer, file)) {
          zip.write(buffer, 0, n);
        }
      }
      zip.closeEntry();
    }
    zip.finish();
  }

  private static InputStream open(Path file) {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new DataFolderException("cannot read a file for a backup", file, e);
    }
  }

  /** A failure of ours, which is to be logged, and not one of the connection. */
  private static int read(InputStream in, byte[] buffer, Path file) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new DataFolderException("cannot read a file for a backup", file, e);
    }
  }
}
