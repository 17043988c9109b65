package dev.stave.storage;

import dev.stave.StaveException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A storage in a folder: a commit log that makes each batch durable, a memtable of what is in the
 * log, and below it immutable segments, which are MapDB sorted tables.
 *
 * <p>How it works: a batch is appended to the log and synced, then put into the memtable. A
 * memtable that is full becomes a segment, and a new log begins. A thread of the storage's own
 * merges segments of like size. The manifest says which files count and is replaced as a whole, so
 * that a crash at any moment leaves the old set of files or the new one, and a log that holds all
 * that is not in a segment yet. Files are named by number, and numbers only grow.
 */
public final class MapDbStorage implements Storage {

  /*
   * Three locks, always taken in this order. commitLock: one batch at a time, held while the disk
   * syncs. manifestLock: one change of the set of files at a time, held while the manifest is
   * written. stateLock: the fields that snapshots read, held for a moment only, so that a reader
   * never waits for a disk.
   */
  private final Object commitLock = new Object();
  private final Object manifestLock = new Object();
  private final Object stateLock = new Object();

  /** A memtable of this much heap is written out. */
  static final long MEMTABLE_BYTES = 24L << 20;

  /** Every key lies from the one (included) to the other (excluded). */
  private static final byte[] FIRST_KEY = {};

  private static final byte[] AFTER_LAST_KEY = new byte[StorageBatch.MAX_KEY_BYTES + 1];

  static {
    Arrays.fill(AFTER_LAST_KEY, (byte) 0xff);
  }

  private final Folder folder;
  private final long memtableBytes;
  private final ExecutorService merger;

  private CommitLog log;
  private Manifest manifest;
  private long nextNumber;

  private Memtable memtable = new Memtable();
  private List<Segment> segments; // newest first
  private long version;
  private @Nullable RuntimeException failure;
  private volatile boolean closed;

  /**
   * Opens the storage in {@code path}, or begins one there if the folder is new or empty.
   *
   * @throws StorageException if the folder is in use, is something else, or cannot be written
   * @throws CorruptStaveException if a file of it is damaged
   */
  public static MapDbStorage open(Path path) {
    return open(path, MEMTABLE_BYTES);
  }

  /** For tests that want many segments out of few rows. */
  static MapDbStorage open(Path path, long memtableBytes) {
    Folder folder = Folder.open(path);
    List<Segment> segments = new ArrayList<>();
    MapDbStorage storage = null;
    try {
      storage = new MapDbStorage(folder, segments, memtableBytes);
      return storage;
    } catch (IOException e) {
      throw new StorageException("cannot open the database", path, e);
    } finally {
      if (storage == null) {
        segments.forEach(Segment::release);
        folder.close();
      }
    }
  }

