package dev.stave.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.StaveException;
import dev.stave.concurrent.Uninterrupted;
import dev.stave.policy.IndexPolicy;
import dev.stave.storage.StorageClosedException;
import dev.stave.storage.Table;
import dev.stave.storage.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The index of one database: every value of every winner, by path.
 *
 * <p>New versions are taken in by a part in memory. When that is full it becomes a table, written
 * in the background, and tables are merged into larger ones. Nothing of it is logged: after a crash
 * the versions behind {@link #flushedTo} are told again.
 *
 * <p>{@link #apply} is called by one thread at a time, after a commit, with its deltas in the order
 * of their sequences. Any thread may ask for a snapshot.
 */
public final class PathIndex implements AutoCloseable {

  /** A part in memory that takes less than one in so many of what it may is not worth a table. */
  private static final int WORTH_A_TABLE = 8;

  /**
   * What is published to readers, together or not at all.
   *
   * @param frozen what becomes a table now, if anything does
   * @param frozenTo its last sequence
   * @param deaths of all versions, since the generation
   * @param sequence the last that was taken in
   * @param rows of the active part up to it
   */
  private record State(
      Generation generation,
      @Nullable MemoryPart frozen,
      long frozenTo,
      MemoryPart active,
      Deaths deaths,
      long sequence,
      int rows) {}

  private final Tables tables;
  private final long partBytes;
  private volatile PathDictionary dictionary; // another one only while nothing is in the index
  private final ExecutorService flusher = thread("stave-index-flush");
  private final ExecutorService merger = thread("stave-index-merge");

  private volatile State state;
  private volatile boolean closing;

  // under the lock of this
  private IndexPolicy policy = IndexPolicy.NONE;
  private @Nullable Throwable failure; // of taking in a commit: then it answers no more
  private @Nullable Throwable trouble; // of writing a table: it is tried again
  private boolean isFlushing;

  /**
   * What ended up to here may be missing in tables that were made anew: none looks back further.
   */
  private long rebuiltAt;

  private boolean closed;

  /** What an index has in memory as of one commit, for another one of the same documents. */
  public static final class Memory {
    private final PathDictionary dictionary;
    private final State state;

    private Memory(PathDictionary dictionary, State state) {
      this.dictionary = dictionary;
      this.state = state;
    }
  }

  /** A copy of what is in memory now: it is little, whatever the documents weigh. */
  public synchronized Memory memory() {
    requireUsable();
    State now = state;
    PathDictionary paths = dictionary.copy();
    MemoryPart active = new MemoryPart(now.active(), paths);
    return new Memory(
        paths,
        new State(
            now.generation(),
            now.frozen(),
            now.frozenTo(),
            active,
            now.deaths().copy(),
            now.sequence(),
            active.rowCount()));
  }

  /**
   * As {@link #open(Tables, long, long)}, with what another one had in memory when the documents
   * were the same, if its tables are those of then, but for what became a table meanwhile.
   */
  public static PathIndex open(Tables tables, long memoryBytes, long lastSequence, Memory memory) {
    PathIndex opened = open(tables, memoryBytes, lastSequence);
    State known = memory.state;
    Generation generation = opened.state.generation();
    boolean isFrozenInTables = known.frozen() == null || generation.to() == known.frozenTo();
    boolean isUsable =
        known.sequence() == lastSequence
            && (generation.to() == known.generation().to()
                || known.frozen() != null && isFrozenInTables);
    if (isUsable) {
      opened.dictionary = memory.dictionary;
      opened.state =
          new State(
              generation,
              isFrozenInTables ? null : known.frozen(),
              isFrozenInTables ? 0 : known.frozenTo(),
              known.active(),
              known.deaths(),
              known.sequence(),
              known.rows());
    }
    return opened;
  }

  /** Whether it has taken in all up to {@code sequence}. */
  public boolean isUpTo(long sequence) {
    return state.sequence() == sequence;
  }

  /**
   * Opens the index in {@code tables}, and throws away what it cannot use: then all is to be told
   * again.
   *
   * @param memoryBytes how much heap it may take, about
   * @param lastSequence of the database that it is of
   * @throws dev.stave.storage.CorruptStaveException if a table is damaged
   */
  public static PathIndex open(Tables tables, long memoryBytes, long lastSequence) {
    List<Table> found = tables.retained();
    boolean isOpen = false;
    try {
      PathIndex opened = open(tables, found, memoryBytes, lastSequence);
      isOpen = true;
      return opened;
    } finally {
      if (!isOpen) {
        found.forEach(Table::release);
      }
    }
  }

  private static PathIndex open(
      Tables tables, List<Table> found, long memoryBytes, long lastSequence) {
    PathDictionary dictionary = new PathDictionary();
    Generation generation = generation(tables, found, dictionary, lastSequence);
    return new PathIndex(tables, memoryBytes, dictionary, generation);
  }

  /**
   * Goes on with the tables that there are now, of {@code lastSequence}: nothing was in it before.
   * What they lack is to be told again.
   *
   * @throws dev.stave.storage.CorruptStaveException if a table is damaged: then it fails
   */
  public void readAgain(long lastSequence) {
    synchronized (this) {
      requireUsable();
      State now = state;
      if (now.sequence() != 0 || now.frozen() != null) {
        throw new IllegalStateException("the index has taken something in already");
      }
      List<Table> found = tables.retained();
      boolean isRead = false;
      try {
        PathDictionary paths = new PathDictionary();
        Generation read = generation(tables, found, paths, lastSequence);
        isRead = true;
        dictionary = paths;
        MemoryPart active = new MemoryPart(paths, policy);
        publish(read, null, 0, active, new Deaths(), read.to());
      } finally {
        if (!isRead) {
          found.forEach(Table::release);
        }
      }
    }
  }

  /** Says that what was committed cannot be taken in: it answers no more. */
  public synchronized void fail(Throwable why) {
    failure = why;
    notifyAll();
  }

  /** Takes the tables {@code found}, or throws away what cannot be used. */
  private static Generation generation(
      Tables tables, List<Table> found, PathDictionary dictionary, long lastSequence) {
    List<TablePart> parts = new ArrayList<>();
    boolean isUsable = true;
    long to = 0;
    VersionSet live = new VersionSet();
    for (Table table : found) {
      TablePart part = TablePart.open(table);
      isUsable &= part != null && part.after() == to && part.to() <= lastSequence;
      if (part != null && isUsable) {
        parts.add(part);
        live.andNot(part.ended());
        live.or(part.versions());
        to = part.to();
      }
    }
    if (!isUsable) {
      tables.replace(found, null);
      found.forEach(Table::release);
      return new Generation(List.of(), new VersionSet(), 0);
    }
    parts.forEach(
        part ->
            part.paths().keySet().stream().sorted().forEach(path -> learn(part, path, dictionary)));
    return new Generation(parts, live, to);
  }

  private static void learn(TablePart part, int path, PathDictionary dictionary) {
    PathFacts facts = part.paths().get(path);
    if (facts != null) {
      dictionary.put(path, facts.parent(), facts.name());
    }
  }

  private PathIndex(
      Tables tables, long memoryBytes, PathDictionary dictionary, Generation generation) {
    this.tables = tables;
    this.partBytes = memoryBytes / 2; // one that is being filled, and one that is being written
    this.dictionary = dictionary;
    MemoryPart active = new MemoryPart(dictionary, policy);
    this.state =
        new State(generation, null, 0, active, new Deaths(), generation.to(), active.rowCount());
  }

  private static ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /** What was committed up to here is in tables: the rest is to be told again after opening. */
  public long flushedTo() {
    return state.generation().to();
  }

  /**
   * What is to be left out of it from now on, {@link IndexPolicy#NONE} until this is called. What
   * is in it already stays as it is until {@link #rebuild}; snapshots know of both.
   */
  public synchronized void setPolicy(IndexPolicy next) {
    policy = next;
    state.active().setPolicy(next);
  }

  /** Whether its tables were made under another policy. */
  public synchronized boolean isOfAnotherPolicy() {
    return state.generation().parts().stream().anyMatch(part -> !part.leftOut().equals(policy));
  }

  /** The live version of the document {@code id} in the tables, 0 if there is none. */
  public long versionInTables(String id) {
    Generation generation = held();
    try {
      return versionIn(generation, KeyRange.ofId(id));
    } finally {
      generation.release();
    }
  }

  private static long versionIn(Generation generation, KeyRange range) {
    for (int i = generation.parts().size() - 1; i >= 0; i--) {
      FoundVersions found = new FoundVersions();
      generation.parts().get(i).collect(PathDictionary.ID, List.of(range), found);
      VersionSet alive = found.take();
      alive.and(generation.live());
      if (!alive.isEmpty()) {
        return alive.iterator().next();
      }
    }
    return 0;
  }

  /** About how much heap it takes, beside paths and what is alive. */
  public long memoryBytes() {
    State now = state;
    MemoryPart frozen = now.frozen();
    return now.active().bytes() + (frozen == null ? 0 : frozen.bytes());
  }

  /** Why the last table could not be written, or empty: it is in memory, and is tried again. */
  public synchronized String trouble() {
    return trouble == null ? "" : String.valueOf(trouble.getMessage());
  }

  /** Takes in a commit. {@code lastSequence} is its last, whether the index saw it or not. */
  public synchronized void apply(List<IndexDelta> deltas, long lastSequence) {
    requireUsable();
    try {
      takeIn(deltas, lastSequence);
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      notifyAll();
    }
    makeRoom();
  }

  /** Refuses if a commit could not be taken in: what is committed now would not be found. */
  public synchronized void requireUsable() {
    if (failure != null) {
      throw new IllegalStateException("the index failed: reopen the database", failure);
    }
  }

  private void takeIn(List<IndexDelta> deltas, long lastSequence) {
    State now = state;
    for (IndexDelta delta : deltas) {
      if (delta.endedSequence() != 0) {
        now.deaths().add(delta.endedSequence(), delta.sequence());
      }
      if (delta.body() != null) {
        now.active().add(delta.sequence(), delta.id(), delta.body());
      }
    }
    publish(
        now.generation(), now.frozen(), now.frozenTo(), now.active(), now.deaths(), lastSequence);
  }

  private synchronized void publish(
      Generation generation,
      @Nullable MemoryPart frozen,
      long frozenTo,
      MemoryPart active,
      Deaths deaths,
      long sequence) {
    state = new State(generation, frozen, frozenTo, active, deaths, sequence, active.rowCount());
  }

  /** Freezes a full part; waits while the one before it is not written yet. */
  private synchronized void makeRoom() {
    if (state.active().bytes() < partBytes) {
      return;
    }
    Uninterrupted.await(
        () -> {
          if (!isFlushing || closed) {
            return true;
          }
          wait(); // for the flusher
          return false;
        });
    if (!closed) {
      flushFrozen(); // no room on the disk, perhaps: the commit is safe, the index is in memory
    }
  }

  /** Has the frozen part written, or what is being filled, if nothing is frozen. */
  private synchronized void flushFrozen() {
    if (state.frozen() == null) {
      freeze();
    }
    isFlushing = true;
    flusher.execute(this::flush);
  }

  private void freeze() {
    State now = state;
    publish(
        now.generation(),
        now.active(),
        now.sequence(),
        new MemoryPart(dictionary, policy),
        now.deaths(),
        now.sequence());
  }

  /** Writes the frozen part as a table. */
  private void flush() {
    State now = state;
    MemoryPart part = now.frozen();
    if (part == null) {
      return;
    }
    Throwable why = null;
    try {
      Generation before = now.generation();
      Table table =
          TableMaker.flush(tables, dictionary, part, now.deaths(), before.to(), now.frozenTo());
      tables.replace(List.of(), table);
      table.retain(); // for the generation: the storage has its own hold
      flushed(table, now.frozenTo());
      merger.execute(this::mergeAll);
    } catch (StaveException | StorageClosedException e) {
      why = e;
    } catch (RuntimeException | Error e) {
      why = e;
      throw e;
    } finally {
      synchronized (this) {
        isFlushing = false;
        trouble = why;
        notifyAll();
      }
    }
  }

  static TablePart opened(Table table) {
    TablePart part = TablePart.open(table);
    if (part == null) {
      throw new IllegalStateException("a table of this version is not of this version");
    }
    return part;
  }

  private synchronized void flushed(Table table, long to) {
    State now = state;
    Generation old = now.generation();
    TablePart part = opened(table);
    VersionSet live = old.live().copy();
    live.andNot(part.ended());
    live.or(part.versions());
    live.optimize();
    Deaths later = new Deaths();
    now.deaths()
        .forEach(
            (dead, by) -> {
              if (by > to) {
                later.add(dead, by);
              }
            });
    List<TablePart> parts = new ArrayList<>(old.parts());
    parts.add(part);
    replace(old, new Generation(parts, live, to), null, later);
  }

  /** {@code next} holds the tables that it shares with {@code old} for itself. */
  private void replace(
      Generation old, Generation next, @Nullable MemoryPart frozen, Deaths deaths) {
    next.parts().stream().filter(old.parts()::contains).forEach(shared -> shared.table().retain());
    State now = state;
    publish(
        next, frozen, frozen == null ? 0 : now.frozenTo(), now.active(), deaths, now.sequence());
    old.release();
  }

  private void mergeAll() {
    attempt(
        () -> {
          while (!closing && mergeNext()) {
            // until nothing is worth it
          }
        });
  }

  private void attempt(Runnable work) {
    try {
      work.run();
    } catch (CancellationException e) {
      // the index is being closed
    } catch (StaveException | StorageClosedException e) {
      synchronized (this) {
        trouble = e;
      }
    }
  }

  /** Holds what counts now: under the lock, since who publishes the next one lets go of it. */
  private synchronized Generation held() {
    Generation now = state.generation();
    now.retain();
    return now;
  }

  /** Merges what is worth it; false if nothing is. */
  private boolean mergeNext() {
    Generation now = held();
    try {
      List<TablePart> old = MergePolicy.next(now);
      if (old.isEmpty()) {
        return false;
      }
      Table table = TableMaker.merge(tables, dictionary, old, now.live(), () -> closing);
      tables.replace(tablesOf(old), table);
      table.retain();
      merged(old, opened(table));
      return true;
    } finally {
      now.release();
    }
  }

  /** Takes a version of a document that is alive. */
  public interface VersionVisitor {
    void visit(long sequence, String id, JsonNode body);
  }

  /**
   * Makes all tables anew, and returns when they count. Commits and snapshots go on meanwhile.
   *
   * @param documents hands over the versions that are alive when it is called, by ascending
   *     sequence
   * @throws dev.stave.storage.StorageException if the disk refuses; then the old tables count
   * @throws StorageClosedException if it is closed meanwhile; then the old tables count
   */
  public void rebuild(Consumer<VersionVisitor> documents) {
    flushAll();
    Throwable why;
    try {
      why = Uninterrupted.failureOf(merger.submit(() -> rebuildTables(documents)));
    } catch (RejectedExecutionException e) {
      throw closed();
    }
    if (why instanceof CancellationException) {
      throw closed();
    }
    if (why instanceof RuntimeException e) {
      throw e;
    }
    if (why instanceof Error e) {
      throw e;
    }
  }

  /** As {@link #rebuild}, some time later; if it fails, {@link #trouble} says why. */
  public void rebuildLater(Consumer<VersionVisitor> documents) {
    try {
      merger.execute(
          () ->
              attempt(
                  () -> {
                    flushAll();
                    rebuildTables(documents);
                  }));
    } catch (RejectedExecutionException e) {
      throw closed();
    }
  }

  /** Returns when what is in memory now is in a table. */
  private synchronized void flushAll() {
    long sequence = state.sequence();
    boolean[] hasFailed = new boolean[1];
    Uninterrupted.await(
        () -> {
          if (state.generation().to() >= sequence || hasFailed[0] || closed) {
            return true;
          }
          if (!isFlushing) {
            flushFrozen();
          }
          wait(); // for the flusher
          hasFailed[0] = !isFlushing && trouble != null;
          return false;
        });
    if (hasFailed[0] && trouble instanceof RuntimeException e) {
      throw e;
    }
  }

  private synchronized IndexPolicy policy() {
    return policy;
  }

  /** On the thread of merges, so that no other table but the newest comes or goes meanwhile. */
  private void rebuildTables(Consumer<VersionVisitor> documents) {
    Generation now = state.generation(); // the newest table may have come when it is asked again
    List<TablePart> old = now.parts();
    if (old.isEmpty()) {
      return; // all is in memory
    }
    TableRebuild rebuild =
        new TableRebuild(tables, dictionary, policy(), partBytes, now.to(), () -> closing);
    Table table = rebuild.table(documents);
    tables.replace(tablesOf(old), table);
    table.retain();
    rebuilt(old, opened(table));
  }

  /** What is alive is put together from the tables, as when they are opened. */
  private synchronized void rebuilt(List<TablePart> old, TablePart part) {
    State now = state;
    Generation generation = now.generation();
    List<TablePart> parts = new ArrayList<>(generation.parts());
    parts.subList(0, old.size()).clear();
    parts.add(0, part);
    VersionSet live = new VersionSet();
    for (TablePart each : parts) {
      live.andNot(each.ended());
      live.or(each.versions());
    }
    rebuiltAt = now.sequence();
    replace(generation, new Generation(parts, live, generation.to()), now.frozen(), now.deaths());
  }

  private static StorageClosedException closed() {
    return new StorageClosedException("the database is closed");
  }

  private static List<Table> tablesOf(List<TablePart> parts) {
    return parts.stream().map(TablePart::table).collect(Collectors.toList());
  }

  private synchronized void merged(List<TablePart> old, TablePart part) {
    State now = state;
    Generation generation = now.generation();
    List<TablePart> parts = new ArrayList<>(generation.parts());
    int at = parts.indexOf(old.get(0));
    parts.subList(at, at + old.size()).clear();
    parts.add(at, part);
    replace(
        generation,
        new Generation(parts, generation.live(), generation.to()),
        now.frozen(),
        now.deaths());
  }

  /**
   * The index as it was after the commit with the last sequence {@code sequence}, to be closed.
   * Waits for that commit if it is being taken in. Empty if the index has moved on to tables that
   * lack what has ended since: then the caller's own snapshot is older than what the index still
   * knows, and a newer one is needed.
   */
  public Optional<IndexSnapshot> at(long sequence) {
    if (state.sequence() < sequence) {
      await(sequence);
    }
    State now;
    synchronized (this) {
      now = state;
      if (closed) {
        throw closed();
      }
      if (sequence < Math.max(now.generation().to(), rebuiltAt)) {
        return Optional.empty();
      }
      now.generation().retain();
    }
    List<MemoryRows> memory = new ArrayList<>();
    MemoryPart frozen = now.frozen();
    if (frozen != null) {
      int rows = frozen.rowsUpTo(sequence, frozen.rowCount());
      memory.add(new MemoryRows(frozen, rows, now.deaths(), sequence));
    }
    int rows = now.active().rowsUpTo(sequence, now.rows());
    memory.add(new MemoryRows(now.active(), rows, now.deaths(), sequence));
    return Optional.of(
        new IndexSnapshot(dictionary, now.generation(), memory, now.deaths(), sequence));
  }

  private synchronized void await(long sequence) {
    Uninterrupted.await(
        () -> {
          if (state.sequence() >= sequence) {
            return true;
          }
          requireUsable();
          wait(); // the commit is on its way: microseconds
          return false;
        });
  }

  /** Writes what is in memory as a table, if that is worth it, and lets go of all tables. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      if (failure == null
          && partBytes < Long.MAX_VALUE / 2
          && state.frozen() == null
          && state.active().bytes() > partBytes / WORTH_A_TABLE) {
        flushFrozen();
      }
      closed = true;
      notifyAll();
    }
    closing = true;
    Uninterrupted.shutDown(flusher);
    Uninterrupted.shutDown(merger);
    state.generation().release();
  }
}
