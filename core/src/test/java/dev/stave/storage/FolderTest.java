package dev.stave.storage;

import static dev.stave.storage.StorageContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stave.StaveException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that cannot be opened: each says so in one line. Mounts are tried where permitted. */
class FolderTest {

  @TempDir Path folder;

  private static StorageBatch batch(String key, int size) {
    StorageBatch batch = new StorageBatch();
    batch.put(bytes(key), StorageContract.noise(size, key.hashCode()));
    return batch;
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> FileStorage.open(path).close())
        .isInstanceOf(StaveException.class)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.toList());
    }
  }

  @Test
  void open_folderThatIsNotThere_isMadeWithItsParents() {
    Path deep = folder.resolve("a/b/c");

    FileStorage.open(deep).close();

    assertThat(deep.resolve("MANIFEST")).exists();
  }

  @Test
  void open_linkToAFolder_isThatFolder() throws IOException {
    Path target = Files.createDirectory(folder.resolve("target"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);

    FileStorage.open(link).close();

    assertThat(target.resolve("MANIFEST")).exists();
  }

  @Test
  void open_openInThisProcess_isRefused() {
    try (FileStorage open = FileStorage.open(folder)) {
      assertRefused(
          folder, "the database is open already, here or in another process: file=" + folder);
      open.commit(batch("a", 1));
    }
    FileStorage.open(folder).close();
  }

  /** A refused second opening closed its descriptor of LOCK, and with it dropped the lock. */
  @Test
  void open_refusedInThisProcess_staysLockedForOthers() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("db"));
    try (FileStorage open = FileStorage.open(folder.resolve("db"))) {
      assertRefused(folder.resolve("db"), "the database is open already");
      assertRefused(link, "the database is open already");

      Process other = holderOf(folder.resolve("db"));
      try {
        assertThat(other.inputReader().readLine()).contains("the database is open already");
      } finally {
        other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
      open.commit(batch("a", 1));
    }
  }

  @Test
  void open_openInAnotherProcess_isRefusedUntilThatOneEnds() throws Exception {
    Process holder = holderOf(folder);
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("open");

      assertRefused(folder, "the database is open already");
    } finally {
      holder.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    FileStorage.open(folder).close();
  }

  private static Process holderOf(Path path) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            path.toString())
        .redirectErrorStream(true)
        .start();
  }

  /** Opens a storage and waits to be killed. */
  static final class Holder {
    public static void main(String[] args) throws InterruptedException {
      try (FileStorage storage = FileStorage.open(Path.of(args[0]))) {
        storage.commit(batch("held", 1));
        System.out.println("open");
        Thread.sleep(60_000);
      }
    }
  }

  @Test
  void open_folderOfSomethingElse_isRefusedAndLeftAlone() throws IOException {
    Files.write(folder.resolve("holiday.jpg"), bytes("a picture"));

    assertRefused(folder, "not a Stave database: the folder holds other files and no MANIFEST");

    assertThat(names()).containsExactly("holiday.jpg");
  }

  @Test
  void open_fileInsteadOfAFolder_isRefused() throws IOException {
    Path file = Files.write(folder.resolve("file"), bytes("text"));

    assertRefused(file, "not a folder: file=" + file);
    assertRefused(file.resolve("below"), "not a folder: file=" + file);
  }

  @Test
  void open_manifestLost_isRefusedAndNothingIsDeleted() throws IOException {
    try (FileStorage storage = StorageContract.open(folder, 1)) {
      storage.commit(batch("a", 10));
      storage.commit(batch("b", 10));
    }
    Files.delete(folder.resolve("MANIFEST"));
    List<String> before = names();

    assertRefused(folder, "the MANIFEST is lost");
    assertRefused(folder, "the MANIFEST is lost");

    assertThat(names()).isEqualTo(before);
  }

  @Test
  void open_manifestLostAndOnlyALogThere_isRefused() throws IOException {
    try (FileStorage storage = FileStorage.open(folder)) {
      storage.commit(batch("a", 10));
    }
    Files.delete(folder.resolve("MANIFEST"));

    assertRefused(folder, "the MANIFEST is lost");
  }

  @Test
  void open_whatACrashInTheFirstOpeningLeft_beginsAnew() throws IOException {
    FileStorage.open(folder).close();
    Files.move(folder.resolve("MANIFEST"), folder.resolve("MANIFEST.tmp"));

    FileStorage.open(folder).close();

    assertThat(names()).containsExactly("0000000001.log", "LOCK", "MANIFEST");
  }

  @Test
  void open_fileOfTheManifestMissing_isRefusedByItsName() throws IOException {
    try (FileStorage storage = StorageContract.open(folder, 1)) {
      storage.commit(batch("a", 10));
      storage.commit(batch("b", 10));
    }
    for (String name : names()) {
      if (name.startsWith("0")) {
        Path aside = Files.move(folder.resolve(name), folder.resolve("aside.tmp"));
        assertRefused(folder, name);
        Files.move(aside, folder.resolve(name));
      }
    }
    FileStorage.open(folder).close();
  }

  @Test
  void open_strayFilesOfACrash_areDeleted() throws IOException {
    FileStorage.open(folder).close();
    for (String stray : List.of("0000000007.rows", "0000000007.bodies", "0000000006.log")) {
      Files.write(folder.resolve(stray), bytes("half"));
    }
    Files.write(folder.resolve("notes.txt"), bytes("the user's"));

    FileStorage.open(folder).close();

    assertThat(names()).containsExactly("0000000001.log", "LOCK", "MANIFEST", "notes.txt");
  }

  /** Every {@code *.tmp} was taken for a half-written manifest and deleted. */
  @Test
  void open_temporaryFileOfSomeoneElse_isNotTouched() throws IOException {
    FileStorage.open(folder).close();
    Files.write(folder.resolve("letter.tmp"), bytes("the user's"));
    Files.write(folder.resolve("MANIFEST.tmp"), bytes("half"));

    FileStorage.open(folder).close();

    assertThat(names()).containsExactly("0000000001.log", "LOCK", "MANIFEST", "letter.tmp");
  }

  /**
   * The manifest was looked for before the lock was taken, so that an opening that came upon
   * another process's first one took the manifest for lost.
   */
  @Test
  void open_anotherProcessIsBeginningIt_isRefusedAsOpen() throws Exception {
    Process holder = holderOf(folder);
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("open");
      Files.delete(folder.resolve("MANIFEST"));

      assertRefused(folder, "the database is open already");
    } finally {
      holder.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    assertRefused(folder, "the MANIFEST is lost");
  }

  @Test
  void commit_onAnInterruptedThread_flushesAndStaysInterrupted() {
    try (FileStorage storage = StorageContract.open(folder, 1)) {
      Thread.currentThread().interrupt();
      for (int i = 0; i < 10; i++) {
        storage.commit(batch("key " + i, 100));
      }
      assertThat(Thread.interrupted()).isTrue();
      storage.commit(batch("last", 100));
    } finally {
      Thread.interrupted();
    }
    try (FileStorage storage = FileStorage.open(folder);
        StorageSnapshot snapshot = storage.snapshot()) {
      assertThat(snapshot.get(bytes("key 9"))).hasSize(100);
      assertThat(snapshot.get(bytes("last"))).hasSize(100);
    }
  }

  @Test
  void open_readOnlyFolder_isRefused() throws Exception {
    FileStorage.open(folder).close();
    mount("-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", folder.toString());
    try {
      assertRefused(folder, "a database needs a folder that it may write to");
    } finally {
      unmount();
    }
  }

  /** Reading took the LOCK only where it may be written, and went on beside a writer elsewhere. */
  @Test
  void read_ofAFolderThatMayNotBeWritten_isRefusedWhileAnotherProcessWrites() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Path view = Files.createDirectory(folder.resolve("view"));
    Process holder = holderOf(data.resolve("db"));
    boolean mounted = false;
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("open");
      mount("--bind", data.toString(), view.toString());
      mounted = true;
      mount("-o", "remount,ro,bind", view.toString());

      assertThatThrownBy(() -> ClosedStorage.open(view.resolve("db")).close())
          .hasMessageContaining("the database is open already");
      holder.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

      try (ClosedStorage storage = ClosedStorage.open(view.resolve("db"));
          StorageSnapshot snapshot = storage.snapshot()) {
        assertThat(snapshot.get(bytes("held"))).hasSize(1);
      }
      assertThat(StorageCheck.of(view.resolve("db")).damages()).isEmpty();
    } finally {
      holder.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      if (mounted) {
        assertThat(run("umount", "-l", view.toString())).isZero();
      }
    }
  }

  @Test
  void commit_diskFull_keepsWhatWasAcknowledgedAndGoesOnWhenThereIsRoom() throws Exception {
    mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", folder.toString());
    try {
      Path ballast = Files.write(folder.resolve("ballast.tmp"), new byte[500_000]);
      int acknowledged = 0;
      try (FileStorage storage = StorageContract.open(folder.resolve("db"), 100_000)) {
        acknowledged = fill(storage, 0);
        assertThat(acknowledged).isGreaterThan(50);
        assertThatThrownBy(() -> storage.commit(batch("more than a merge can free", 1_500_000)))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("make room and try again");
        assertHolds(storage, acknowledged);

        Files.delete(ballast);
        int more = fill(storage, acknowledged);
        assertThat(more).isGreaterThan(acknowledged + 5);
        acknowledged = more;
        assertHolds(storage, acknowledged);
      }
      try (FileStorage storage = StorageContract.open(folder.resolve("db"), 100_000)) {
        assertHolds(storage, acknowledged);
      }
    } finally {
      unmount();
    }
  }

  /** Commits until the disk is full. Returns how many rows there are then. */
  private static int fill(FileStorage storage, int from) {
    for (int i = from; ; i++) {
      try {
        storage.commit(batch("key " + i, 7_000));
      } catch (StorageException e) {
        assertThat(e.getMessage()).contains("No space left").doesNotContain("\n");
        return i;
      }
    }
  }

  private static void assertHolds(FileStorage storage, int rows) {
    try (StorageSnapshot snapshot = storage.snapshot()) {
      for (int i = 0; i < rows; i++) {
        byte[] expected = StorageContract.noise(7_000, ("key " + i).hashCode());
        assertThat(snapshot.get(bytes("key " + i))).as("key %s", i).isEqualTo(expected);
      }
      assertThat(snapshot.get(bytes("key " + rows))).isNull();
    }
  }

  /** Skips the test, aloud, where this user may not mount. */
  private static void mount(String... arguments) throws Exception {
    boolean mounted = run("mount", arguments) == 0;
    if (!mounted) {
      System.err.println("FolderTest: may not mount a file system here, so this is not tested");
    }
    assumeTrue(mounted, "may not mount");
  }

  private void unmount() throws Exception {
    assertThat(run("umount", "-l", folder.toString())).isZero();
  }

  private static int run(String command, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor();
    } catch (IOException e) {
      return -1; // no such command
    }
  }

  /** What a folder could not tell half way came out as an unchecked exception without its name. */
  @Test
  void list_folderThatFailsHalfWay_isAnIoException() {
    IOException cause = new IOException("as if the disk failed");
    DirectoryStream<Path> failing =
        new DirectoryStream<>() {
          @Override
          public Iterator<Path> iterator() {
            return new Iterator<>() {
              @Override
              public boolean hasNext() {
                throw new DirectoryIteratorException(cause);
              }

              @Override
              public Path next() {
                throw new NoSuchElementException();
              }
            };
          }

          @Override
          public void close() {
            // nothing is open
          }
        };

    assertThatThrownBy(() -> Folder.list(failing)).isSameAs(cause);
  }

  /** The one who lost the race to make the folder said that it was none. */
  @Test
  void open_newFolderByTwoAtOnce_isOpenedByOneAndOpenAlreadyForTheOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 100; i++) {
        Path deep = folder.resolve("round " + i + "/a/b");
        CyclicBarrier start = new CyclicBarrier(2);
        Callable<String> opening =
            () -> {
              start.await();
              try (FileStorage storage = FileStorage.open(deep)) {
                return "opened";
              } catch (StorageException e) {
                return e.getMessage();
              }
            };
        for (Future<String> outcome : threads.invokeAll(List.of(opening, opening))) {
          assertThat(outcome.get())
              .satisfiesAnyOf(
                  said -> assertThat(said).isEqualTo("opened"),
                  said -> assertThat(said).contains("the database is open already"));
        }
      }
    } finally {
      threads.shutdown();
    }
  }

  /** A file of someone else whose name ends as ours do ended it. */
  @Test
  void salvage_manifestLostAndForeignFilesBeside_takesWhatIsOurs() throws IOException {
    try (FileStorage storage = StorageContract.open(folder, 1)) {
      storage.commit(batch("a", 10));
      storage.commit(batch("b", 10));
    }
    Files.write(folder.resolve("MANIFEST"), new byte[512]);
    Files.write(folder.resolve("server.log"), bytes("the user's"));
    Files.write(folder.resolve("corn.rows"), bytes("the user's"));

    try (MemoryStorage saved = new MemoryStorage()) {
      List<Damage> damages = StorageSalvage.copy(folder, saved);

      assertThat(damages).extracting(Damage::file).containsExactly(folder.resolve("MANIFEST"));
      assertThat(saved.rowsHeld()).isEqualTo(2);
    }
  }

  @Test
  void checkpoint_folderOfSomeoneElseWhereItIsMade_isLeftAlone() throws IOException {
    Path letters = Files.createDirectory(folder.resolve("copy.partial")).resolve("letter.txt");
    Files.write(letters, bytes("the user's"));
    try (FileStorage storage = FileStorage.open(folder.resolve("db"))) {
      assertThatThrownBy(() -> storage.checkpoint(folder.resolve("copy")))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("copy.partial, which holds other files");
    }

    assertThat(letters).hasContent("the user's");
  }

  /** A length is not under the checksum, and an array was made for whatever it said. */
  @Test
  void check_lengthOfABodyDamaged_isDamage() throws IOException {
    try (FileStorage storage = FileStorage.open(folder)) {
      storage.commit(batch("a", 5_000));
      storage.compact();
    }
    for (String name : names()) {
      if (name.endsWith(".bodies")) {
        byte[] bytes = Files.readAllBytes(folder.resolve(name));
        for (int i = 0; i < 4; i++) {
          bytes[FileHeader.BYTES + i] = (byte) (i == 0 ? 0x7f : 0xff);
        }
        Files.write(folder.resolve(name), bytes);
      }
    }

    assertThat(StorageCheck.of(folder).damages()).hasSize(1);
  }

  /** By number a merge of older segments was newer than what had been written before it. */
  @Test
  void salvage_manifestLostAfterOlderSegmentsWereMerged_takesTheNewestRows() throws Exception {
    try (FileStorage storage = StorageContract.open(folder, 1)) {
      for (int size = 1; size <= 3; size++) {
        storage.commit(batch("a", size));
      }
      storage.commit(new StorageBatch());
      while (storage.stats().segments() < 3) {
        Thread.sleep(1);
      }
    }
    try (Folder locked = Folder.open(folder, new UnsyncedDisk())) {
      BlockCache cache = new BlockCache(0);
      FileSet files = FileSet.open(locked, cache);
      Pace pace = new Pace(Long.MAX_VALUE);
      new Merger(locked, files, pace, cache, segments -> {})
          .merge(manifest -> Optional.of(new MergePlan(1, 3, Set.of())));
      files.close();
    }
    Files.write(folder.resolve("MANIFEST"), new byte[512]);

    try (MemoryStorage saved = new MemoryStorage()) {
      StorageSalvage.copy(folder, saved);

      try (StorageSnapshot snapshot = saved.snapshot()) {
        assertThat(snapshot.get(bytes("a"))).hasSize(3);
      }
    }
  }
}
