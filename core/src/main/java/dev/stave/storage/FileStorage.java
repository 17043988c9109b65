package dev.stave.storage;

import static dev.stave.storage.StorageBatch.AFTER_LAST_KEY;
import static dev.stave.storage.StorageBatch.FIRST_KEY;

import dev.stave.concurrent.Batcher;
import dev.stave.concurrent.Uninterrupted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A storage in a folder: a commit log that makes each batch durable, a memtable of what is in the
 * log, and below it immutable segments.
 *
 * <p>A batch is appended to the log, then put into the memtable. A memtable that is full is frozen,
 * with its log; commits go on in the next one, while a thread writes the frozen one out as a
 * segment. Another thread merges segments. The manifest says which files count and is replaced as a
 * whole, so that a crash at any moment leaves the old set of files or the new one, and logs that
 * hold all that is not in a segment yet. Files are named by number, and numbers only grow.
 */
public final class FileStorage implements Storage {

  /*
   * Three locks, always taken in this order. commitLock: one batch at a time, held while the disk
   * syncs. The lock of the FileSet: one change of the files at a time, held while the manifest is
   * written. stateLock: the fields that snapshots read, held for a moment only, so that a reader
   * never waits for a disk.
   */
  private final Object commitLock = new Object();
  private final Object stateLock = new Object();

  /** The largest batch, as it is written: a record's length has 31 bits. */
  public static final long MAX_BATCH_BYTES = Integer.MAX_VALUE - 1_024;

  /** One byte of the memory in so many is for blocks of segments. */
  private static final int CACHE_SHARE = 16;

  /** Each fork ends a log; with more of them the memtable is written out. */
  private static final int MAX_OLDER_LOGS = 8;

  /** A file that comes from elsewhere has a smaller number: there is room for many more above. */
  private static final long MAX_NUMBER = 5_000_000_000L;

  /** A memtable, and the logs that have the same. */
  private record Frozen(Memtable memtable, LogChain.Sealed logs) {}

  private final Folder folder;
  private final StorageOptions options;
  private final FileSet files;
  private final BlockCache cache;
  private final boolean syncsEach;
  private final long memtableBytes;
  private final ExecutorService flusher;
  private final @Nullable ScheduledExecutorService syncer;
  private final MergeThread merges;
  private final Batcher<Commit> commits = new Batcher<>(this::commitTogether);
  private final Pace flushPace = new Pace(Long.MAX_VALUE);
  private final Pace mergePace;
  private final StorageCounters counters = new StorageCounters();
  private final Tables tables;

  // under commitLock
  private final LogChain logs; // the memtable is in it
  private @Nullable Future<?> flush;

  // under stateLock
  private Memtable memtable;
  private @Nullable Frozen frozen;
  private List<Segment> segments; // newest first
  private @Nullable RuntimeException failure;

  private volatile boolean closed;

  /**
   * Opens the storage in {@code path}, or begins one there if the folder is new or empty.
   *
   * @throws StorageException if the folder is in use, is something else, or cannot be written
   * @throws CorruptStaveException if a file of it is damaged
   */
  public static FileStorage open(Path path) {
    return open(path, StorageOptions.DEFAULT);
  }

  /** As {@link #open(Path)}, with options. */
  public static FileStorage open(Path path, StorageOptions options) {
    // two memtables, one of them frozen, and the buffers and the filter of a segment being written
    return open(path, options, new LocalDisk(), options.memoryBytes() * 3 / 8);
  }

  /** For tests that want many segments out of few rows, or another disk. */
  static FileStorage open(Path path, StorageOptions options, Disk disk, long memtableBytes) {
    return open(path, options, disk, memtableBytes, null);
  }

  /** What is in the logs, for who has made them just now. */
  private record Known(
      Memtable memtable, List<Manifest.Log> older, long log, CommitLog.Contents last) {}

  private static FileStorage open(
      Path path, StorageOptions options, Disk disk, long memtableBytes, @Nullable Known known) {
    Folder folder = Folder.open(path, disk);
    FileSet files = null;
    FileStorage storage = null;
    try {
      if (known == null) {
        begin(folder, options.durability());
      }
      BlockCache cache = new BlockCache(options.memoryBytes() / CACHE_SHARE);
      files = FileSet.open(folder, cache);
      Memtable[] memtable = {known == null ? Memtable.aboveSegments() : known.memtable()};
      Recovery recovery =
          known == null
              ? Recovery.of(
                  folder,
                  files.manifest(),
                  batch -> memtable[0] = memtable[0].with(batch.entries()))
              : Recovery.known(folder, known.older(), known.log(), known.last());
      storage =
          new FileStorage(folder, files, cache, options, memtableBytes, memtable[0], recovery);
      return storage;
    } catch (IOException e) {
      throw new StorageException("cannot open the database", path, e);
    } finally {
      if (storage == null) {
        if (files != null) {
          files.close();
        }
        folder.close();
      }
    }
  }

