package dev.stave.sync;

import dev.stave.changes.ChangesFeed;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.merge.MergePolicy;
import dev.stave.query.Selector;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import dev.stave.sync.http.Credentials;
import dev.stave.sync.http.HttpPeer;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.Scope;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a database in step with a peer for as long as it is open: what is written here goes there,
 * what is written there comes here, whenever there is a network. A local write never waits for it.
 *
 * <pre>{@code
 * try (Replica replica =
 *     Replica.of(notes).with(URI.create("https://example.org/notes")).pull().push().start()) {
 *   RevisionId edit = notes.put("n-1", body);
 *   replica.awaitAcknowledged("n-1", edit, Duration.ofSeconds(10));
 * }
 * }</pre>
 *
 * <p>It has no thread of its own, and a database may have many. Any thread may call any method.
 */
public final class Replica implements AutoCloseable {

  private final Builder asked;
  private final Database database;
  private final Peer peer;
  private final boolean isOurPeer;
  private final Departures departures;
  private final List<Consumer<ReplicaState>> watchers = new CopyOnWriteArrayList<>();
  private final Object changing = new Object(); // held while the runs are stopped or begun
  private final List<Replication> before = new ArrayList<>(); // of another scope, not ended yet
  private boolean isPaused;
  private volatile boolean hasEnded;
  private volatile Runs runs;

  /**
   * What is replicated, and the two directions; null for one that is not asked for.
   *
   * @param pullsFirst whether all may come in files, which are not to be offered to those whom they
   *     come from
   */
  private record Runs(
      Scope scope, @Nullable Replication push, @Nullable Replication pull, boolean pullsFirst) {
    List<Replication> each() {
      return Stream.of(Optional.ofNullable(pull), Optional.ofNullable(push))
          .filter(Optional::isPresent)
          .map(Optional::get)
          .collect(Collectors.toList());
    }

    boolean isHeld(Replication each) {
      return pullsFirst
          && each == push
          && pull != null
          && !pull.hasBegun()
          && !pull.progress().state().isEnd();
    }
  }

  private Replica(Builder asked, Peer peer) {
    this.asked = asked;
    this.database = asked.database;
    this.peer = peer;
    this.isOurPeer = asked.peer == null;
    boolean both = asked.push == asked.pull;
    this.departures = new Departures(database, both || asked.push, both || asked.pull);
    this.runs = runs(asked.scope);
    departures.recount();
    departures.watch(this::hint); // what is to be sent or looked at again is so at once
    beginNext();
  }

  private Runs runs(Scope scope) {
    boolean both = asked.push == asked.pull;
    ReplicationOptions options = asked.options.continuously().withScope(scope);
    LocalPeer here = LocalPeer.of(database);
    ReplicationOptions ofPull = options.withPurging().withPolicy(asked.policy);
    Replication pull = both || asked.pull ? replication(peer, here, ofPull) : null;
    Replication push = both || asked.push ? replication(here, peer, options) : null;
    boolean pullsFirst = push != null && pull != null && scope.isAll() && here.canTakeSeed();
    return new Runs(scope, push, pull, pullsFirst);
  }

  private Replication replication(Peer source, Peer target, ReplicationOptions options) {
    Database home = Replication.home(source, target);
    Replication made = new Replication(source, target, options, asked.workers, home, departures);
    made.watch(
        progress -> {
          if (progress.state() == Progress.State.STOPPED || isAnyNew()) {
            beginNext(); // whatever comes of who watches
          }
          tell();
        });
    return made;
  }

  private boolean isAnyNew() {
    return runs.each().stream().anyMatch(each -> each.progress().state() == Progress.State.NEW);
  }

  private void tell() {
    if (!watchers.isEmpty()) {
      ReplicaState now = state();
      watchers.forEach(watcher -> watcher.accept(now));
    }
  }

  /** Says with whom, and what, and starts it. For one thread. */
  public static final class Builder {
    private final Database database;
    private @Nullable URI address;
    private Credentials credentials = Credentials.none();
    private @Nullable Peer peer;
    private Scope scope = Scope.ALL;
    private boolean push;
    private boolean pull;
    private @Nullable MergePolicy policy;
    private Workers workers = SharedWorkers.INSTANCE;
    private ReplicationOptions options = ReplicationOptions.DEFAULT;

    private Builder(Database database) {
      this.database = database;
    }

    /** With the database at {@code address}, in which there may be a name and a password. */
    public Builder with(URI of) {
      address = of;
      return this;
    }

    /** As {@link #with(URI)}, with credentials that are not in the address. */
    public Builder with(URI of, Credentials login) {
      address = of;
      credentials = login;
      return this;
    }

    /** With any peer, which stays open when the replica is closed. */
    public Builder with(Peer of) {
      peer = of;
      return this;
    }

