package dev.stave.storage;

import dev.stave.StaveException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which files are the storage, one change at a time. A change is a new manifest: a crash leaves the
 * old set or the new one.
 *
 * <p>If the manifest could not be replaced, the old set counts and the caller takes its new files
 * back. If nobody can tell which counts, nothing may be written or deleted any more: then every
 * later change is refused until the folder is opened again.
 */
final class FileSet {

  private final Folder folder;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong nextNumber;
  private volatile Live live;
  private volatile @Nullable StorageException unclear;
  private boolean closed; // under lock

  /** The manifest, and what it names: segments newest first, tables oldest first. */
  record Live(Manifest manifest, List<Segment> segments, List<Table> tables) {
    Live {
      segments = List.copyOf(segments);
      tables = List.copyOf(tables);
    }
  }

  /** Opens the segments and tables that the manifest of {@code folder} names. */
  static FileSet open(Folder folder, BlockCache cache) throws IOException {
    Manifest manifest = Manifest.read(folder.path());
    List<Segment> segments = new ArrayList<>();
    List<Table> tables = new ArrayList<>();
    boolean isOpen = false;
    try {
      openAll(folder, manifest, cache, segments, tables);
      FileSet opened = new FileSet(folder, new Live(manifest, segments, tables));
      isOpen = true;
      return opened;
    } finally {
      if (!isOpen) {
        segments.forEach(Segment::release);
        tables.forEach(Table::release);
      }
    }
  }

  private FileSet(Folder folder, Live live) {
    this.folder = folder;
    this.live = live;
    this.nextNumber = new AtomicLong(live.manifest().next());
  }

  private static void openAll(
      Folder folder,
      Manifest manifest,
      BlockCache cache,
      List<Segment> segments,
      List<Table> tables)
      throws IOException {
    for (Manifest.Rows facts : manifest.segments()) {
      segments.add(openSegment(folder, manifest, facts, cache));
    }
    for (Manifest.TableFile facts : manifest.tables()) {
      tables.add(Table.open(folder.disk(), folder.table(facts.number()), facts, cache));
    }
  }

  private static Segment openSegment(
      Folder folder, Manifest manifest, Manifest.Rows facts, BlockCache cache) throws IOException {
    Map<Long, BodyFile> bodies = new HashMap<>();
    boolean isOpen = false;
    try {
      for (long number : facts.bodies()) {
        BodyFile file = BodyFile.open(folder.disk(), folder.bodies(number), number);
        bodies.put(number, file);
        requireSize(file, manifest.bodies().get(number));
      }
      Segment segment = Segment.open(folder, facts, bodies, cache);
      isOpen = true;
      return segment;
    } finally {
      if (!isOpen) {
        for (BodyFile file : bodies.values()) {
          file.retain();
          file.release();
        }
      }
    }
  }

  private static void requireSize(BodyFile file, Manifest.@Nullable Bodies facts) {
    if (facts == null || file.size() != facts.size()) {
      throw new CorruptStaveException(
          "the file has not the size that the manifest says", file.path(), file.size());
    }
  }

  /** Both at once: who asks for one after the other may get an older one of the two. */
  Live live() {
    return live;
  }

  Manifest manifest() {
    return live.manifest();
  }

  /** Newest first. */
  List<Segment> segments() {
    return live.segments();
  }

  /** A number that no file has had. None while nobody can tell what counts: no more is written. */
  long takeNumber() {
    refuseIfUnclear();
    return nextNumber.getAndIncrement();
  }

  /**
   * @throws StorageException while nobody can tell which files count
   */
  void refuseIfUnclear() {
    StorageException why = unclear;
    if (why != null) {
      throw why;
    }
  }

  /** The files that count. All others of ours are what a crash left. */
  Set<Path> files() {
    Set<Path> files = new HashSet<>();
    manifest().logs().forEach(log -> files.add(folder.log(log.number())));
    manifest().segments().forEach(rows -> files.add(folder.rows(rows.number())));
    manifest().bodies().keySet().forEach(number -> files.add(folder.bodies(number)));
    manifest().tables().forEach(table -> files.add(folder.table(table.number())));
    return files;
  }

  /** Oldest first, each retained. */
  List<Table> retainedTables() {
    lock.lock(); // none of them is let go meanwhile
    try {
      refuseIfClosed();
      List<Table> tables = live.tables();
      tables.forEach(Table::retain);
      return tables;
    } finally {
      lock.unlock();
    }
  }

  /** Puts {@code made} in the place of {@code old}, neighbours; with none of those, at the end. */
  void replaceTables(List<Table> old, @Nullable Table made) throws IOException {
    lock.lock();
    try {
      publish(manifest().logs(), segments(), Map.of(), Tables.replaced(live.tables(), old, made));
      old.forEach(Table::discard);
    } finally {
      lock.unlock();
    }
  }

  /** From now on no file gets a number below {@code number}. */
  void passNumbers(long number) {
    nextNumber.updateAndGet(next -> Math.max(next, number));
  }