  /** Makes a new storage out of an empty folder. */
  private static void begin(Folder folder, Durability durability) throws IOException {
    if (Manifest.exists(folder.path())) {
      // a process that was killed may have left names that are not on the disk yet: what is
      // concluded from them, and deleted, must not outlive them
      folder.disk().syncFolder(folder.path());
      return;
    }
    LogChain.begin(folder, durability instanceof Durability.Sync);
  }

  private FileStorage(
      Folder folder,
      FileSet files,
      BlockCache cache,
      StorageOptions options,
      long memtableBytes,
      Memtable memtable,
      Recovery recovery)
      throws IOException {
    this.folder = folder;
    this.options = options;
    this.memtable = memtable;
    this.files = files;
    this.cache = cache;
    this.syncsEach = options.durability() instanceof Durability.Sync;
    this.memtableBytes = memtableBytes;
    this.segments = files.segments();
    this.mergePace = new Pace(options.mergeBytesPerSecond());
    this.tables = new FileTables(folder, files, cache, flushPace, mergePace, this::makeReady);
    Merger merger = new Merger(folder, files, mergePace, cache, this::setSegments);
    this.merges = new MergeThread(files, merger, mergePace, counters, this::fail, thread("merge"));
    this.flusher = thread("flush");
    this.logs = new LogChain(folder, files, syncsEach, flusher, recovery);
    this.syncer =
        options.durability() instanceof Durability.Interval every ? syncer(every.interval()) : null;
  }

  private ExecutorService thread(String work) {
    return Executors.newSingleThreadExecutor(task -> daemon(work, task));
  }

  private Thread daemon(String work, Runnable task) {
    Thread thread = new Thread(task, "stave-" + work + " " + folder.path().getFileName());
    thread.setDaemon(true);
    return thread;
  }

