package dev.stave.storage;

import dev.stave.StaveException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Saves the rows that are whole out of a damaged storage into a new one. Where a newer row is lost
 * an older one of its key may come up again: whoever knows what the rows mean has to look at them.
 */
public final class StorageSalvage {

  private static final long BATCH_BYTES = 4 << 20;

  private final Folder folder;
  private final Storage target;
  private final List<Damage> damages = new ArrayList<>();
  private StorageBatch batch = new StorageBatch();
  private long batchBytes;

  private StorageSalvage(Folder folder, Storage target) {
    this.folder = folder;
    this.target = target;
  }

  /**
   * Copies what is whole in {@code from}, which nobody may have open and which is not changed, to
   * {@code target}, the oldest first.
   *
   * @return what is not whole
   * @throws StorageException if somebody has the folder open, or there is none
   */
  public static List<Damage> copy(Path from, Storage target) {
    try (Folder folder = Folder.openToRead(from)) {
      StorageSalvage salvage = new StorageSalvage(folder, target);
      salvage.run();
      return salvage.damages;
    } catch (IOException e) {
      throw new StorageException("cannot read the folder", from, e);
    }
  }

  private void run() throws IOException {
    Manifest manifest = manifest();
    if (manifest == null) {
      for (long number : rowsOldestFirst()) {
        salvageRows(number);
      }
      for (long number : numbers(".log")) {
        salvageLog(number);
      }
    } else {
      List<Manifest.Rows> oldestFirst = new ArrayList<>(manifest.segments());
      Collections.reverse(oldestFirst);
      for (Manifest.Rows rows : oldestFirst) {
        salvageRows(rows.number());
      }
      for (Manifest.Log log : manifest.logs()) {
        salvageLog(log.number());
      }
    }
    flush();
  }

  private @Nullable Manifest manifest() throws IOException {
    try {
      return Manifest.read(folder.path());
    } catch (CorruptStaveException e) {
      damages.add(e.damage());
    } catch (NoSuchFileException e) {
      damages.add(new Damage(folder.path().resolve(Folder.MANIFEST), 0, "the file is missing"));
    }
    return null;
  }

  private List<Long> numbers(String ending) throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (Path file : Folder.list(folder.path())) {
      String name = file.getFileName().toString();
      if (Folder.isOurs(file) && name.endsWith(ending)) { // others may lie beside them
        numbers.add(Long.parseLong(name.substring(0, name.length() - ending.length())));
      }
    }
    Collections.sort(numbers);
    return numbers;
  }

  /** By age, which a merge keeps; then by number: the merge has what those have it was made of. */
  private List<Long> rowsOldestFirst() throws IOException {
    Map<Long, Long> ages = new HashMap<>();
    List<Long> numbers = numbers(".rows");
    for (long number : numbers) {
      try (MappedFile file = folder.disk().map(folder.rows(number))) {
        ages.put(number, SortedFile.ageOf(file, number));
      } catch (IOException | StaveException e) {
        ages.put(number, number); // told when its rows are read
      }
    }
    numbers.sort(Comparator.comparingLong((Long number) -> ages.getOrDefault(number, number)));
    return numbers;
  }

  private void salvageRows(long number) {
    Path path = folder.rows(number);
    try (MappedFile file = folder.disk().map(path);
        Bodies bodies = new Bodies()) {
      SortedFile.salvage(
          file,
          entry -> salvageRow(entry, bodies),
          at -> damages.add(new Damage(path, at, "a part cannot be read")));
    } catch (IOException e) {
      damages.add(new Damage(path, 0, "the file cannot be read: " + e.getMessage()));
    }
  }

  private void salvageRow(Entry entry, Bodies bodies) {
    byte[] row = entry.value();
    if (row == null || Segment.isDeletion(row)) {
      add(entry.key(), null);
      return;
    }
    Segment.Place place = Segment.Place.of(row);
    if (place == null) {
      add(entry.key(), Segment.valueOf(row));
      return;
    }
    try {
      add(entry.key(), bodies.get(place.file()).read(place.offset(), place.length()));
    } catch (CorruptStaveException e) {
      damages.add(e.damage());
    } catch (IOException | StaveException e) {
      damages.add(new Damage(folder.bodies(place.file()), place.offset(), "a body cannot be read"));
    }
  }

  /** The files of bodies of one segment, opened when asked for. */
  private final class Bodies implements AutoCloseable {
    private final Map<Long, BodyFile> open = new HashMap<>();

    BodyFile get(long number) throws IOException {
      BodyFile file = open.get(number);
      if (file == null) {
        file = BodyFile.openDamaged(folder.disk(), folder.bodies(number), number);
        file.retain();
        open.put(number, file);
      }
      return file;
    }

    @Override
    public void close() {
      open.values().forEach(BodyFile::release);
    }
  }

  private void salvageLog(long number) {
    Path path = folder.log(number);
    try {
      CommitLog.salvage(
          folder.disk(),
          path,
          commit -> commit.entries().forEach(entry -> add(entry.key(), entry.value())),
          at -> damages.add(new Damage(path, at, "commits cannot be read")));
    } catch (CorruptStaveException e) {
      damages.add(e.damage());
    } catch (IOException | StaveException e) {
      damages.add(new Damage(path, 0, "the log cannot be read: " + e.getMessage()));
    }
  }

  private void add(byte[] key, byte @Nullable [] value) {
    if (value == null) {
      batch.delete(key);
    } else {
      batch.put(key, value);
      batchBytes += value.length;
    }
    batchBytes += key.length;
    if (batchBytes >= BATCH_BYTES) {
      flush();
    }
  }

  private void flush() {
    target.commit(batch);
    batch = new StorageBatch();
    batchBytes = 0;
  }
}
