package dev.stave.database;

import dev.stave.storage.ClosedStorage;
import dev.stave.storage.FileStorage;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Forks in the folder {@code forks} of their database's own. */
final class ForkFolders implements ForkPlace {

  private static final String FORKS = "forks";

  private final Path database;
  private final StorageOptions options;
  private final Optional<FileStorage> parent;

  /** Of {@code parent}, which is open. */
  ForkFolders(FileStorage parent, StorageOptions options) {
    this(parent.path(), Optional.of(parent), options);
  }

  private ForkFolders(Path database, Optional<FileStorage> parent, StorageOptions options) {
    this.database = database;
    this.parent = parent;
    this.options = options;
  }

  private Path folder(String name) {
    return database.resolve(FORKS).resolve(name);
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (Path folder : folders()) {
      String name = folder.getFileName().toString();
      if (Forks.isName(name)) {
        names.add(name);
      }
    }
    Collections.sort(names);
    return names;
  }

  private List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    Path forks = database.resolve(FORKS);
    if (!Files.isDirectory(forks)) {
      return folders;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(forks)) {
      found.forEach(folders::add);
      return folders;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean has(String name) {
    return Files.isDirectory(folder(name));
  }

  @Override
  public Optional<String> note(String name) {
    return FileStorage.note(folder(name));
  }

  @Override
  public Optional<String> ownNote() {
    return FileStorage.note(database);
  }

  @Override
  public Storage make(String name, FileStorage.Beginning beginning) {
    for (Path folder : folders()) {
      if (ClosedStorage.isLeft(folder)) {
        ClosedStorage.deleteLeft(folder);
      }
    }
    return parent
        .orElseThrow(() -> new IllegalStateException("the database is not open"))
        .fork(folder(name), beginning);
  }

  @Override
  public Storage open(String name) {
    return FileStorage.open(folder(name), options);
  }

  @Override
  public ForkPlace below(String name) {
    return new ForkFolders(folder(name), Optional.empty(), options);
  }

  @Override
  public ForkPlace placeOf(String name, Storage opened) {
    return new ForkFolders((FileStorage) opened, options);
  }

  @Override
  public void drop(String name) {
    ClosedStorage.delete(folder(name));
  }
}
