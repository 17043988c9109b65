package dev.stave.server.databases;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells the folder of a database from any other, which is not to be touched. */
final class DatabaseFolder {

  private static final String MANIFEST = "MANIFEST";
  private static final String MANIFEST_START = "stave-storage ";
  private static final Pattern OURS =
      Pattern.compile("LOCK|MANIFEST(\\.tmp)?|[0-9]{10}\\.(log|rows|bodies|table)(\\.tmp)?");

  /** The indexes of its views, which can be made anew and are in no backup. */
  static final String VIEWS = "views";

  /** The folders of its forks, which are databases of their own, and of seeds, and the above. */
  private static final Set<String> FOLDERS = Set.of("forks", "seeds", VIEWS);

  private static final Pattern DATA =
      Pattern.compile("MANIFEST|[0-9]{10}\\.(log|rows|bodies|table)");

  private DatabaseFolder() {}

  /**
   * Whether there is a database in {@code path}, be it damaged. Without its manifest it is one if
   * there is nothing but files of one; a folder where none was begun is none.
   */
  static boolean holdsDatabase(Path path) {
    try {
      return Files.isDirectory(path) && (hasManifest(path) || hasData(path) && hasOnlyOurs(path));
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

  private static boolean hasData(Path path) throws IOException {
    return names(path).stream().anyMatch(DatabaseFolder::isFileName);
  }

  /** Whether there is nothing in {@code path} but what a database makes; there may be nothing. */
  static boolean hasOnlyOurs(Path path) throws IOException {
    for (String name : names(path)) {
      boolean isFile = Files.isRegularFile(path.resolve(name));
      if (isFile ? !OURS.matcher(name).matches() : !FOLDERS.contains(name)) {
        return false;
      }
    }
    return true;
  }

  static boolean isFileName(String name) {
    return DATA.matcher(name).matches();
  }

  /** The files in {@code path} that are a database's; the manifest, which makes it one, is last. */
  static List<Path> files(Path path) throws IOException {
    return names(path).stream()
        .filter(DatabaseFolder::isFileName)
        .sorted() // digits before letters
        .map(path::resolve)
        .toList();
  }

  /** What all files in {@code path} take, but for those of forks, seeds and views. */
  static long bytes(Path path) throws IOException {
    long bytes = 0;
    for (String name : names(path)) {
      boolean isFolder = FOLDERS.contains(name);
      bytes += isFolder ? 0 : path.resolve(name).toFile().length(); // 0 if it is merged away by now
    }
    return bytes;
  }

  private static List<String> names(Path path) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    }
    return names;
  }
}
