package dev.stave.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Takes folders away that were begun here and did not become a database. */
final class DatabaseFolders {

  private DatabaseFolders() {}

  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a folder that cannot be deleted the rest stays: whoever calls has worse to tell. */
  static void deleteQuietly(Path folder) {
    try {
      delete(folder);
    } catch (UncheckedIOException e) {
      // it takes room, and does no harm
    }
  }
}
