package dev.stave.sync.peer;

import dev.stave.changes.Change;
import dev.stave.changes.ChangesFeed;
import dev.stave.database.Attachments;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.database.IncomingSeed;
import dev.stave.database.Inspection;
import dev.stave.database.Seed;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.document.InvalidDocumentException;
import dev.stave.json.JsonObject;
import dev.stave.query.Selector;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.revision.RevisionTree;
import dev.stave.storage.StorageException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A database of this process as a peer. It stays open when this is closed. */
public final class LocalPeer implements Peer {

  /** Of the first digest of all: one of a million documents has parts of 4,000. */
  private static final int FIRST_PARTS = 256;

  private final Database database;
  private final String name;
  private final Rules rules;
  private final Runnable digestStep;
  private volatile @Nullable ScopedChanges scoped; // of the last page

  private LocalPeer(Database database, String name, Rules rules, Runnable digestStep) {
    this.database = database;
    this.name = name;
    this.rules = rules;
    this.digestStep = digestStep;
  }

  /** What functions of design documents have to say, for one who can run them. */
  public interface Rules {

    /** What a scope with a filter function lets through. */
    Predicate<Change> filter(Scope scope);

    /** Made for some revisions: says of each why it may not be written; empty if it may. */
    Function<SentRevision, Optional<String>> checks();

    /** Whether a database without documents may take all of another one's at once. */
    default boolean letAllIn() {
      return true;
    }
  }

  private static final Rules NO_RULES =
      new Rules() {
        @Override
        public Predicate<Change> filter(Scope scope) {
          throw new IllegalArgumentException(
              "a filter function of a design document runs at a server only: use a selector");
        }

        @Override
        public Function<SentRevision, Optional<String>> checks() {
          return sent -> Optional.empty();
        }
      };

  public static LocalPeer of(Database database) {
    return of(database, "this database", NO_RULES);
  }

  /**
   * As {@link #of(Database)}, for one who can run functions of design documents.
   *
   * @param name what people call it
   */
  public static LocalPeer of(Database database, String name, Rules rules) {
    return new LocalPeer(database, name, rules, () -> {});
  }

  /**
   * The same one, which calls {@code step} for each document that it looks at to answer {@link
   * #split}, {@link #digests} or {@link #leaves}: what that throws ends it.
   */
  public LocalPeer withDigestStep(Runnable step) {
    return new LocalPeer(database, name, rules, step);
  }

  public Database database() {
    return database;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String identity() {
    return database.uuid();
  }

  @Override
  public String instance() {
    return database.instance();
  }

  @Override
  public String lastSequence() {
    return Long.toString(database.lastSequence());
  }

  @Override
  public ChangesPage changes(String since, int limit, Scope scope, String leavingSince) {
    long last = sequence(since);
    long leavingAfter = sequence(leavingSince);
    ScopedChanges scoped = scoped(scope, last);
    List<Told> changes = new ArrayList<>();
    long transaction = 0; // of the last that was looked at: where it ends
    boolean hasMore = true;
    boolean isFull = false;
    // What is out of scope may be much more than what is in it; and none is cut off its
    // transaction.
    while (hasMore
        && !isFull
        && last < scoped.end()
        && (changes.size() < limit || last < transaction)) {
      List<Change> looked = database.changes(last, limit);
      hasMore = looked.size() == limit;
      for (Change change : looked) {
        int room = change.together() == transaction ? limit + ChangesPage.MAX_MORE_TOGETHER : limit;
        isFull = changes.size() >= room;
        if (isFull || change.sequence() > scoped.end()) {
          last = change.sequence() > scoped.end() ? scoped.end() : last;
          hasMore = true;
          break;
        }
        last = change.sequence();
        boolean isIn = scoped.in().test(change);
        if (isIn || last > leavingAfter && scoped.leaving().test(change)) {
          long together = change.isTogetherAfter(transaction) ? change.together() : 0;
          changes.add(new Told(change, !isIn, together));
        }
        transaction = change.together();
      }
    }
    if (!hasMore) {
      last = Math.max(last, scoped.end()); // the newest change may have been purged
    }
    hasMore &= database.lastSequence() > last;
    long pending = hasMore ? database.lastSequence() - last : 0;
    return new ChangesPage(withLeaves(changes), Long.toString(last), hasMore, pending);
  }

  /** A change that is told, without the leaves. */
  private record Told(Change change, boolean isLeaving, long together) {}

  /** The leaves are those of now, of all as of one commit. */
  private List<PeerChange> withLeaves(List<Told> changes) {
    List<PeerChange> whole = new ArrayList<>(changes.size());
    Iterator<Told> next = changes.iterator();
    database.inspectAll(
        changes.stream().map(told -> told.change().id()).collect(Collectors.toList()),
        found -> {
          Told told = next.next();
          boolean deleted = told.change().deleted();
          List<RevisionId> leaves = ids(found.tree().leaves());
          whole.add(new PeerChange(found.id(), leaves, deleted, told.isLeaving(), told.together()));
        });
    return whole;
  }

  /** Of the changes up to {@code end}: which are in scope, and which others have left it. */
  private record ScopedChanges(
      Scope scope, long since, long end, Predicate<Change> in, Predicate<Change> leaving) {}

  /** What the index was asked for one page is good for the next. */
  private ScopedChanges scoped(Scope scope, long since) {
    ScopedChanges known = scoped;
    if (known == null
        || !known.scope().equals(scope)
        || since < known.since()
        || since >= known.end()) {
      known = scoped(scope, since, database.lastSequence());
      scoped = known;
    }
    return known;
  }

  private ScopedChanges scoped(Scope scope, long since, long end) {
    JsonObject selected = scope.selector();
    List<String> ids = scope.ids();
    if (selected != null) {
      SelectedChanges of = new SelectedChanges(database, Selector.of(selected.sharedTree()));
      return new ScopedChanges(scope, since, end, of.matching(since, end), of.leaving(since, end));
    }
    if (ids != null) {
      Set<String> wanted = new HashSet<>(ids);
      return new ScopedChanges(
          scope, since, end, change -> wanted.contains(change.id()), change -> false);
    }
    return scope.isAll()
        ? new ScopedChanges(scope, since, end, change -> true, change -> false)
        : new ScopedChanges(
            scope,
            since,
            end,
            rules.filter(scope),
            change -> SelectedChanges.wasEdited(database, change));
  }

  private static long sequence(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("this is no sequence of a Stave database: " + text, e);
    }
  }

