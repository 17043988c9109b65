package dev.stave.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Real files in a folder for each life of the machine. What the power leaves of one is the next:
 * what was synced, and any part of the rest, with writes torn at pages.
 */
final class SimulatedFiles implements SimulatedDisk.Medium {

  /** So small that there are segments to merge. */
  private static final long MEMTABLE_BYTES = 12_000;

  private static final StorageOptions OPTIONS =
      new StorageOptions(Durability.SYNC, 1 << 20, 1 << 30);

  private final Path root;
  private final Random random;
  private int lives;
  private Path folder;
  private RecordingDisk disk;
  private FileStorage storage;

  SimulatedFiles(long seed) {
    this.random = new Random(seed);
    try {
      this.root = Files.createTempDirectory("stave-simulation");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Storage mount() {
    try {
      Path next = root.resolve("life-" + lives++);
      if (disk == null) {
        Files.createDirectory(next);
      } else {
        cut();
        PowerCut left = new PowerCut(disk);
        disk.tape().forEach(left::pass);
        PowerCut.write(left.folder(PowerCut.Luck.SOME_KEPT, random), next);
        delete(folder);
      }
      folder = next;
      disk = new RecordingDisk(folder);
      storage = FileStorage.open(folder, OPTIONS, disk, MEMTABLE_BYTES);
      return storage;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void cut() {
    disk.killAfter(0);
    try {
      storage.close();
    } catch (StorageException e) {
      // it cannot write any more
    }
  }

  @Override
  public void compact() {
    storage.compact();
  }

  @Override
  public void drop() {
    try {
      delete(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path each : deepestFirst) {
        Files.delete(each);
      }
    }
  }
}
