package dev.stave.storage;

import dev.stave.bytes.Crc32c;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which files are the storage: one log and the segments below it, newest first. Text, one fact a
 * line, replaced as a whole by renaming:
 *
 * <pre>
 * stave-storage 1          the version of the format
 * log 12
 * segment 11
 * segment 7
 * crc 1f0e9a77             CRC-32C of all lines above, in hex
 * </pre>
 */
record Manifest(long log, List<Long> segments) {

  private static final String FORMAT = "stave-storage 1";

  Manifest {
    segments = List.copyOf(segments);
  }

  /** The next number that no file has. */
  long nextNumber() {
    return segments.stream().mapToLong(Long::longValue).reduce(log, Math::max) + 1;
  }

  void write(Folder folder) throws IOException {
    StringBuilder text = new StringBuilder(FORMAT).append("\nlog ").append(log).append('\n');
    segments.forEach(segment -> text.append("segment ").append(segment).append('\n'));
    String crc = crc(text.toString());
    text.append("crc ").append(crc).append('\n');

    Path target = folder.path().resolve(Folder.MANIFEST);
    Path temporary = folder.path().resolve(Folder.MANIFEST + ".tmp");
    try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
      out.write(text.toString().getBytes(StandardCharsets.US_ASCII));
      out.getFD().sync();
    }
    folder.replace(temporary, target);
  }

  static boolean exists(Folder folder) {
    return Files.exists(folder.path().resolve(Folder.MANIFEST));
  }

  static Manifest read(Folder folder) throws IOException {
    Path file = folder.path().resolve(Folder.MANIFEST);
    String text = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII);
    if (!text.startsWith("stave-storage ")) {
      throw new StorageException("not a Stave database: this MANIFEST is another program's", file);
    }
    if (!text.startsWith(FORMAT + "\n")) {
      String version = text.substring(0, Math.max(0, text.indexOf('\n')));
      throw new StorageException(
          "written by another version of Stave (" + version + "), this one reads " + FORMAT, file);
    }
    int crcAt = text.lastIndexOf("crc ");
    if (crcAt < 0 || !text.substring(crcAt).equals("crc " + crc(text.substring(0, crcAt)) + "\n")) {
      throw new CorruptStaveException("checksum of the manifest does not match", file, 0);
    }
    long log = 0;
    List<Long> segments = new ArrayList<>();
    for (String line : text.substring(0, crcAt).split("\n", -1)) {
      if (line.startsWith("log ")) {
        log = Long.parseLong(line.substring(4));
      } else if (line.startsWith("segment ")) {
        segments.add(Long.parseLong(line.substring(8)));
      }
    }
    return new Manifest(log, segments);
  }

  private static String crc(String lines) {
    byte[] bytes = lines.getBytes(StandardCharsets.US_ASCII);
    return Integer.toHexString(Crc32c.of(bytes, 0, bytes.length));
  }
}