    /** What the peer has comes here. Without this and {@link #push}, both are done. */
    public Builder pull() {
      pull = true;
      return this;
    }

    /** What is here goes to the peer. */
    public Builder push() {
      push = true;
      return this;
    }

    /**
     * Only documents that match, both ways.
     *
     * @throws dev.stave.query.InvalidSelectorException if it is none
     */
    public Builder selector(String json) {
      return selector(JsonObject.parse(json));
    }

    /** As {@link #selector(String)}. */
    public Builder selector(JsonObject selector) {
      Selector.of(selector.sharedTree());
      return scope(Scope.selector(selector));
    }

    /** Only documents in {@code of}, both ways. */
    public Builder scope(Scope of) {
      scope = of;
      return this;
    }

    /**
     * Conflicts of what came are merged here, as far as they fit by {@code of}, and the merge goes
     * to the peer as any edit does. The others are open merge requests, as all are without a
     * policy. What the database's {@linkplain dev.stave.review.ReviewRules rules} want reviewed
     * waits for that.
     */
    public Builder policy(MergePolicy of) {
      policy = of;
      return this;
    }

    /** For a simulation, which has threads and time of its own. */
    Builder run(Workers by, ReplicationOptions how) {
      workers = by;
      options = how;
      return this;
    }

    /**
     * Begins, and returns at once, with or without a network.
     *
     * @throws IllegalStateException if nobody was named to replicate with, or there is a policy for
     *     conflicts and nothing is pulled
     */
    public Replica start() {
      if (policy != null && push && !pull) {
        throw new IllegalStateException("a policy is for what comes: pull(), too");
      }
      if (peer != null) {
        return new Replica(this, peer);
      }
      if (address == null) {
        throw new IllegalStateException("a replica is with somebody: with(…)");
      }
      return new Replica(this, HttpPeer.at(address, credentials));
    }
  }

  public static Builder of(Database database) {
    return new Builder(database);
  }

  /**
   * Forgets which peers the database was a replica of, and with which scopes: what it has of those
   * that are there no more would never leave. Documents stay as they are. For when no replica of
   * the database is open.
   */
  public static void forgetPeers(Database database) {
    new RememberedScopes(database).forgetAll();
  }

  /**
   * Replicates another scope from now on. What is newly in scope comes; what is not in scope any
   * more is purged here, if the peer has all of it, and else is one of the {@link #departures}.
   * What is in neither scope stays as it is. A replica that is begun later with another scope than
   * the last time does the same, so that nothing is lost if this one ends before it is done.
   *
   * <p>Returns at once: it begins when what is in flight has ended.
   *
   * @throws IllegalStateException if the replica is closed
   */
  public void setScope(Scope scope) {
    synchronized (changing) {
      if (hasEnded) {
        throw new IllegalStateException("the replica is closed");
      }
      if (scope.equals(runs.scope())) {
        return;
      }
      before.addAll(runs.each());
      runs = runs(scope);
      if (isPaused) {
        runs.each().forEach(Replication::pause);
      }
      List.copyOf(before).forEach(Replication::stopLater);
    }
    beginNext();
  }

  /** Begins what is to be run now, when what was run before has ended. */
  private void beginNext() {
    synchronized (changing) {
      before.removeIf(each -> each.progress().state().isEnd());
      if (before.isEmpty() && !hasEnded) {
        runs.each().stream()
            .filter(each -> each.progress().state() == Progress.State.NEW && !runs.isHeld(each))
            .forEach(Replication::start);
      }
    }
  }

  /** What is replicated. */
  public Scope scope() {
    return runs.scope();
  }

  /** Lets what is in flight end, and does nothing until {@link #resume}. */
  public void pause() {
    synchronized (changing) {
      isPaused = true;
      runs.each().forEach(Replication::pause);
    }
  }

  public void resume() {
    synchronized (changing) {
      isPaused = false;
      runs.each().forEach(Replication::resume);
    }
  }

  /** Says that there is a network again: what waits to try again does it now. */
  public void hint() {
    runs.each().forEach(Replication::hint);
  }

  /** How it is now. */
  public ReplicaState state() {
    Runs now = runs;
    return new ReplicaState(
        Optional.ofNullable(now.push()).map(Replication::progress),
        Optional.ofNullable(now.pull()).map(Replication::progress),
        departures.count());
  }