  /** Puts the segments into {@code segments} as it opens them. */
  private MapDbStorage(Folder folder, List<Segment> segments, long memtableBytes)
      throws IOException {
    this.folder = folder;
    this.segments = segments;
    this.memtableBytes = memtableBytes;
    if (!Manifest.exists(folder)) {
      folder.deleteAllBut(List.of()); // what a crash in these very lines left
      CommitLog.create(folder.log(1)).close();
      folder.sync();
      new Manifest(1, List.of()).write(folder);
    }
    this.manifest = Manifest.read(folder);
    this.nextNumber = manifest.nextNumber();
    for (long number : manifest.segments()) {
      segments.add(Segment.open(folder, number));
    }
    this.log =
        CommitLog.open(
            folder.log(manifest.log()), batch -> memtable.put(batch.entries(), ++version));
    try {
      folder.deleteAllBut(liveFiles());
    } catch (IOException e) {
      log.close();
      throw e;
    }
    this.merger =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "stave-merge " + folder.path().getFileName());
              thread.setDaemon(true);
              return thread;
            });
  }

  private List<Path> liveFiles() {
    List<Path> live = new ArrayList<>();
    live.add(folder.log(manifest.log()));
    for (long number : manifest.segments()) {
      live.add(folder.table(number));
      live.add(folder.values(number));
    }
    return live;
  }

  @Override
  public void commit(StorageBatch batch) {
    synchronized (commitLock) {
      requireOpen();
      refuseIfFailed();
      if (memtable.bytes() > memtableBytes) {
        flushApart(); // before the append: if it fails, nothing of this batch is anywhere
      }
      log.append(batch);
      try {
        memtable.put(batch.entries(), version + 1); // no snapshot sees it yet
      } catch (RuntimeException | Error e) {
        fail( // or the next commit, of the same version, would show half of this one
            new StorageException(
                "a batch is in the log but not in memory: close the database and reopen it",
                folder.path()));
        throw e;
      }
      synchronized (stateLock) {
        version++;
      }
    }
  }

  @Override
  public StorageSnapshot snapshot() {
    synchronized (stateLock) {
      requireOpen();
      segments.forEach(Segment::retain);
      return new Layers(memtable, version, segments, () -> {});
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new StorageClosedException("the database is closed: " + folder.path());
    }
  }

  private void refuseIfFailed() {
    synchronized (stateLock) {
      if (failure != null) {
        throw failure;
      }
    }
  }

  /**
   * Flushes on a thread of its own, and waits: the caller's may be interrupted, and the channels
   * that map a file or sync a folder close themselves on such a thread.
   */
  private void flushApart() {
    FutureTask<?> flush = new FutureTask<>(Executors.callable(this::flush));
    new Thread(flush, "stave-flush " + folder.path().getFileName()).start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          flush.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause(); // a Runnable throws no other
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Turns the memtable into a segment and begins a new log. */
  private void flush() {
    long number = takeNumbers(2);
    CommitLog fresh = null;
    Segment written = null;
    boolean published = false;
    try {
      fresh = CommitLog.create(folder.log(number));
      Iterator<Entry> rows = memtable.scan(FIRST_KEY, AFTER_LAST_KEY, version, false);
      written = Segment.write(folder, number + 1, rows);
      CommitLog old = log;
      Memtable empty = new Memtable();
      synchronized (manifestLock) {
        List<Segment> grown = new ArrayList<>(segments);
        grown.add(0, written);
        publish(number, grown);
        published = true;
        synchronized (stateLock) {
          segments = grown;
          memtable = empty;
          log = fresh;
        }
      }
      old.delete();
    } catch (IOException e) {
      throw new StorageException("cannot write a segment", folder.path(), e);
    } finally {
      if (!published && !hasFailed()) {
        if (fresh != null) {
          fresh.delete();
        }
        if (written != null) {
          written.replace();
        }
      }
    }
    merger.execute(this::mergeAll);
  }

  private void mergeAll() {
    try {
      boolean merged = true;
      while (merged && !closed) {
        merged = mergeOnce();
      }
    } catch (IOException e) {
      // No room for the merged segment. What is there stays right, and the next flush tries again.
    } catch (MergeStopped e) {
      // The storage is being closed.
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private boolean mergeOnce() throws IOException {
    List<Segment> all;
    synchronized (stateLock) {
      all = segments;
    }
    Optional<MergePlan> plan =
        MergePlan.of(all.stream().map(Segment::size).collect(Collectors.toList()));
    if (!plan.isPresent()) {
      return false;
    }
    List<Segment> old = all.subList(plan.get().from(), plan.get().to());
    boolean oldestAmongThem = plan.get().to() == all.size();
    List<Iterator<Entry>> layers = old.stream().map(Segment::all).collect(Collectors.toList());
    Iterator<Entry> rows = stopWhenClosed(new MergedScan(layers, false, !oldestAmongThem));
    Segment merged = rows.hasNext() ? Segment.write(folder, takeNumbers(1), rows) : null;
    synchronized (manifestLock) {
      List<Segment> next = new ArrayList<>(segments); // a flush may have added one meanwhile
      int at = next.indexOf(old.get(0));
      next.subList(at, at + old.size()).clear();
      if (merged != null) {
        next.add(at, merged);
      }
      try {
        publish(manifest.log(), next);
      } catch (IOException e) {
        if (merged != null) {
          merged.replace(); // by nothing: it would only fill the disk further
        }
        throw e;
      }
      synchronized (stateLock) {
        segments = next;
      }
    }
    old.forEach(Segment::replace);
    return true;
  }

  private static final class MergeStopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private Iterator<Entry> stopWhenClosed(Iterator<Entry> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Entry next() {
        if (closed) {
          throw new MergeStopped();
        }
        return rows.next();
      }
    };
  }

  /**
   * Makes this the set of files. Under manifestLock. If that fails, the old set counts and the new
   * files may go, unless the storage has failed for good: then nothing may be deleted.
   */
  private void publish(long logNumber, List<Segment> live) throws IOException {
    refuseIfFailed();
    Manifest next =
        new Manifest(logNumber, live.stream().map(Segment::number).collect(Collectors.toList()));
    try {
      folder.sync(); // the names of the new files, before a manifest that needs them
      next.write(folder);
    } catch (IOException | RuntimeException | Error e) {
      refuseIfUnclear(e);
      throw e;
    }
    manifest = next;
  }

  /** If the old manifest may be gone, writing on into the old log could lose what is written. */
  private void refuseIfUnclear(Throwable cause) {
    if (!isStillThere(manifest)) {
      throw fail(
          new StorageException(
              "the manifest may be half replaced: close the database and reopen it",
              folder.path(),
              cause instanceof IOException disk ? disk : new IOException(cause)));
    }
  }

  private boolean isStillThere(Manifest old) {
    try {
      return Manifest.read(folder).equals(old);
    } catch (IOException | StaveException e) {
      return false; // what cannot be read may be either
    }
  }

  private boolean hasFailed() {
    synchronized (stateLock) {
      return failure != null;
    }
  }

  private RuntimeException fail(RuntimeException e) {
    synchronized (stateLock) {
      failure = e;
    }
    return e;
  }

  private long takeNumbers(int count) {
    synchronized (stateLock) {
      long first = nextNumber;
      nextNumber += count;
      return first;
    }
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
      stopMerger();
      try {
        log.close();
      } finally {
        segments.forEach(Segment::release);
        folder.close();
      }
    }
  }

  private void stopMerger() {
    merger.shutdown();
    boolean interrupted = false;
    while (!merger.isTerminated()) {
      try {
        merger.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
