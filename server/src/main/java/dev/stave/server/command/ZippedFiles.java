package dev.stave.server.command;

import dev.stave.server.databases.DatabaseFiles;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a database in a ZIP that a server sends. Nothing of it is trusted: a name is one of
 * a database's files and comes once, and the manifest, which comes last, has to be there.
 */
final class ZippedFiles {

  private static final String LAST = "MANIFEST";
  private static final int BUFFER_BYTES = 64 << 10;

  private final InputStream in;
  private final LongConsumer progress;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long bytes;

  /** {@code progress} takes how many bytes there are so far. */
  ZippedFiles(InputStream in, LongConsumer progress) {
    this.in = new Received(in);
    this.progress = progress;
  }

  /**
   * Makes {@code folder}, with all files in it on the disk.
   *
   * @throws BrokenOffException if they are not all, or others
   * @throws IOException if they cannot be written
   */
  void unpackTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    ZipInputStream zip = new ZipInputStream(in);
    String last = "";
    for (ZipEntry entry = next(zip); entry != null; entry = next(zip)) {
      String name = entry.getName();
      Path file = folder.resolve(DatabaseFiles.isFileName(name) ? name : LAST);
      if (!file.endsWith(name) || Files.exists(file)) {
        throw new BrokenOffException("it sent a file that has no place in a database: " + name);
      }
      write(zip, file);
      last = name;
    }
    while (in.read(buffer) >= 0) {
      // the end has to be reached: before it, the server may still say that something went wrong
    }
    if (!last.equals(LAST)) {
      throw new BrokenOffException("it did not send all files");
    }
  }

  private static @Nullable ZipEntry next(ZipInputStream zip) throws IOException {
    try {
      return zip.getNextEntry();
    } catch (IllegalArgumentException e) {
      throw new BrokenOffException("it sent a name that cannot be read");
    } catch (IOException e) {
      throw new BrokenOffException(e);
    }
  }

  private void write(ZipInputStream zip, Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream out = Channels.newOutputStream(channel);
      for (int n = read(zip); n >= 0; n = read(zip)) {
        out.write(buffer, 0, n);
        bytes += n;
        progress.accept(bytes);
      }
      channel.force(true);
    }
  }

  /** Checks each file's checksum at its end. */
  private int read(ZipInputStream zip) throws IOException {
    try {
      return zip.read(buffer);
    } catch (IOException e) {
      throw new BrokenOffException(e);
    }
  }

  /** Tells what goes wrong in receiving from what goes wrong in writing. */
  private static final class Received extends FilterInputStream {
    Received(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      try {
        return super.read(bytes, from, length);
      } catch (IOException e) {
        throw new BrokenOffException(e);
      }
    }
  }
}
