package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/**
 * Any sequence of commits, snapshots, compactions, checkpoints and reopenings reads as a sorted map
 * does.
 *
 * <p>Strategy: few keys over few bytes, so that they meet; values on both sides of the size that is
 * kept apart; a memtable of a few rows, so that flushes and merges happen all the time. Invariant:
 * every snapshot, also one that outlived its storage, equals the map as it was when it was taken;
 * so does every checkpoint, and the folder as a kill would leave it. Compact, it holds no garbage.
 */
class StorageLaws {

  private static final int[] VALUE_SIZES = {0, 1, 5, 20, 511, 512, 513, 2_000};

  /** A put of a value of that size, by its place in VALUE_SIZES; if negative, a delete. */
  private record Write(byte[] key, int size, int seed) {}

  /** One thing that happens. */
  private interface Action {
    void run(Run run);
  }

  @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
  void fileStorage_anySequence_readsAsASortedMap(@ForAll("actions") List<Action> actions)
      throws IOException {
    Path folder = Files.createTempDirectory("stave-laws");
    try {
      check(actions, Optional.of(folder.resolve("copies")), () -> open(folder.resolve("db")));
    } finally {
      delete(folder);
    }
  }

  @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
  void memoryStorage_anySequence_readsAsASortedMap(@ForAll("actions") List<Action> actions) {
    MemoryStorage storage = new MemoryStorage();
    Storage neverClosed =
        new Storage() {
          @Override
          public void commit(StorageBatch batch) {
            storage.commit(batch);
          }

          @Override
          public StorageSnapshot snapshot() {
            return storage.snapshot();
          }

          @Override
          public Tables tables() {
            return storage.tables();
          }

          @Override
          public void close() {}
        };
    check(actions, Optional.empty(), () -> neverClosed);
  }

  private interface Opener {
    Storage open();
  }

  private static FileStorage open(Path folder) {
    return FileStorage.open(folder, StorageOptions.DEFAULT, new UnsyncedDisk(), 3_000);
  }

  private static void check(List<Action> actions, Optional<Path> copies, Opener opener) {
    try (Run run = new Run(opener, copies)) {
      actions.forEach(action -> action.run(run));
      run.takeSnapshot();
      run.checkSnapshots();
      run.checkCopies();
    }
  }

  /** A storage, what it should hold, and the snapshots that are open with what they should show. */
  private static final class Run implements AutoCloseable {
    private final Opener opener;
    private final StorageModel model = new StorageModel();
    private final List<StorageSnapshot> snapshots = new ArrayList<>();
    private final List<StorageModel> expected = new ArrayList<>();
    private final Optional<Path> copies;
    private final List<StorageModel> copied = new ArrayList<>();
    private Storage storage;

    Run(Opener opener, Optional<Path> copies) {
      this.opener = opener;
      this.copies = copies;
      this.storage = opener.open();
    }

    void takeSnapshot() {
      snapshots.add(storage.snapshot());
      expected.add(StorageModel.copyOf(model));
    }

    void commit(List<Write> writes) {
      StorageBatch batch = new StorageBatch();
      for (Write write : writes) {
        if (write.size() < 0) {
          batch.delete(write.key());
          model.delete(write.key());
        } else {
          byte[] value = StorageContract.noise(VALUE_SIZES[write.size()], write.seed());
          batch.put(write.key(), value);
          model.put(write.key(), value);
        }
      }
      storage.commit(batch);
    }

    void scan(byte[] from, byte[] to) {
      try (StorageSnapshot snapshot = storage.snapshot()) {
        model.assertSameScan(snapshot, from, to);
      }
      for (int i = 0; i < snapshots.size(); i++) {
        expected.get(i).assertSameScan(snapshots.get(i), from, to);
      }
    }

    void closeSnapshot(int any) {
      if (!snapshots.isEmpty()) {
        int i = any % snapshots.size();
        snapshots.remove(i).close();
        expected.remove(i);
      }
    }

    void reopen() {
      storage.close();
      storage = opener.open();
    }

