package dev.stave.database;

import dev.stave.storage.FileStorage;
import dev.stave.storage.MemoryStorage;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Forks of a simulated machine: copies of its rows, gone when it is switched off. One has no forks
 * in turn, and cannot be opened again.
 */
final class SimulatedForks implements ForkPlace {

  private static final byte[] BEHIND_ALL = new byte[600];

  static {
    Arrays.fill(BEHIND_ALL, (byte) 0xff);
  }

  private final Storage parent;
  private final Optional<String> ownNote;
  private final Map<String, String> notes = new TreeMap<>();

  SimulatedForks(Storage parent) {
    this(parent, Optional.empty());
  }

  private SimulatedForks(Storage parent, Optional<String> ownNote) {
    this.parent = parent;
    this.ownNote = ownNote;
  }

  @Override
  public List<String> names() {
    return new ArrayList<>(notes.keySet());
  }

  @Override
  public boolean has(String name) {
    return notes.containsKey(name);
  }

  @Override
  public Optional<String> note(String name) {
    return Optional.ofNullable(notes.get(name));
  }

  @Override
  public Optional<String> ownNote() {
    return ownNote;
  }

  @Override
  public Storage make(String name, FileStorage.Beginning beginning) {
    MemoryStorage copy = new MemoryStorage();
    StorageBatch all = new StorageBatch();
    try (StorageSnapshot rows = parent.snapshot()) {
      rows.scan(new byte[0], BEHIND_ALL).forEachRemaining(row -> all.put(row.key(), row.value()));
    }
    copy.commit(all);
    try (StorageSnapshot rows = copy.snapshot()) {
      notes.put(name, beginning.write(rows, copy::commit));
    }
    return copy;
  }

  @Override
  public Storage open(String name) {
    throw new UnsupportedOperationException("a simulated fork is opened when it is made");
  }

  @Override
  public ForkPlace below(String name) {
    return new SimulatedForks(parent, note(name));
  }

  @Override
  public ForkPlace placeOf(String name, Storage opened) {
    return new SimulatedForks(opened, note(name));
  }

  @Override
  public void drop(String name) {
    notes.remove(name);
  }
}