  private static List<RevisionId> ids(List<Revision> revisions) {
    List<RevisionId> ids = new ArrayList<>(revisions.size()); // for each document: no stream
    for (Revision revision : revisions) {
      ids.add(revision.id());
    }
    return ids;
  }

  @Override
  public Waiting whenChanged(String since, Scope scope, ChangeListener listener) {
    long seen = sequence(since);
    AtomicBoolean told = new AtomicBoolean();
    ChangesFeed.Subscription commits =
        database.onCommit(
            last -> {
              if (last > seen && told.compareAndSet(false, true)) {
                listener.changed();
              }
            });
    if (database.lastSequence() > seen && told.compareAndSet(false, true)) {
      listener.changed(); // it changed before we listened
    }
    return commits::close;
  }

  @Override
  public Map<String, MissingRevisions> missing(Map<String, List<RevisionId>> offered) {
    Map<String, MissingRevisions> missing = new LinkedHashMap<>();
    List<String> known = new ArrayList<>();
    offered.forEach(
        (id, revisions) -> {
          if (isId(id)) {
            known.add(id);
          } else if (!revisions.isEmpty()) {
            missing.put(id, new MissingRevisions(revisions, List.of()));
          }
        });
    database.inspectAll(
        known,
        found -> {
          List<RevisionId> lacking = new ArrayList<>();
          for (RevisionId revision : offered.getOrDefault(found.id(), List.of())) {
            if (!found.tree().get(revision).isPresent() && !lacking.contains(revision)) {
              lacking.add(revision);
            }
          }
          if (!lacking.isEmpty()) {
            missing.put(found.id(), new MissingRevisions(lacking, ids(found.tree().leaves())));
          }
        });
    return missing;
  }

  /** What is none is refused when it is grafted, where it can be said of it alone. */
  private static boolean isId(String id) {
    try {
      return !Document.checkId(id).isEmpty();
    } catch (InvalidDocumentException e) {
      return false;
    }
  }

  @Override
  public void read(Map<String, List<RevisionId>> wanted, RevisionVisitor visitor) {
    database.inspectAll(
        wanted.keySet(),
        found -> {
          for (RevisionId revision : wanted.getOrDefault(found.id(), List.of())) {
            if (found.tree().get(revision).isPresent()) {
              found.get(revision).ifPresent(document -> visitor.take(sent(document, found)));
            }
          }
        });
  }

  private SentRevision sent(Document document, Inspection of) {
    Map<String, SentAttachment> attachments = new HashMap<>();
    document
        .attachments()
        .forEach(
            (name, attachment) -> attachments.put(name, new LocalAttachment(database, attachment)));
    List<RevisionId> path = ids(of.tree().path(document.revision()));
    return new SentRevision(
        of.id(),
        new RevisionPath(path, document.deleted()),
        document.body(),
        attachments,
        of.provenances(),
        List.of());
  }

  @Override
  public List<GraftResult> graft(List<SentRevision> revisions) {
    return new LocalGraft(database, rules.checks()).write(revisions);
  }

  @Override
  public Map<String, List<RevisionId>> missingBases(Collection<String> documents) {
    Map<String, List<RevisionId>> missing = new LinkedHashMap<>();
    database.inspectAll(
        documents.stream().filter(LocalPeer::isId).collect(Collectors.toList()),
        found -> {
          List<RevisionId> bases = found.tree().missingBases();
          if (!bases.isEmpty()) {
            missing.put(found.id(), bases);
          }
        });
    return missing;
  }

  @Override
  public List<String> conflicts(String after, int limit) {
    List<String> open = new ArrayList<>();
    IdRange behind = after.isEmpty() ? IdRange.ALL : new IdRange(after + '\0', null, false);
    database.forEachConflict(
        behind,
        id -> {
          open.add(id);
          return open.size() < limit;
        });
    return open;
  }