    void compact() {
      if (storage instanceof FileStorage files) {
        files.compact();
        assertThat(files.stats().garbageBytes()).isZero();
        assertThat(files.stats().segments()).isLessThanOrEqualTo(1);
        assertThat(files.stats().rows()).isEqualTo(model.rows().size());
        long headers = (long) files.stats().bodyFiles() * FileHeader.BYTES;
        assertThat(files.stats().bodyBytes() - headers).isEqualTo(model.bodyBytes());
      }
    }

    void checkpoint() {
      if (storage instanceof FileStorage files) {
        files.checkpoint(copies.orElseThrow().resolve(Integer.toString(copied.size())));
        copied.add(StorageModel.copyOf(model));
      }
    }

    /** As a process finds it that opens it after this one was killed. */
    void kill() {
      if (storage instanceof FileStorage) {
        Path killed = copies.orElseThrow().resolve("killed");
        try {
          copyWhileQuiet(killed);
          try (FileStorage opened = open(killed)) {
            assertHolds(opened, model);
          }
          delete(killed);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    /** Files go and come while they are copied: then once more, as a killed disk stands still. */
    private void copyWhileQuiet(Path target) throws IOException {
      Path source = copies.orElseThrow().resolveSibling("db");
      byte[] before;
      byte[] after;
      do {
        delete(target);
        Files.createDirectories(target);
        before = Files.readAllBytes(source.resolve(Folder.MANIFEST));
        try (Stream<Path> files = Files.list(source)) {
          for (Path file : files.collect(Collectors.toList())) {
            Files.copy(file, target.resolve(file.getFileName()));
          }
          after = Files.readAllBytes(source.resolve(Folder.MANIFEST));
        } catch (NoSuchFileException e) {
          after = new byte[0];
        }
      } while (!Arrays.equals(before, after));
    }

    private static void assertHolds(Storage opened, StorageModel expected) {
      try (StorageSnapshot snapshot = opened.snapshot()) {
        expected.assertEqualTo(snapshot);
      }
    }

    void checkCopies() {
      for (int i = 0; i < copied.size(); i++) {
        try (FileStorage opened =
            StorageLaws.open(copies.orElseThrow().resolve(Integer.toString(i)))) {
          assertHolds(opened, copied.get(i));
        }
      }
    }

    void checkSnapshots() {
      for (int i = 0; i < snapshots.size(); i++) {
        expected.get(i).assertEqualTo(snapshots.get(i));
      }
    }

    @Override
    public void close() {
      snapshots.forEach(StorageSnapshot::close);
      storage.close();
    }
  }

  @Provide
  Arbitrary<List<Action>> actions() {
    Arbitrary<byte[]> key =
        Arbitraries.of((byte) 0, (byte) 'a', (byte) 'b', (byte) 0x7f, (byte) 0x80, (byte) 0xff)
            .array(byte[].class)
            .ofMaxSize(3);
    Arbitrary<Write> write =
        Combinators.combine(
                key,
                Arbitraries.integers().between(-3, VALUE_SIZES.length - 1),
                Arbitraries.integers().between(0, 99))
            .as(Write::new);
    Arbitrary<Action> commit =
        write.list().ofMinSize(1).ofMaxSize(6).map(w -> run -> run.commit(w));
    Arbitrary<Action> scan =
        Combinators.combine(key, key).as((from, to) -> run -> run.scan(from, to));
    Arbitrary<Action> closeSnapshot =
        Arbitraries.integers().between(0, 9).map(i -> run -> run.closeSnapshot(i));
    return Arbitraries.frequencyOf(
            Tuple.of(30, commit),
            Tuple.of(8, scan),
            Tuple.of(3, Arbitraries.<Action>just(Run::takeSnapshot)),
            Tuple.of(2, closeSnapshot),
            Tuple.of(2, Arbitraries.<Action>just(Run::checkSnapshots)),
            Tuple.of(1, Arbitraries.<Action>just(Run::compact)),
            Tuple.of(1, Arbitraries.<Action>just(Run::checkpoint)),
            Tuple.of(1, Arbitraries.<Action>just(Run::kill)),
            Tuple.of(1, Arbitraries.<Action>just(Run::reopen)))
        .list()
        .ofMinSize(20)
        .ofMaxSize(100);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