  /**
   * Puts all that {@code other} names in the place of all there is, but for the logs, which hold
   * nothing: its files are in this folder already. {@code then} runs before anybody can see the
   * next change.
   */
  void replaceAll(Manifest other, BlockCache cache, Runnable then) throws IOException {
    lock.lock();
    List<Segment> segments = new ArrayList<>();
    List<Table> tables = new ArrayList<>();
    boolean isPublished = false;
    try {
      Live old = live;
      openAll(folder, other, cache, segments, tables);
      Map<Long, Long> garbage = new HashMap<>();
      other.bodies().forEach((number, file) -> garbage.put(number, file.garbage()));
      publish(manifest().logs(), segments, garbage, tables);
      isPublished = true;
      then.run();
      for (Segment segment : old.segments()) {
        segment.bodies().values().forEach(BodyFile::makeObsolete);
        segment.replace();
      }
      old.tables().forEach(Table::discard);
    } finally {
      lock.unlock();
      if (!isPublished) {
        segments.forEach(Segment::release);
        tables.forEach(Table::release);
      }
    }
  }

  /** Nothing changes until the caller lets go, by {@link #release}. */
  void hold() {
    lock.lock();
  }

  void release() {
    if (lock.isHeldByCurrentThread()) {
      lock.unlock();
    }
  }

  /** Names one more log, newer than all others. */
  void addLog(long number) throws IOException {
    lock.lock();
    try {
      List<Manifest.Log> logs = new ArrayList<>(manifest().logs());
      logs.add(new Manifest.Log(number, Manifest.OPEN));
      publish(logs, segments(), Map.of());
    } finally {
      lock.unlock();
    }
  }

  /** From now on these are the logs, oldest first. */
  void setLogs(List<Manifest.Log> logs) throws IOException {
    lock.lock();
    try {
      publish(logs, segments(), Map.of());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds what became of {@code flushed} logs: a segment, or nothing. {@code then} runs before
   * anybody can see the next change.
   */
  void addFlushed(@Nullable Segment segment, List<Long> flushed, Runnable then) throws IOException {
    lock.lock();
    try {
      List<Segment> grown = new ArrayList<>(segments());
      if (segment != null) {
        grown.add(0, segment);
      }
      List<Manifest.Log> left =
          manifest().logs().stream()
              .filter(log -> !flushed.contains(log.number()))
              .collect(Collectors.toList());
      publish(left, grown, Map.of());
      then.run();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts {@code merged} (or nothing) in the place of {@code old}, which are neighbours.
   *
   * @param garbage bytes of which the merge found that nothing points to them, by file of bodies
   */
  void replace(List<Segment> old, @Nullable Segment merged, Map<Long, Long> garbage, Runnable then)
      throws IOException {
    lock.lock();
    try {
      List<Segment> next = new ArrayList<>(segments()); // a flush may have added one meanwhile
      int at = next.indexOf(old.get(0));
      if (at < 0) { // all was replaced meanwhile
        if (merged != null) {
          merged.bodies().values().forEach(BodyFile::makeObsolete);
          merged.replace();
        }
        return;
      }
      next.subList(at, at + old.size()).clear();
      if (merged != null) {
        next.add(at, merged);
      }
      publish(manifest().logs(), next, garbage);
      then.run();
      Set<Long> named = manifest().bodies().keySet();
      for (Segment segment : old) {
        segment.bodies().values().stream()
            .filter(file -> !named.contains(file.number()))
            .forEach(BodyFile::makeObsolete);
        segment.replace();
      }
    } finally {
      lock.unlock();
    }
  }

  private void publish(List<Manifest.Log> logs, List<Segment> next, Map<Long, Long> garbage)
      throws IOException {
    publish(logs, next, garbage, live.tables());
  }

  private void publish(
      List<Manifest.Log> logs, List<Segment> next, Map<Long, Long> garbage, List<Table> tables)
      throws IOException {
    refuseIfClosed();
    refuseIfUnclear();
    Map<Long, Manifest.Bodies> bodies = new HashMap<>();
    for (Segment segment : next) {
      for (BodyFile file : segment.bodies().values()) {
        Manifest.Bodies known = manifest().bodies().get(file.number());
        long found =
            (known == null ? 0 : known.garbage()) + garbage.getOrDefault(file.number(), 0L);
        bodies.put(file.number(), new Manifest.Bodies(file.number(), file.size(), found));
      }
    }
    Manifest written =
        new Manifest(
            nextNumber.get(),
            logs,
            next.stream().map(Segment::facts).collect(Collectors.toList()),
            bodies,
            tables.stream().map(Table::facts).collect(Collectors.toList()),
            manifest().note());
    try {
      folder.disk().syncFolder(folder.path()); // the new names, before a manifest that needs them
      written.write(folder.disk(), folder.path());
    } catch (IOException | RuntimeException | Error e) {
      becomeUnclearIfReplaced(e);
      throw e;
    }
    live = new Live(written, next, tables);
  }

  /** If the old manifest may be gone, writing on into the old log could lose what is written. */
  private void becomeUnclearIfReplaced(Throwable cause) {
    if (!isStillThere(manifest())) {
      StorageException why =
          new StorageException(
              "the manifest may be half replaced: close the database and reopen it",
              folder.path(),
              cause instanceof IOException disk ? disk : new IOException(cause));
      unclear = why;
      throw why;
    }
  }

  private boolean isStillThere(Manifest old) {
    try {
      return Manifest.read(folder.path()).equals(old);
    } catch (IOException | StaveException e) {
      return false; // what cannot be read may be either
    }
  }

  /** Whether nobody can tell which files count: then none may be deleted. */
  boolean isUnclear() {
    return unclear != null;
  }

  /** The folder may be another's by now, and what was let go of is not mapped any more. */
  private void refuseIfClosed() {
    if (closed) {
      throw new StorageClosedException("the database is closed: " + folder.name());
    }
  }

  /** Lets go of the segments and tables. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    segments().forEach(Segment::release);
    live.tables().forEach(Table::release);
  }
}