  /** One that can be none here is left out: then it is merged without. */
  @Override
  public void giveBases(List<SentRevision> bases) {
    List<Document> documents = new ArrayList<>();
    List<Attachments.Held> held = new ArrayList<>();
    try {
      LocalGraft graft = new LocalGraft(database, sent -> Optional.empty());
      for (SentRevision base : bases) {
        RevisionPath path = base.path();
        graft
            .attachments(base, held)
            .map(all -> new TreeMap<>(all))
            .ifPresent(
                all ->
                    documents.add(
                        new Document(base.id(), path.leaf(), path.deleted(), base.body(), all)));
      }
      if (!writeBases(documents)) {
        documents.forEach(each -> writeBases(List.of(each)));
      }
    } finally {
      held.forEach(Attachments.Held::close);
    }
  }

  /** False if one of them can be none, too large perhaps: then none is written. */
  private boolean writeBases(List<Document> bases) {
    try {
      WriteBatch batch = new WriteBatch();
      bases.forEach(batch::base);
      database.writeEach(batch);
      return true;
    } catch (InvalidDocumentException e) {
      return false;
    }
  }

  @Override
  public Optional<List<DigestPart>> split(
      String from, @Nullable String to, long size, Scope scope) {
    long all = database.count() + database.deletedCount();
    long wanted = size > 0 ? size : all / FIRST_PARTS + 1;
    List<DigestPart> parts = new ArrayList<>();
    parts.add(new DigestPart(from, Digest.NONE));
    forEachInScope(
        from,
        to,
        scope,
        (id, tree) -> {
          int last = parts.size() - 1;
          DigestPart part = parts.get(last);
          if (part.digest().documents() >= wanted && parts.size() < MAX_DIGEST_PARTS) {
            part = new DigestPart(id, Digest.NONE);
            parts.add(part);
            last++;
          }
          parts.set(last, new DigestPart(part.from(), part.digest().plus(id, ids(tree.leaves()))));
          return true;
        });
    return Optional.of(parts);
  }

  @Override
  public List<Digest> digests(List<String> bounds, @Nullable String to, Scope scope) {
    List<Digest> sums = new ArrayList<>(Collections.nCopies(bounds.size(), Digest.NONE));
    int[] part = {0};
    forEachInScope(
        bounds.get(0),
        to,
        scope,
        (id, tree) -> {
          while (part[0] + 1 < bounds.size()
              && Digests.ORDER.compare(bounds.get(part[0] + 1), id) <= 0) {
            part[0]++;
          }
          sums.set(part[0], sums.get(part[0]).plus(id, ids(tree.leaves())));
          return true;
        });
    return sums;
  }

  @Override
  public SortedMap<String, List<RevisionId>> leaves(
      String from, @Nullable String to, int limit, Scope scope) {
    SortedMap<String, List<RevisionId>> leaves = new TreeMap<>(Digests.ORDER);
    forEachInScope(
        from,
        to,
        scope,
        (id, tree) -> {
          leaves.put(id, ids(tree.leaves()));
          return leaves.size() < limit;
        });
    return leaves;
  }

  private void forEachInScope(
      String from, @Nullable String to, Scope scope, BiPredicate<String, RevisionTree> visitor) {
    Predicate<Change> inScope = scoped(scope, 0, 0).in();
    boolean isAll = scope.isAll();
    database.forEachTree(
        new IdRange(from, to, false),
        (id, tree) -> {
          digestStep.run();
          Revision winner = tree.winner().orElseThrow(IllegalStateException::new);
          boolean isIn = isAll || inScope.test(new Change(0, id, winner.id(), winner.deleted()));
          return !isIn || visitor.test(id, tree);
        });
  }

  /** Whether it has no documents yet, and may begin with the files of its source. */
  public boolean canTakeSeed() {
    return rules.letAllIn() && database.seeds().canTake();
  }

  @Override
  public Optional<SeedOffer> seed() {
    if (!database.seeds().isWorthGiving()) {
      return Optional.empty();
    }
    Seed seed = database.seeds().give();
    return Optional.of(new SeedOffer(true, seed.id(), seed.sequence(), seed.files()));
  }

  @Override
  public void readSeed(String id, IncomingSeed.Piece piece, byte[] bytes) {
    Path file =
        database
            .seeds()
            .find(id)
            .flatMap(seed -> seed.file(piece.file()))
            .orElseThrow(
                () -> new PeerException(PeerException.Kind.NOT_THERE, null, "the seed is gone"));
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(piece.offset());
      in.readFully(bytes, 0, piece.length());
    } catch (IOException e) {
      throw new StorageException("cannot read a seed", file, e);
    }
  }

  @Override
  public Optional<JsonObject> getLocal(String id) {
    return database.getLocal(id);
  }

  @Override
  public void putLocal(String id, JsonObject body) {
    database.putLocal(id, body);
  }

  /** A write is durable when it returns, as far as the database was asked for that. */
  @Override
  public void commit() {}

  @Override
  public void close() {}

  @Override
  public String toString() {
    return name;
  }
}
