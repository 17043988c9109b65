package dev.stave.server.databases;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Tells the folder of a database from any other, which is not to be touched. */
final class DatabaseFolder {

  private static final String MANIFEST = "MANIFEST";
  private static final String MANIFEST_START = "stave-storage ";
  private static final Pattern OURS =
      Pattern.compile("LOCK|MANIFEST|.*\\.tmp|[0-9]{10}\\.(log|table|values)");
  private static final Pattern DATA = Pattern.compile("MANIFEST|[0-9]{10}\\.(log|table|values)");

  private DatabaseFolder() {}

  /**
   * Whether there is a database in {@code path}, be it damaged. Without its manifest it is one if
   * there is nothing but files of one; a folder where none was begun is none.
   */
  static boolean holdsDatabase(Path path) {
    try {
      return Files.isDirectory(path) && (hasManifest(path) || hasOnlyOurs(path));
    } catch (IOException e) {
      return false; // it is gone, or nobody may look into it
    }
  }

  private static boolean hasManifest(Path path) throws IOException {
    Path manifest = path.resolve(MANIFEST);
    if (!Files.isRegularFile(manifest)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(manifest)) {
      byte[] start = in.readNBytes(MANIFEST_START.length());
      return new String(start, StandardCharsets.US_ASCII).equals(MANIFEST_START);
    }
  }

  private static boolean hasOnlyOurs(Path path) throws IOException {
    boolean data = false;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (!OURS.matcher(name).matches() || !Files.isRegularFile(file)) {
          return false;
        }
        data |= DATA.matcher(name).matches();
      }
    }
    return data;
  }
}
