package dev.stave.database;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The content of a database as of one commit, in files that never change: what a new replica begins
 * with, instead of asking for each document.
 *
 * @param id names it, among all seeds of all databases
 * @param sequence of its newest change
 * @param files all of it, the manifest last: without that a part is not taken for the whole
 */
public record Seed(String id, long sequence, Path folder, List<SeedFile> files) {

  public Seed {
    files = List.copyOf(files);
  }

  /** Where the bytes of the file {@code name} are; empty if it has none of that name. */
  public Optional<Path> file(String name) {
    return files.stream()
        .filter(file -> file.name().equals(name))
        .findFirst()
        .map(file -> folder.resolve(file.name()));
  }
}
