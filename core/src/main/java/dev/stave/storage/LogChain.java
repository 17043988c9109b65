package dev.stave.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The logs of a storage: the one that commits go into, those of before that hold what its memtable
 * has too, and the next one, made ahead.
 *
 * <p>Whoever commits calls it, one thread at a time; {@link #drop} and {@link #bytes} any thread.
 */
final class LogChain {

  /** Logs that take no more, oldest first, and what they weigh. The newest is still open. */
  record Sealed(List<Long> numbers, CommitLog newest, long bytes) {}

  private final Folder folder;
  private final FileSet files;
  private final SpareLog spare;
  private CommitLog log;
  private List<Long> numbers; // the newest of them log
  private volatile long bytes; // of all of them
  private boolean isWriting;

  /** Hands what is in the logs to {@code replay}. Logs are made ahead on {@code thread}. */
  LogChain(
      Folder folder,
      FileSet files,
      boolean syncsEach,
      ExecutorService thread,
      Consumer<StorageBatch> replay)
      throws IOException {
    this.folder = folder;
    this.files = files;
    this.spare = new SpareLog(folder, files, syncsEach, thread);
    Recovery recovery = Recovery.of(folder, files.manifest(), replay);
    this.numbers = recovery.numbers();
    this.bytes = recovery.bytes();
    for (Manifest.Log named : files.manifest().logs()) {
      if (named.end() == Manifest.OPEN && numbers.contains(named.number())) {
        CommitLog.sync(folder.disk(), folder.log(named.number())); // what was read counts from now
      }
    }
    this.log = CommitLog.resume(folder.disk(), recovery.newest(), syncsEach, recovery.last());
    try {
      folder.deleteAllBut(files.files());
    } catch (IOException e) {
      log.close();
      throw e;
    }
  }

  /** Makes the first log of a folder, and the manifest that names it. */
  static void begin(Folder folder, boolean syncsEach) throws IOException {
    folder.deleteAllBut(Set.of()); // what a crash in these very lines left
    CommitLog.create(folder.disk(), folder.log(1), syncsEach).close();
    folder.disk().syncFolder(folder.path());
    Manifest.beginning(new Manifest.Log(1, FileHeader.BYTES)).write(folder.disk(), folder.path());
  }

  /** Says in the manifest that the log is open, before the first record. */
  void beginWriting() {
    if (isWriting) {
      return;
    }
    try {
      files.setLogs(open(numbers));
      folder.deleteAllBut(files.files()); // a log that was made ahead, before the last crash
      isWriting = true;
    } catch (IOException e) {
      throw new StorageException("cannot write", folder.path(), e);
    }
  }

  private static List<Manifest.Log> open(List<Long> numbers) {
    return numbers.stream()
        .map(number -> new Manifest.Log(number, Manifest.OPEN))
        .collect(Collectors.toList());
  }

  /** As {@link CommitLog#append}. Returns how many bytes that made. */
  long append(List<StorageBatch> batches) {
    long before = log.end();
    log.append(batches);
    long written = log.end() - before;
    bytes += written;
    return written;
  }

  /** Begins to make the next log. */
  void prepareNext() {
    spare.prepare();
  }

  /** Waits until the next log is there. Returns why it cannot be made. */
  @Nullable Throwable awaitNext() {
    return spare.await();
  }

  /** Goes on in the next log, which is there. Returns those of until now. */
  Sealed next() {
    log.seal(); // if that fails, the spare stays: it is in the manifest, and must be the next
    Sealed sealed = new Sealed(numbers, log, bytes);
    SpareLog.Made next = spare.take();
    log = next.log();
    numbers = List.of(next.number());
    bytes = log.end();
    return sealed;
  }

  /** What is in them is in a segment, and the manifest names them no more. */
  void drop(Sealed sealed) {
    spare.retire(sealed.newest());
    for (long older : sealed.numbers().subList(0, sealed.numbers().size() - 1)) {
      Folder.deleteQuietly(folder.disk(), folder.log(older));
    }
  }

  /** What is in them that is in no segment yet, but for what is sealed. */
  long bytes() {
    return bytes;
  }

  /** Returns when all that was committed is on the disk. */
  void sync() {
    log.sync();
  }

  /** Whether it takes no more. */
  boolean isBroken() {
    return log.isBroken();
  }

  /** What the manifest would name if the storage were closed now. */
  List<Manifest.Log> named(@Nullable Sealed sealed) {
    List<Manifest.Log> named = new ArrayList<>();
    if (sealed != null) {
      named.addAll(ended(sealed.numbers(), sealed.newest()));
    }
    named.addAll(ended(numbers, log));
    return named;
  }

  /** Of logs of which the newest is in our hands, where that ends. The others say it themselves. */
  private static List<Manifest.Log> ended(List<Long> numbers, CommitLog newest) {
    int last = numbers.size() - 1;
    List<Manifest.Log> named = new ArrayList<>(open(numbers.subList(0, last)));
    named.add(new Manifest.Log(numbers.get(last), newest.end()));
    return named;
  }

  /** Leaves the newest log cut to its end, and a manifest that says where that is. */
  void close(@Nullable Sealed sealed) {
    boolean isWhole = isWriting && !log.isBroken() && !files.isUnclear();
    try {
      spare.close();
    } finally {
      try {
        if (sealed != null) {
          end(sealed.newest(), isWhole);
        }
      } finally {
        end(log, isWhole);
      }
    }
    if (isWhole) {
      try {
        files.setLogs(named(sealed));
        spare.delete();
      } catch (IOException | StorageException e) {
        // the log is whole, and the next opening finds its end by reading it
      }
    }
  }

  /** What is behind the end of a log says nothing: damage would not be seen there. */
  private static void end(CommitLog log, boolean isWhole) {
    if (isWhole) {
      log.finish();
    } else {
      log.close();
    }
  }
}
