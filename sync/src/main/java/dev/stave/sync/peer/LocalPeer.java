package dev.stave.sync.peer;

import dev.stave.changes.Change;
import dev.stave.changes.ChangesFeed;
import dev.stave.database.Attachments;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.database.Inspection;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.document.InvalidDocumentException;
import dev.stave.json.JsonObject;
import dev.stave.query.Selector;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A database of this process as a peer. It stays open when this is closed. */
public final class LocalPeer implements Peer {

  private final Database database;
  private final String name;
  private final Rules rules;

  private LocalPeer(Database database, String name, Rules rules) {
    this.database = database;
    this.name = name;
    this.rules = rules;
  }

  /** What functions of design documents have to say, for one who can run them. */
  public interface Rules {

    /** What a scope with a filter function lets through. */
    Predicate<Change> filter(Scope scope);

    /** Made for some revisions: says of each why it may not be written; empty if it may. */
    Function<SentRevision, Optional<String>> checks();
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
    return new LocalPeer(database, "this database", NO_RULES);
  }

  /**
   * As {@link #of(Database)}, for one who can run functions of design documents.
   *
   * @param name what people call it
   */
  public static LocalPeer of(Database database, String name, Rules rules) {
    return new LocalPeer(database, name, rules);
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
  public ChangesPage changes(String since, int limit, Scope scope) {
    List<Change> looked = whole(database.changes(sequence(since), limit));
    List<PeerChange> changes = new ArrayList<>();
    long transaction = 0;
    Predicate<Change> inScope = predicate(scope);
    for (Change change : looked) {
      // That a document is no more is for whoever has it: a selector would not match it.
      boolean isLeaving = scope.selector() != null && change.deleted();
      if (isLeaving || inScope.test(change)) {
        List<RevisionId> leaves = ids(database.tree(change.id()).leaves());
        long together = change.isTogetherAfter(transaction) ? change.together() : 0;
        changes.add(new PeerChange(change.id(), leaves, isLeaving, together));
      }
      transaction = change.together();
    }
    long last = looked.isEmpty() ? sequence(since) : looked.get(looked.size() - 1).sequence();
    long pending = looked.size() < limit ? 0 : Math.max(0, database.lastSequence() - last);
    return new ChangesPage(changes, Long.toString(last), looked.size() >= limit, pending);
  }

  /** With the rest of the transaction that the last of them is of. */
  private List<Change> whole(List<Change> changes) {
    if (changes.isEmpty()) {
      return changes;
    }
    Change last = changes.get(changes.size() - 1);
    long more = Math.min(last.together() - last.sequence(), ChangesPage.MAX_MORE_TOGETHER);
    if (more == 0) {
      return changes;
    }
    List<Change> whole = new ArrayList<>(changes);
    for (Change next : database.changes(last.sequence(), (int) more)) {
      if (next.sequence() > last.together()) {
        break;
      }
      whole.add(next);
    }
    return whole;
  }

  private static long sequence(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("this is no sequence of a Stave database: " + text, e);
    }
  }

  private Predicate<Change> predicate(Scope scope) {
    JsonObject selected = scope.selector();
    List<String> ids = scope.ids();
    if (selected != null) {
      Selector selector = Selector.of(selected.sharedTree());
      return change ->
          database
              .get(change.id(), change.revision())
              .filter(found -> selector.matches(found.id(), found.body().sharedTree()))
              .isPresent();
    }
    if (ids != null) {
      Set<String> wanted = new HashSet<>(ids);
      return change -> wanted.contains(change.id());
    }
    return scope.isAll() ? change -> true : rules.filter(scope);
  }

  private static List<RevisionId> ids(List<Revision> revisions) {
    return revisions.stream().map(Revision::id).collect(Collectors.toList());
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

  @Override
  public void giveBases(List<SentRevision> bases) {
    WriteBatch batch = new WriteBatch();
    List<Attachments.Held> held = new ArrayList<>();
    try {
      LocalGraft graft = new LocalGraft(database, sent -> Optional.empty());
      for (SentRevision base : bases) {
        graft
            .attachments(base, held)
            .ifPresent(
                all ->
                    batch.base(
                        new Document(
                            base.id(),
                            base.revision(),
                            base.path().deleted(),
                            base.body(),
                            new TreeMap<>(all))));
      }
      database.writeEach(batch);
    } finally {
      held.forEach(Attachments.Held::close);
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
