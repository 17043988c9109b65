package dev.stave.database;

import dev.stave.storage.FileStorage;
import dev.stave.storage.MemoryStorage;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageInUseException;
import dev.stave.storage.StorageSnapshot;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Forks of a database in memory. They are gone when it is. */
final class ForksInMemory implements ForkPlace {

  private final Optional<String> note;
  private final Map<String, ForksInMemory> forks = new TreeMap<>();
  private MemoryStorage storage;

  /** Of {@code storage}, which is no fork. */
  ForksInMemory(MemoryStorage storage) {
    this(storage, Optional.empty());
  }

  private ForksInMemory(MemoryStorage storage, Optional<String> note) {
    this.storage = storage;
    this.note = note;
  }

  @Override
  public List<String> names() {
    return new ArrayList<>(forks.keySet());
  }

  @Override
  public boolean has(String name) {
    return forks.containsKey(name);
  }

  @Override
  public Optional<String> note(String name) {
    return Optional.ofNullable(forks.get(name)).flatMap(fork -> fork.note);
  }

  @Override
  public Optional<String> ownNote() {
    return note;
  }

  @Override
  public Storage make(String name, FileStorage.Beginning beginning) {
    MemoryStorage copy = storage.copy();
    try (StorageSnapshot rows = copy.snapshot()) {
      String noted = beginning.write(rows, copy::commit);
      forks.put(name, new ForksInMemory(copy, Optional.of(noted)));
      return copy;
    }
  }

  private ForksInMemory fork(String name) {
    return Optional.ofNullable(forks.get(name))
        .orElseThrow(() -> new IllegalStateException("there is no such fork: " + name));
  }

  @Override
  public Storage open(String name) {
    ForksInMemory fork = fork(name);
    fork.refuseIfOpen(name);
    fork.storage = fork.storage.copy();
    return fork.storage;
  }

  private void refuseIfOpen(String name) {
    if (!storage.isClosed()) {
      throw new StorageInUseException(Paths.get(name));
    }
  }

  @Override
  public ForkPlace below(String name) {
    return fork(name);
  }

  @Override
  public ForkPlace placeOf(String name, Storage opened) {
    return fork(name);
  }

  @Override
  public void drop(String name) {
    fork(name).refuseIfAnyIsOpen(name);
    forks.remove(name);
  }

  private void refuseIfAnyIsOpen(String name) {
    refuseIfOpen(name);
    forks.forEach((below, fork) -> fork.refuseIfAnyIsOpen(name + "/" + below));
  }
}