  private ScheduledExecutorService syncer(Duration every) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(task -> daemon("sync", task));
    long millis = every.toMillis();
    timer.scheduleWithFixedDelay(this::sync, millis, millis, TimeUnit.MILLISECONDS);
    return timer;
  }

  /** One commit that waits, and why it failed, if it did. */
  private static final class Commit {
    final StorageBatch batch;
    boolean done;
    @Nullable Throwable failure;

    Commit(StorageBatch batch) {
      this.batch = batch;
    }
  }

  @Override
  public void commit(StorageBatch batch) {
    if (batch.writtenBytes() > MAX_BATCH_BYTES) {
      throw new IllegalArgumentException(
          "a batch has at most "
              + MAX_BATCH_BYTES
              + " bytes, and this one "
              + batch.writtenBytes());
    }
    Commit mine = new Commit(batch);
    commits.submit(mine);
    throwOn(mine.failure);
    if (!mine.done) {
      throw new IllegalStateException("a commit came to no end: close the database and reopen it");
    }
  }

  /** Commits what waits: each batch for itself, and one wait for the disk for all. */
  private void commitTogether(Batcher.Source<Commit> waiting) {
    List<Commit> group = new ArrayList<>();
    List<StorageBatch> batches = new ArrayList<>();
    long bytes = 0;
    for (Commit next = waiting.next(); next != null; ) {
      group.add(next);
      batches.add(next.batch);
      bytes += next.batch.bytes();
      next = bytes < CommitLog.LARGE / 2 ? waiting.next() : null;
    }
    try {
      commit(batches);
      group.forEach(commit -> commit.done = true);
    } catch (RuntimeException | Error e) {
      group.forEach(commit -> commit.failure = e);
    }
  }

  /** As if so many threads had waited; for tests of such a group, too. */
  void commit(List<StorageBatch> batches) {
    synchronized (commitLock) {
      requireOpen();
      refuseIfFailed();
      logs.beginWriting();
      if (memtable.bytes() >= memtableBytes) {
        freeze(); // before the append: if it fails, nothing of these batches is anywhere
      }
      Memtable next = memtable;
      for (StorageBatch batch : batches) {
        next = next.with(batch.entries()); // before it is in the log, and may not fail
      }
      if (next.bytes() >= memtableBytes / 2) {
        logs.prepareNext(); // before the append, too: once it is in the log nothing may fail
      }
      counters.committed(logs.append(batches));
      synchronized (stateLock) {
        memtable = next;
      }
    }
  }

  /** Goes on with an empty memtable and the next log, while the full one becomes a segment. */
  private void freeze() {
    long began = System.nanoTime();
    awaitFlush();
    throwOn(logs.awaitNext());
    Frozen full = new Frozen(memtable, logs.next());
    synchronized (stateLock) {
      frozen = full;
      memtable = Memtable.aboveSegments();
    }
    flush = flusher.submit(() -> flushOrTell(full));
    counters.stalled(System.nanoTime() - began);
  }

  /** Waits until the memtable before is a segment; if it did not become one, tries it again. */
  private void awaitFlush() {
    if (flush != null) {
      Uninterrupted.failureOf(flush); // told already; what counts is whether it is a segment
      flush = null;
    }
    Frozen still = frozenNow();
    if (still != null) {
      flush = flusher.submit(() -> flushOrTell(still));
      throwOn(Uninterrupted.failureOf(flush));
    }
  }

  private LogChain.@Nullable Sealed sealed() {
    Frozen full = frozenNow();
    return full == null ? null : full.logs();
  }

  private @Nullable Frozen frozenNow() {
    synchronized (stateLock) {
      return frozen;
    }
  }

  private void throwOn(@Nullable Throwable why) {
    if (why instanceof IOException e) {
      throw new StorageException("cannot write a segment or a log", folder.path(), e);
    }
    if (why instanceof RuntimeException e) {
      throw e;
    }
    if (why instanceof Error e) {
      throw e;
    }
  }

  private @Nullable Void flushOrTell(Frozen full) throws IOException {
    try {
      flush(full);
      return null;
    } catch (IOException | RuntimeException | Error e) {
      counters.trouble(e);
      throw e;
    }
  }

  private void flush(Frozen full) throws IOException {
    boolean isOldest = files.segments().isEmpty(); // then a deletion has nothing to hide
    Memtable rows = full.memtable().collapsed();
    Segment written;
    try (SegmentWriter writer =
        new SegmentWriter(folder, files::takeNumber, rows.size(), flushPace, cache)) {
      writer.addAll(new MergedScan(rows.scans(FIRST_KEY, AFTER_LAST_KEY, false), false, !isOldest));
      written = writer.finish();
    }
    boolean isPublished = false;
    try {
      files.addFlushed(written, full.logs().numbers(), this::flushed);
      isPublished = true;
    } finally {
      if (!isPublished && written != null && !files.isUnclear()) {
        written.bodies().values().forEach(BodyFile::makeObsolete);
        written.replace();
      }
    }
    logs.drop(full.logs());
    merges.begin();
  }

  private void flushed() {
    synchronized (stateLock) {
      segments = files.segments();
      frozen = null;
    }
  }

  private void setSegments(List<Segment> next) {
    synchronized (stateLock) {
      segments = next;
    }
  }

  private void sync() {
    synchronized (commitLock) {
      if (!closed && !logs.isBroken()) {
        try {
          logs.sync();
        } catch (StorageException e) {
          counters.trouble(e); // the log takes no more: the next commit is refused
        }
      }
    }
  }

  @Override
  public StorageSnapshot snapshot() {
    synchronized (stateLock) {
      requireOpen();
      segments.forEach(Segment::retain);
      List<Memtable> memtables =
          frozen == null ? List.of(memtable) : List.of(memtable, frozen.memtable());
      return new Layers(memtables, segments, () -> {});
    }
  }

  @Override
  public Tables tables() {
    return tables;
  }

  /**
   * Before a table is begun or counts: files that nobody names stay from now on, and the rows that
   * the table was derived from are on the disk.
   */
  private void makeReady() {
    synchronized (commitLock) {
      requireOpen();
      refuseIfFailed();
      logs.beginWriting();
      logs.sync();
    }
  }

  /** What it holds, and what it has done since it was opened. */
  public StorageStats stats() {
    synchronized (stateLock) {
      requireOpen();
      long memory = memtable.bytes() + (frozen == null ? 0 : frozen.memtable().bytes());
      long notInSegments = logs.bytes() + (frozen == null ? 0 : frozen.logs().bytes());
      return counters.stats(
          files.manifest(), memory, flushPace.spent() + mergePace.spent(), notInSegments);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new StorageClosedException("the database is closed: " + folder.name());
    }
  }

  private void refuseIfFailed() {
    files.refuseIfUnclear(); // a commit would be acknowledged that only salvage may find
    synchronized (stateLock) {
      if (failure != null) {
        throw failure;
      }
    }
  }

  private void fail(RuntimeException e) {
    synchronized (stateLock) {
      failure = e;
    }
  }

  /**
   * Merges all that there is into one segment and copies the live bodies out of files that have
   * garbage. Commits and readers go on meanwhile.
   *
   * @throws StorageException if the disk refuses, for want of room for example; nothing is lost
   * @throws StorageClosedException if the storage is closed before it is done; nothing is lost
   */
  public void compact() {
    flush();
    try {
      throwOn(merges.mergeWhole());
    } catch (Pace.Stopped | RejectedExecutionException e) {
      requireOpen();
      throw e;
    }
  }

  /**
   * Copies what is committed now to a new folder, which can be opened as a storage of its own: by
   * second names of the same files, which costs no room and the same time whatever they weigh, or
   * by copying them if it is on another disk. Commits and readers go on meanwhile.
   *
   * @param target where nothing is yet, or an empty folder
   * @throws StorageException if it cannot be made; then nothing of it is there
   */
  public void checkpoint(Path target) {
    List<Segment> held = List.of();
    List<Table> heldTables = List.of();
    try (Checkpoint checkpoint = new Checkpoint(folder.disk(), target)) {
      Manifest manifest;
      try {
        synchronized (commitLock) {
          requireOpen();
          refuseIfFailed();
          logs.sync();
          files.hold(); // no log is recycled until those here are copied
          manifest = manifestNow();
          held = files.segments();
          held.forEach(Segment::retain);
          heldTables = files.retainedTables();
        }
        checkpoint.copyLogs(folder, manifest);
      } finally {
        files.release();
      }
      checkpoint.finish(folder, manifest);
    } catch (IOException e) {
      throw new StorageException("cannot make a checkpoint", target, e);
    } finally {
      held.forEach(Segment::release);
      heldTables.forEach(Table::release);
    }
  }

  /** What a fork is to begin with. */
  public interface Beginning {
    /**
     * Hands batches to {@code first}, given the rows as of the fork, and returns a note of one
     * line.
     */
    String write(StorageSnapshot rows, Consumer<StorageBatch> first);
  }

  /**
   * Makes a storage of its own in {@code target} out of what is committed now, and opens it, with
   * the options of this one. It has second names of the same files, which nobody writes any more,
   * and shares what is in memory: so it takes the same time, whatever they weigh. A crash leaves
   * all of it, or nothing. Commits and readers go on meanwhile.
   *
   * @param target where nothing is yet
   * @param beginning what it writes is in the fork too, and its note is kept, see {@link #note}
   * @throws StorageException if it cannot be made; then nothing of it is there
   */
  public FileStorage fork(Path target, Beginning beginning) {
    List<Table> heldTables = List.of();
    StorageSnapshot held = null;
    try (Checkpoint fork = new Checkpoint(folder.disk(), target)) {
      Manifest manifest;
      Memtable[] rows = new Memtable[1];
      long number;
      try {
        synchronized (commitLock) {
          requireOpen();
          refuseIfFailed();
          logs.beginWriting();
          endLogs();
          files.hold(); // no log goes until the fork has it
          number = files.takeNumber();
          Manifest last = files.manifest();
          manifest =
              new Manifest(
                  files.takeNumber(),
                  logs.ended(sealed()),
                  last.segments(),
                  last.bodies(),
                  last.tables());
          held = snapshot();
          Frozen full = frozenNow();
          rows[0] = full == null ? memtable : memtable.above(full.memtable());
          heldTables = files.retainedTables();
        }
        fork.takeLogs(folder, manifest);
      } finally {
        files.release();
      }
      String note;
      CommitLog log = fork.beginLog(folder.log(number));
      try (log) {
        note =
            beginning.write(
                held,
                batch -> {
                  log.append(List.of(batch));
                  rows[0] = rows[0].with(batch.entries());
                });
        log.finish();
      }
      List<Manifest.Log> older = manifest.logs();
      fork.finish(folder, manifest.with(new Manifest.Log(number, log.end()), note));
      logs.prepareNext(); // for the next fork
      Known known = new Known(rows[0], older, number, log.contents());
      boolean isOpen = false;
      try {
        FileStorage opened = open(target, options, folder.disk(), memtableBytes, known);
        isOpen = true;
        return opened;
      } finally {
        if (!isOpen) {
          fork.takeBack();
        }
      }
    } catch (IOException e) {
      throw new StorageException("cannot make a fork", target, e);
    } finally {
      heldTables.forEach(Table::release);
      if (held != null) {
        held.close();
      }
    }
  }

  /** From now on nothing is in the log that commits go into. */
  private void endLogs() {
    if (logs.isNewestEmpty()) {
      return;
    }
    if (logs.olderCount() < MAX_OLDER_LOGS) {
      throwOn(logs.awaitNext());
      logs.turn();
    } else {
      freeze(); // or each fork would cost a little more than the one before
    }
  }

  /**
   * The note with which the storage in {@code path}, which may be open, was forked; empty if it was
   * not, or there is none.
   *
   * @throws StorageException if it cannot be read
   * @throws CorruptStaveException if its manifest is damaged
   */
  public static Optional<String> note(Path path) {
    try {
      return Manifest.exists(path)
          ? Optional.ofNullable(Manifest.read(path).note())
          : Optional.empty();
    } catch (IOException e) {
      throw new StorageException("cannot read what this is a fork of", path, e);
    }
  }

  /** Where it is. */
  public Path path() {
    return folder.path();
  }

  /** What stays of a storage that takes the content of another one. */
  public interface Keep {
    /** Rows that the other one gets in addition; null if this one is to stay as it is. */
    @Nullable StorageBatch rows(StorageSnapshot own, StorageSnapshot theirs);
  }

  /**
   * Takes the content of the storage in {@code other}, which nobody has open, in the place of its
   * own. A crash leaves all of the one, or all of the other. Snapshots go on with what they have.
   *
   * @return false if nothing has changed: it was not wanted, or this storage has files of the same
   *     names
   * @throws StorageException if the disk refuses; then nothing has changed
   * @throws CorruptStaveException if {@code other} is damaged; then nothing has changed
   */
  public boolean replaceBy(Path other, Keep keep) {
    synchronized (commitLock) {
      requireOpen();
      refuseIfFailed();
      try (FileStorage opened = open(other, options, folder.disk(), options.memoryBytes() * 3 / 8);
          StorageSnapshot own = snapshot();
          StorageSnapshot theirs = opened.snapshot()) {
        StorageBatch rows = keep.rows(own, theirs);
        if (rows == null) {
          return false;
        }
        opened.files.passNumbers(files.manifest().next()); // of what an earlier attempt has left
        opened.commit(rows);
        opened.flush();
      }
      try {
        logs.beginWriting();
        Manifest manifest = Manifest.read(other);
        if (manifest.next() > MAX_NUMBER) {
          throw new CorruptStaveException("no file has such a number", other, 0);
        }
        if (Checkpoint.filesOf(manifest, folder).stream().anyMatch(Files::exists)) {
          return false;
        }
        files.passNumbers(manifest.next());
        for (int i = 0; i < 2; i++) { // a log that was made ahead may have one of their numbers
          freeze();
          awaitFlush();
        }
        replaceBy(other, manifest);
        return true;
      } catch (IOException e) {
        throw new StorageException("cannot take over a database", other, e);
      }
    }
  }

  private void replaceBy(Path other, Manifest manifest) throws IOException {
    List<Path> taken = new ArrayList<>();
    boolean isDone = false;
    try {
      for (Path file : Checkpoint.filesOf(manifest, folder)) {
        taken.add(file);
        Checkpoint.moveOrLink(folder.disk(), other.resolve(file.getFileName()), file);
      }
      files.replaceAll(manifest, cache, () -> setSegments(files.segments()));
      isDone = true;
    } finally {
      if (!isDone && !files.isUnclear()) {
        taken.forEach(file -> Folder.deleteQuietly(folder.disk(), file));
      }
    }
  }

  /** Returns when all that is committed is in segments. */
  void flush() {
    synchronized (commitLock) {
      requireOpen();
      refuseIfFailed();
      logs.beginWriting(); // it deletes what nobody names, so not beside a merge
      if (memtable.bytes() > 0) {
        freeze();
      }
      awaitFlush();
    }
  }

  /** What the manifest would say if the storage were closed now. */
  private Manifest manifestNow() {
    Manifest last = files.manifest();
    return new Manifest(
        files.takeNumber(), logs.named(sealed()), last.segments(), last.bodies(), last.tables());
  }

  @Override
  public void close() {
    synchronized (commitLock) {
      synchronized (stateLock) {
        if (closed) {
          return;
        }
        closed = true;
      }
      flushPace.stop();
      Uninterrupted.shutDown(flusher);
      merges.stop();
      try {
        logs.close(sealed());
      } finally {
        files.close();
        folder.close();
        if (syncer != null) {
          syncer.shutdown(); // without waiting: it may be waiting for the lock that is held here
        }
      }
    }
  }
}
