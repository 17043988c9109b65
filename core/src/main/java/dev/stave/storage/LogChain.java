package dev.stave.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The logs of a storage: the one that commits go into, those of before that hold what its memtable
 * has too, and the next one, made ahead.
 *
 * <p>Whoever commits calls it, one thread at a time; {@link #drop} and {@link #bytes} any thread.
 */
final class LogChain {

  /** Logs that take no more, and what they weigh. The newest is still open. */
  record Sealed(List<Manifest.Log> older, long number, CommitLog newest, long bytes) {

    List<Long> numbers() {
      List<Long> numbers = new ArrayList<>();
      older.forEach(log -> numbers.add(log.number()));
      numbers.add(number);
      return numbers;
    }
  }

  private final Folder folder;
  private final FileSet files;
  private final SpareLog spare;
  private CommitLog log;
  private long number; // of log
  private List<Manifest.Log> older; // sealed, oldest first, and their files end where they do
  private volatile long bytes; // of all of them
  private boolean isWriting;

  /** Goes on where {@code recovery} ends. Logs are made ahead on {@code thread}. */
  LogChain(
      Folder folder, FileSet files, boolean syncsEach, ExecutorService thread, Recovery recovery)
      throws IOException {
    this.folder = folder;
    this.files = files;
    this.spare = new SpareLog(folder, files, syncsEach, thread);
    this.number = recovery.number();
    this.older = List.copyOf(recovery.older());
    this.bytes = recovery.bytes();
    for (Manifest.Log named : files.manifest().logs()) {
      if (named.end() == Manifest.OPEN) { // what was read counts from now
        for (Manifest.Log sealed : older) {
          if (sealed.number() == named.number()) {
            CommitLog.cutToEnd(folder.disk(), folder.log(named.number()), sealed.end());
          }
        }
        if (named.number() == number) {
          CommitLog.sync(folder.disk(), recovery.newest());
        }
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
      files.setLogs(named(Manifest.OPEN));
      folder.deleteAllBut(files.files()); // a log that was made ahead, before the last crash
      isWriting = true;
    } catch (IOException e) {
      throw new StorageException("cannot write", folder.path(), e);
    }
  }

  private List<Manifest.Log> named(long end) {
    return with(older, new Manifest.Log(number, end));
  }

  private static List<Manifest.Log> with(List<Manifest.Log> older, Manifest.Log newest) {
    List<Manifest.Log> all = new ArrayList<>(older);
    all.add(newest);
    return all;
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
    Sealed sealed = new Sealed(older, number, log, bytes);
    older = List.of();
    goOn();
    bytes = log.end();
    return sealed;
  }

  private void goOn() {
    SpareLog.Made next = spare.take();
    log = next.log();
    number = next.number();
  }

  /** Whether nothing is in the newest log, so that the older ones hold all there is. */
  boolean isNewestEmpty() {
    return log.end() == FileHeader.BYTES;
  }

  /** How many logs are sealed and hold what the memtable has. */
  int olderCount() {
    return older.size();
  }

  /**
   * Goes on in the next log, which is there, with the same memtable. What was committed until now
   * is in logs that nobody writes any more.
   */
  void turn() {
    log.sealAndFinish(); // as in next()
    older = named(log.end());
    goOn();
    bytes += log.end();
  }

  /** What is in them is in a segment, and the manifest names them no more. */
  void drop(Sealed sealed) {
    spare.retire(sealed.newest());
    for (Manifest.Log log : sealed.older()) {
      Folder.deleteQuietly(folder.disk(), folder.log(log.number()));
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
      named.addAll(with(sealed.older(), new Manifest.Log(sealed.number(), sealed.newest().end())));
    }
    named.addAll(named(log.end()));
    return named;
  }

  /** What {@link #named} says of the logs that take no more, when the newest is empty. */
  List<Manifest.Log> ended(@Nullable Sealed sealed) {
    if (sealed != null) {
      sealed.newest().finish(); // its file is not to become another log's
    }
    List<Manifest.Log> named = named(sealed);
    return named.subList(0, named.size() - 1);
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
