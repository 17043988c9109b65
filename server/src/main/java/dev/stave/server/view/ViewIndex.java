package dev.stave.server.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.database.Purge;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionTree;
import dev.stave.server.script.DesignScript;
import dev.stave.server.script.ScriptException;
import dev.stave.server.wire.OutgoingDocument;
import dev.stave.storage.Durability;
import dev.stave.storage.FileStorage;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageClosedException;
import dev.stave.storage.StorageOptions;
import dev.stave.storage.StorageSnapshot;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index of the views of one design document, in a folder of its own. Any thread may read it,
 * and have it brought up to date; one thread at a time does so.
 *
 * <p>It goes through the changes of the database in batches. The rows of a batch and the sequence
 * that it has come to are committed together, so that after a crash it goes on where it was. What
 * was purged tells of no change, so it goes through the purges too: where not all of them are
 * written down any more, through its own documents.
 */
public final class ViewIndex {

  private static final Logger LOG = LoggerFactory.getLogger(ViewIndex.class);

  private static final int CHANGES_AT_ONCE = 500;

  /** A batch is committed when its rows come to so many bytes. */
  private static final long BATCH_BYTES = 4 << 20;

  /** It can always be made anew; and there may be many. */
  private static final StorageOptions STORAGE =
      new StorageOptions(Durability.NONE, 8 << 20, 64 << 20);

  private final Database database;
  private final DesignViews views;
  private final ViewLimits limits;
  private final Executor builders;
  private final FileStorage storage;
  private DesignScript script; // of the one thread that builds

  // under this
  private ViewState state;
  private long seen; // up to here nothing has changed since the state's sequence
  private @Nullable CompletableFuture<Long> building;

  private ViewIndex(
      Path folder, Database database, DesignViews views, ViewLimits limits, Executor builders) {
    this.database = database;
    this.views = views;
    this.limits = limits;
    this.builders = builders;
    this.script = newScript();
    this.storage = FileStorage.open(folder, STORAGE);
    this.state = ViewState.none(database);
  }

  /** Opens the index in {@code folder}, or begins one. Empty if it is another database's. */
  static Optional<ViewIndex> open(
      Path folder, Database database, DesignViews views, ViewLimits limits, Executor builders) {
    ViewIndex index = new ViewIndex(folder, database, views, limits, builders);
    boolean isUsable = false;
    try (StorageSnapshot snapshot = index.storage.snapshot()) {
      byte[] known = snapshot.get(RowKeys.STATE);
      index.state = known == null ? index.state : ViewState.of(known);
      isUsable = index.state.isOf(database);
      return isUsable ? Optional.of(index) : Optional.empty();
    } finally {
      if (!isUsable) {
        index.close();
      }
    }
  }

  private DesignScript newScript() {
    return new DesignScript(views.id(), views.code(), limits.script());
  }

  /** The sequence of the database up to which it knows all changes. */
  public synchronized long sequence() {
    return Math.max(state.sequence(), seen);
  }

  /** The purge of the database up to which it knows all of them. */
  public synchronized long purgeSequence() {
    return state.purgeSequence();
  }

  /** Whether it is being brought up to date. */
  public synchronized boolean isBuilding() {
    return building != null;
  }

  /**
   * Has it brought up to {@code sequence} at least, in the background.
   *
   * @return when that is done; it fails with a {@link ScriptException} if a map function cannot be
   *     compiled
   */
  public synchronized CompletableFuture<Long> upTo(long sequence) {
    if (sequence() >= sequence) {
      return CompletableFuture.completedFuture(sequence());
    }
    CompletableFuture<Long> known = building;
    if (known != null) {
      return known.thenCompose(reached -> upTo(sequence));
    }
    CompletableFuture<Long> begun = new CompletableFuture<>();
    building = begun;
    try {
      builders.execute(() -> build(begun));
    } catch (RejectedExecutionException e) {
      building = null;
      throw new StorageClosedException("the server is stopping");
    }
    return begun;
  }