  /**
   * Calls {@code watcher} with each new state, on the thread that made it: it must be quick and
   * must not throw. Close what is returned to end it.
   */
  public ChangesFeed.Subscription watch(Consumer<ReplicaState> watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  /**
   * What the peer has refused of what is here. Empty if nothing is pushed, or the peer was never
   * reached so far.
   */
  public Optional<DeadLetters> deadLetters() {
    return Optional.ofNullable(runs.push()).flatMap(Replication::deadLetters);
  }

  /**
   * What this database has refused of what the peer has. Empty if nothing is pulled, or the peer
   * was not reached yet.
   */
  public Optional<DeadLetters> refusedHere() {
    return Optional.ofNullable(runs.pull()).flatMap(Replication::deadLetters);
  }

  /** What has left the scope with edits that the peer lacks, for somebody to decide on. */
  public Departures departures() {
    return departures;
  }

  /**
   * How far a revision of this database is on its way to the peer, together with what was made of
   * its document since, as the peer has said when it was last reached, in an earlier run perhaps.
   *
   * @throws NoSuchElementException if there is no such revision here
   */
  public RevisionStatus status(String id, RevisionId revision) {
    // How far it is comes first, and the letters last: a refusal is recorded before it is counted
    // as
    // written, and what the document was made meanwhile is of a later change.
    Runs now = runs;
    Replication sending = now.push();
    long written = sending == null ? 0 : sending.writtenTo();
    long read = sending == null ? 0 : sending.readTo();
    Known known = database.inspect(id, of -> new Known(of.tree(), of.sequence()));
    RevisionTree tree = known.tree();
    if (!tree.get(revision).isPresent()) {
      throw new NoSuchElementException("there is no revision " + revision + " of " + id);
    }
    if (sending == null || isOutOfScope(id, now.scope())) {
      return new RevisionStatus.OutOfScope();
    }
    Optional<DeadLetter> letter =
        sending.deadLetters().flatMap(letters -> refusal(letters, id, tree, revision));
    if (letter.isPresent()) {
      return new RevisionStatus.Refused(letter.get());
    }
    if (written >= known.changed()) {
      return new RevisionStatus.Acknowledged();
    }
    return read >= known.changed() ? new RevisionStatus.Sent() : new RevisionStatus.Local();
  }

  /** A document's tree and the sequence of its newest change, of one commit. */
  private record Known(RevisionTree tree, long changed) {}

  /** Of the revision, or of all that grew from it: then it did not travel with any of that. */
  private static Optional<DeadLetter> refusal(
      DeadLetters letters, String id, RevisionTree tree, RevisionId revision) {
    if (!letters.isAny()) {
      return Optional.empty();
    }
    Optional<DeadLetter> found = letters.find(id, revision);
    if (found.isPresent()) {
      return found;
    }
    for (Revision leaf : tree.leaves()) {
      if (tree.path(leaf.id()).stream().anyMatch(each -> each.id().equals(revision))) {
        found = letters.find(id, leaf.id());
        if (!found.isPresent()) {
          return Optional.empty();
        }
      }
    }
    return found;
  }

  private boolean isOutOfScope(String id, Scope scope) {
    List<String> ids = scope.ids();
    if (ids != null) {
      return !ids.contains(id);
    }
    Optional<Predicate<Document>> test = scope.test();
    if (!test.isPresent()) {
      return false;
    }
    Optional<Document> winner = database.get(id);
    return winner.isPresent()
        ? !test.get().test(winner.get())
        : !Leavers.mayHaveBeenIn(
            database, id, test.get()); // of the deletion of anything else nobody hears
  }

  /**
   * Waits until it is settled what becomes of a revision, or the time is over, or the replica.
   *
   * @return what is known then
   * @throws NoSuchElementException if there is no such revision here
   */
  public RevisionStatus awaitAcknowledged(String id, RevisionId revision, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Object news = new Object();
    try (ChangesFeed.Subscription watching =
        watch(
            state -> {
              synchronized (news) {
                news.notifyAll();
              }
            })) {
      while (true) {
        synchronized (news) {
          RevisionStatus status = status(id, revision);
          long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
          boolean isOver = isOver();
          if (status.isFinal() || isOver || left <= 0) {
            return status;
          }
          news.wait(left);
        }
      }
    }
  }

  /** Nothing is sent any more. A run that was stopped for another scope is followed by one. */
  private boolean isOver() {
    Replication sending = runs.push();
    if (sending == null) {
      return true;
    }
    Progress.State state = sending.progress().state();
    return state == Progress.State.FAILED || state == Progress.State.STOPPED && hasEnded;
  }

  /**
   * Compares what is here and in scope with what the peer has of it, now: both look at all of it,
   * and little is said. What is on its way shows as a difference.
   *
   * @throws dev.stave.sync.peer.PeerException if the peer cannot be reached, or refuses it
   */
  public Comparison verify() {
    return Comparison.of(LocalPeer.of(database), peer, runs.scope());
  }

  /** Ends it: returns when what was in flight has ended, and how far it is is written down. */
  @Override
  public void close() {
    synchronized (changing) {
      hasEnded = true;
    }
    // Not under the lock: what ends says so.
    runs.each().forEach(Replication::stop);
    List<Replication> others;
    synchronized (changing) {
      others = List.copyOf(before);
    }
    others.forEach(Replication::stop);
    if (isOurPeer) {
      peer.close();
    }
  }
}
