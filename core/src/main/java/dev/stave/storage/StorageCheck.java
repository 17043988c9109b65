package dev.stave.storage;

import dev.stave.StaveException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads every byte of a storage's folder and writes none. */
public final class StorageCheck {

  /**
   * What was found.
   *
   * @param files how many were read
   * @param bytes how much was read
   * @param rows keys in segments and in the log
   * @param damages empty if all is well; at most one for each file
   */
  public record Report(int files, long bytes, long rows, List<Damage> damages) {
    public Report {
      damages = List.copyOf(damages);
    }
  }

  private final Folder folder;
  private final List<Damage> damages = new ArrayList<>();
  private final Set<Long> damagedBodies = new HashSet<>();
  private int files;
  private long bytes;
  private long rows;

  private StorageCheck(Folder folder) {
    this.folder = folder;
  }

  /**
   * Checks the storage in {@code path}, which nobody may have open.
   *
   * @throws StorageException if somebody has, or there is no storage
   */
  public static Report of(Path path) {
    try (Folder folder = Folder.openToRead(path)) {
      StorageCheck check = new StorageCheck(folder);
      check.run();
      return new Report(check.files, check.bytes, check.rows, check.damages);
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private void run() {
    Path file = folder.path().resolve(Folder.MANIFEST);
    List<Manifest> manifest = new ArrayList<>();
    List<StorageException> unreadable = new ArrayList<>();
    step(
        file,
        () -> {
          try {
            manifest.add(Manifest.read(folder.path()));
          } catch (StorageException e) {
            unreadable.add(e); // another version's, or another program's: that is no damage
          }
        });
    for (StorageException e : unreadable) {
      throw e;
    }
    manifest.forEach(this::check);
  }

  /** One file. Whatever is wrong with it, the others are looked at too. False if anything is. */
  private boolean step(Path file, Step step) {
    try {
      files++;
      bytes += Files.size(file);
      step.run();
      return true;
    } catch (CorruptStaveException e) {
      damages.add(e.damage());
    } catch (NoSuchFileException e) {
      damages.add(new Damage(file, 0, "the file is missing"));
    } catch (IOException e) {
      damages.add(new Damage(file, 0, "the file cannot be read: " + StorageException.reason(e)));
    } catch (StaveException e) {
      damages.add(new Damage(file, 0, String.valueOf(e.getMessage())));
    }
    return false;
  }

  private void check(Manifest manifest) {
    Recovery logs = new Recovery(folder, batch -> rows += batch.entries().size());
    boolean isWhole = true;
    for (Manifest.Log log : manifest.logs()) {
      isWhole &= step(folder.log(log.number()), () -> logs.read(log));
    }
    if (isWhole) {
      try {
        logs.last();
      } catch (CorruptStaveException e) {
        damages.add(e.damage());
      }
    }
    Map<Long, BodyFile> bodies = new HashMap<>();
    try {
      manifest
          .bodies()
          .values()
          .forEach(
              file -> {
                if (!step(folder.bodies(file.number()), () -> check(file, bodies))) {
                  damagedBodies.add(file.number());
                }
              });
      manifest
          .segments()
          .forEach(facts -> step(folder.rows(facts.number()), () -> check(facts, bodies)));
      manifest.tables().forEach(facts -> step(folder.table(facts.number()), () -> check(facts)));
    } finally {
      bodies.values().forEach(BodyFile::release);
    }
  }

  private void check(Manifest.Bodies facts, Map<Long, BodyFile> bodies) throws IOException {
    BodyFile file = BodyFile.open(folder.disk(), folder.bodies(facts.number()), facts.number());
    file.retain();
    bodies.put(facts.number(), file);
    requireSize(file.path(), file.size(), facts.size());
    file.check();
  }

  private void check(Manifest.Rows facts, Map<Long, BodyFile> bodies) throws IOException {
    try (SortedFile file =
        SortedFile.open(
            folder.disk(), folder.rows(facts.number()), facts.number(), new BlockCache(1 << 20))) {
      requireSize(file.path(), file.size(), facts.size());
      file.check(
          entry -> {
            rows++;
            byte[] row = entry.value();
            Segment.Place place = row == null ? null : Segment.Place.of(row);
            if (place != null) {
              check(place, file.path(), bodies);
            }
          });
    }
  }

  private void check(Manifest.TableFile facts) throws IOException {
    Path path = folder.table(facts.number());
    try (SortedFile file =
        SortedFile.open(folder.disk(), path, facts.number(), new BlockCache(1 << 20))) {
      requireSize(path, file.size(), facts.size());
      file.check(entry -> {});
    }
  }

  private void check(Segment.Place place, Path rows, Map<Long, BodyFile> bodies) {
    if (damagedBodies.contains(place.file())) {
      return; // told already, and the rows may be whole
    }
    BodyFile file = bodies.get(place.file());
    if (file == null) {
      throw new CorruptStaveException(
          "a row points into a file of bodies that is not there: " + place.file(), rows, 0);
    }
    file.read(place.offset(), place.length());
  }

  private static void requireSize(Path file, long size, long expected) {
    if (size != expected) {
      throw new CorruptStaveException(
          "the file has not the size that the manifest says: " + expected, file, size);
    }
  }
}