  private void build(CompletableFuture<Long> done) {
    Throwable failure = null;
    try {
      views.maps().forEach(view -> script.compile("views", view, "map"));
      long end = database.lastSequence();
      dropPurged(); // all that was purged by then, or it was not in the index yet
      while (stateNow().sequence() < end && addBatch()) {
        // goes on
      }
      synchronized (this) {
        seen = end;
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    synchronized (this) {
      building = null;
    }
    if (failure == null) {
      done.complete(sequence());
    } else {
      done.completeExceptionally(failure);
    }
  }

  /** Adds the next changes. Returns whether there were any. */
  private boolean addBatch() {
    ViewState reached = stateNow();
    List<Change> changes = database.changes(reached.sequence(), CHANGES_AT_ONCE);
    if (changes.isEmpty()) {
      return false;
    }
    StorageBatch batch = new StorageBatch();
    long[] counts = new long[views.maps().size()];
    long bytes = 0;
    try (StorageSnapshot before = storage.snapshot()) {
      for (Change change : changes) {
        bytes += add(change, before, batch, counts);
        reached = reached.after(change);
        if (bytes > BATCH_BYTES) {
          break;
        }
      }
      addCounts(counts, before, batch);
    }
    commit(batch, reached);
    return true;
  }

  private static void addCounts(long[] counts, StorageSnapshot before, StorageBatch batch) {
    for (int map = 0; map < counts.length; map++) {
      if (counts[map] != 0) {
        batch.put(
            RowKeys.countKey(map),
            ByteBuffer.allocate(8).putLong(count(before, map) + counts[map]).array());
      }
    }
  }

  private void commit(StorageBatch batch, ViewState reached) {
    batch.put(RowKeys.STATE, reached.bytes());
    storage.commit(batch);
    synchronized (this) {
      state = reached;
    }
  }

  /** Takes out the rows of the documents that were purged since, up to the newest purge. */
  private void dropPurged() {
    long newest = database.purges().sequence();
    ViewState reached = stateNow();
    while (reached.purgeSequence() < newest) {
      Optional<List<Purge>> purges =
          database.purges().since(reached.purgeSequence(), CHANGES_AT_ONCE);
      if (purges.isPresent()) {
        List<Purge> next = purges.get();
        reached = reached.after(next.get(next.size() - 1));
        drop(next.stream().map(Purge::id).distinct().toList(), reached);
      } else {
        List<Purge> known = database.purges().all(); // the newest is always written down
        dropAllGone(reached);
        reached = reached.after(known.get(known.size() - 1));
        drop(List.of(), reached);
      }
    }
  }

  /** As {@link #dropPurged}, where it is not written down what was purged. */
  private void dropAllGone(ViewState reached) {
    try (StorageSnapshot all = storage.snapshot()) {
      Iterator<StorageSnapshot.Row> documents =
          all.scan(RowKeys.documentKey(""), RowKeys.AFTER_DOCUMENTS);
      List<String> ids = new ArrayList<>();
      while (documents.hasNext()) {
        ids.add(RowKeys.idOfDocument(documents.next().key()));
        if (ids.size() == CHANGES_AT_ONCE || !documents.hasNext()) {
          drop(ids, reached);
          ids.clear();
        }
      }
    }
  }

  /** Those that are there have changed since they were purged: that is another matter. */
  private void drop(List<String> ids, ViewState reached) {
    StorageBatch batch = new StorageBatch();
    long[] counts = new long[views.maps().size()];
    try (StorageSnapshot before = storage.snapshot()) {
      for (String id : ids) {
        if (database.inspect(id, all -> all.tree().leaves().isEmpty())
            && deleteRows(id, before, batch, counts)) {
          batch.delete(RowKeys.documentKey(id));
        }
      }
      addCounts(counts, before, batch);
    }
    commit(batch, reached);
  }

  private synchronized ViewState stateNow() {
    return state;
  }

  private static long count(StorageSnapshot snapshot, int map) {
    byte[] known = snapshot.get(RowKeys.countKey(map));
    return known == null ? 0 : ByteBuffer.wrap(known).getLong();
  }

  /** Replaces the rows of one document, and returns how many bytes the new ones have. */
  private long add(Change change, StorageSnapshot before, StorageBatch batch, long[] counts) {
    String id = change.id();
    byte[] documentKey = RowKeys.documentKey(id);
    boolean had = deleteRows(id, before, batch, counts);
    boolean wanted = !Document.isDesign(id) || views.includesDesign();
    Optional<ObjectNode> document = wanted ? document(id, change) : Optional.empty();
    List<RowKeys.Emitted> rows = new ArrayList<>();
    long bytes = 0;
    if (document.isPresent()) {
      for (int map = 0; map < counts.length; map++) {
        bytes += map(map, id, document.get(), batch, rows);
      }
    }
    rows.forEach(row -> counts[row.map()]++);
    if (!rows.isEmpty()) {
      batch.put(documentKey, RowKeys.documentValue(rows));
    } else if (had) {
      batch.delete(documentKey);
    }
    return bytes;
  }

  /** Returns whether the document has any. */
  private static boolean deleteRows(
      String id, StorageSnapshot before, StorageBatch batch, long[] counts) {
    byte[] known = before.get(RowKeys.documentKey(id));
    if (known == null) {
      return false;
    }
    for (RowKeys.Emitted row : RowKeys.emitted(known)) {
      batch.delete(row.rowKey(id));
      counts[row.map()]--;
    }
    return true;
  }

  /** The winner, which may be newer than the change: then another change follows. */
  private Optional<ObjectNode> document(String id, Change change) {
    return database.inspect(
        id,
        all -> {
          RevisionTree tree = all.tree();
          Optional<Revision> winner = tree.winner().filter(revision -> !revision.deleted());
          return winner
              .flatMap(revision -> all.get(revision.id()))
              .map(found -> shown(found, tree, change));
        });
  }

  private ObjectNode shown(Document document, RevisionTree tree, Change change) {
    ObjectNode shown = OutgoingDocument.tree(document);
    if (views.hasLocalSequence()) {
      shown.put("_local_seq", change.sequence());
    }
    List<Revision> losers = tree.leaves().stream().skip(1).toList();
    addIds(shown, "_conflicts", losers.stream().filter(leaf -> !leaf.deleted()).toList());
    addIds(shown, "_deleted_conflicts", losers.stream().filter(Revision::deleted).toList());
    return shown;
  }

  private static void addIds(ObjectNode shown, String name, List<Revision> revisions) {
    if (!revisions.isEmpty()) {
      shown.set(name, OutgoingDocument.ids(revisions));
    }
  }

  /** Adds what one map function emits for a document: all of it, or nothing if it fails. */
  private long map(
      int map, String id, ObjectNode document, StorageBatch batch, List<RowKeys.Emitted> rows) {
    Emits emits = new Emits(map, id, limits);
    String view = views.maps().get(map);
    try {
      script.map(view, document, emits::add);
    } catch (ScriptException e) {
      if (e.error().equals("compilation_error")) {
        throw e;
      }
      LOG.info("{}/{} leaves out {}: {}: {}", views.id(), view, id, e.error(), e.reason());
      if (e.error().equals(ScriptException.TOO_COSTLY)) {
        script = newScript(); // the old one may hold on to what it has made
      }
      return 0;
    }
    return emits.writeTo(batch, rows);
  }

  /** Reads it as of now. The caller closes what is returned. */
  public ViewReader read(DesignViews.View view) {
    return read(view, ViewReader.ALL);
  }

  /** The same, with rows of only those documents whose ids are some of {@code ids}. */
  public ViewReader read(DesignViews.View view, Predicate<String> ids) {
    return new ViewReader(storage.snapshot(), view, views, limits, ids);
  }

  /** What its files take. */
  public long bytes() {
    return storage.stats().diskBytes();
  }

  /** Takes the room of what was overwritten back. */
  public void compact() {
    storage.compact();
  }

  void close() {
    storage.close();
  }
}
