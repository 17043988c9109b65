package dev.stave.sync;

import dev.stave.StaveException;
import dev.stave.database.Database;
import dev.stave.storage.StorageException;
import dev.stave.sync.Progress.State;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies every leaf that a source has and a target lacks, with its ancestry, its attachments and
 * what is told of who made it: afterwards the target shows what the source shows, and what both had
 * edited is a conflict there. What the target needs to merge its conflicts and lacks, bodies of
 * ancestors, it gets as well, as far as the source has them. It goes on where the last one between
 * the two ended, and may be stopped anywhere.
 *
 * <p>Push and pull are the same: the peers change places. Both may be written meanwhile. What fails
 * for now is tried again; what the target refuses is kept in {@link #deadLetters}.
 *
 * <p>Any thread may call any method.
 */
public final class Replication implements AutoCloseable {

  /*
   * It is made of steps (Course), each of which runs on a thread of the workers' and ends. While one looks for
   * changes, others fetch what was found before, and one writes what was fetched, in the order of the source; so
   * many batches wait between them at most. No step
   * waits for another, and there is none while there is nothing to do. What is to be done next is
   * decided in one place, advance(), under the lock; after a failure, or when it is to pause or to
   * stop, that lets what is under way end and begins nothing more until then.
   */

  /** So many documents are told one by one that were refused in one run. */
  public static final int MOST_REFUSED_TOLD = 100;

  private static final int ATTEMPTS_OF_ONE_RUN = 5;

  /**
   * What a run did.
   *
   * @param changes documents that had changed at the source
   * @param written leaves that the target lacked
   */
  public record Summary(long changes, long written) {}

  private final Peer source;
  private final ReplicationOptions options;
  private final Workers workers;
  private final Backoff backoff;
  private final Course course;
  private final List<Consumer<Progress>> watchers = new CopyOnWriteArrayList<>();

  // under the lock of this
  private State state = State.NEW;
  private boolean pausing;
  private boolean stopping;
  private int running; // steps
  private long nextAttemptMillis;
  private long behindSinceMillis = -1; // or it is not behind
  private @Nullable RuntimeException failure;
  private @Nullable RuntimeException error; // the last, until all is well again
  private Workers.@Nullable Timer timer;
  private Workers.@Nullable Timer checkpointTimer;
  private Peer.@Nullable Waiting waiting;

  /**
   * @param home the database that keeps what the target refuses; null if none does
   * @param departures what leaves the scope of the target, or has left that of the source; null if
   *     nothing does
   * @throws IllegalArgumentException if something is to be purged from a target that is elsewhere,
   *     or merged there
   */
  Replication(
      Peer source,
      Peer target,
      ReplicationOptions options,
      Workers workers,
      @Nullable Database home,
      @Nullable Departures departures) {
    if (options.purging() && !(target instanceof LocalPeer)) {
      throw new IllegalArgumentException(
          "only from a database of this process is purged what leaves the scope: " + target.name());
    }
    if (options.policy() != null && !(target instanceof LocalPeer)) {
      throw new IllegalArgumentException(
          "only in a database of this process conflicts are merged by a policy: " + target.name());
    }
    this.source = source;
    this.options = options;
    this.workers = workers;
    this.backoff = new Backoff(workers);
    this.course = new Course(source, target, options, workers, home, departures);
  }

  /** With departures of its own, where it purges. */
  Replication(
      Peer source,
      Peer target,
      ReplicationOptions options,
      Workers workers,
      @Nullable Database home) {
    this(
        source,
        target,
        options,
        workers,
        home,
        options.purging() && target instanceof LocalPeer replica
            ? Departures.of(replica.database())
            : null);
  }

  /** One that is begun by {@link #start}. */
  public static Replication of(Peer source, Peer target, ReplicationOptions options) {
    return new Replication(source, target, options, SharedWorkers.INSTANCE, home(source, target));
  }

  static @Nullable Database home(Peer source, Peer target) {
    if (source instanceof LocalPeer local) {
      return local.database();
    }
    return target instanceof LocalPeer local ? local.database() : null;
  }

  /** Copies from {@code source} to {@code target} until the source has nothing newer. */
  public static Summary run(Database source, Database target) {
    return run(LocalPeer.of(source), LocalPeer.of(target));
  }

  /**
   * As {@link #run(Database, Database)}, between any two peers.
   *
   * @throws PeerException if a peer cannot be reached, or does not do what it is asked for
   */
  public static Summary run(Peer source, Peer target) {
    try (Replication replication = of(source, target, ReplicationOptions.DEFAULT)) {
      return replication.start().await();
    }
  }

  // From outside

  /**
   * Begins, and returns at once.
   *
   * @throws IllegalStateException if it was begun before
   */
  public Replication start() {
    synchronized (this) {
      if (state != State.NEW) {
        throw new IllegalStateException("a replication is started once");
      }
      become(State.RUNNING);
      advance();
    }
    tell();
    return this;
  }

  /**
   * Waits for the end of a replication that is not continuous.
   *
   * @throws StaveException if it failed: why
   */
  public synchronized Summary await() {
    awaitUntil(() -> state.isEnd());
    RuntimeException why = failure;
    if (state == State.FAILED && why != null) {
      throw why;
    }
    Progress now = progress();
    return new Summary(now.changes(), now.written());
  }

  /** Lets what is in flight end, writes down how far it is, and does nothing until resumed. */
  public void pause() {
    synchronized (this) {
      if (state.isEnd() || pausing) {
        return;
      }
      pausing = true;
      endWait();
      advance();
    }
    tell();
  }

  /** Goes on after {@link #pause}. */
  public void resume() {
    synchronized (this) {
      if (!pausing || state.isEnd()) {
        return;
      }
      pausing = false;
      if (state == State.PAUSED) {
        beginAgain();
      } else if (state == State.IDLE) { // it was not paused yet, and does not listen any more
        endWait();
        wake();
      }
    }
    tell();
  }

  /** Says that a peer may be reached again, or has something new: it looks at once. */
  public void hint() {
    synchronized (this) {
      backoff.reset();
      if (state == State.RETRYING) {
        endWait();
        beginAgain();
      } else if (state == State.IDLE) {
        endWait();
        wake();
      } else if (state == State.RUNNING) {
        course.wake(); // what is under way may have looked already
        advance();
      }
    }
    tell();
  }

  /** Ends it: returns when what was in flight has ended, and how far it is is written down. */
  public void stop() {
    stopLater();
    synchronized (this) {
      awaitUntil(() -> state.isEnd());
    }
  }

  /** As {@link #stop}, but does not wait. */
  void stopLater() {
    synchronized (this) {
      if (state == State.NEW) {
        become(State.STOPPED);
      }
      if (!state.isEnd()) {
        stopping = true;
        endWait();
        advance();
      }
    }
    tell();
  }

  /** As {@link #stop}. The peers stay open. */
  @Override
  public void close() {
    stop();
  }

  /** How far it is now. */
  public synchronized Progress progress() {
    Checkpoints.Counts counts = course.counts();
    return new Progress(
        state,
        counts.checked(),
        counts.missing(),
        counts.read(),
        counts.written(),
        counts.refused(),
        course.writtenTo(),
        course.checkpoint(),
        course.pending(),
        course.perSecond(),
        behindSinceMillis < 0 ? 0 : Math.max(0, workers.millis() - behindSinceMillis),
        backoff.failures(),
        nextAttemptMillis,
        error == null ? null : String.valueOf(error.getMessage()),
        error instanceof PeerException peer ? peer.kind() : null);
  }

  /** Whether it knows where to go on. */
  boolean hasBegun() {
    return course.hasBegun();
  }

  /**
   * The sequence of a source in this process up to which all is at the target, or refused, as the
   * target has said when it was last reached.
   */
  long writtenTo() {
    return course.acknowledgedTo();
  }

  /** The sequence of a source in this process up to which all is on its way, at least. */
  long readTo() {
    return course.hasBegun() ? Long.parseLong(course.readTo()) : 0;
  }

  /**
   * Calls {@code watcher} with each new progress, on the thread that made it: it must be quick and
   * must not throw. Close what is returned to end it.
   */
  public Peer.Waiting watch(Consumer<Progress> watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  /**
   * What the target has refused, as it is kept in the source's database, or in the target's if the
   * source is elsewhere. Empty if both are, or if they were never reached so far: what is refused
   * then is in {@link #refused}, and offered anew by the next replication between them.
   */
  public Optional<DeadLetters> deadLetters() {
    return course.letters();
  }

  /** What the target has refused of what this one sent: the first {@link #MOST_REFUSED_TOLD}. */
  public List<GraftResult.Refused> refused() {
    return course.firstRefused();
  }

  /** Under the lock. An interrupt does not end it; it is kept for later. */
  private void awaitUntil(BooleanSupplier condition) {
    boolean interrupted = false;
    while (!condition.getAsBoolean()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell() {
    if (!watchers.isEmpty()) {
      Progress now = progress();
      watchers.forEach(watcher -> watcher.accept(now));
    }
  }

  // What is next: all of it under the lock

  private void become(State next) {
    state = next;
    if (next.isInStep()) {
      behindSinceMillis = -1;
    } else if (behindSinceMillis < 0) {
      behindSinceMillis = workers.millis();
    }
  }

  private void advance() {
    if (state != State.RUNNING && state != State.IDLE && !(running == 0 && stopping)) {
      return;
    }
    if (failure != null || pausing || stopping) {
      if (running == 0) {
        halt();
      }
      return;
    }
    if (!course.hasBegun()) {
      if (running == 0) {
        launch(course::begin);
      }
      return;
    }
    if (course.takesLook()) {
      launch(course::look);
    }
    for (Optional<Runnable> fetch = course.takeFetch();
        fetch.isPresent();
        fetch = course.takeFetch()) {
      launch(fetch.get());
    }
    if (course.takesWrite()) {
      launch(this::write);
    }
    if (running == 0 && course.takesSettle()) {
      launch(this::settle);
    }
  }

  private void launch(Runnable step) {
    running++;
    workers.execute(
        () -> {
          RuntimeException failed = null;
          try {
            step.run();
          } catch (RuntimeException e) {
            failed = e;
          } catch (Error e) { // memory, mostly: it must not look as if it went on
            failed = new IllegalStateException("a step of the replication broke off", e);
          }
          synchronized (this) {
            running--;
            if (failed != null && failure == null) {
              failure = failed;
            }
            advance();
            notifyAll();
          }
          tell();
        });
  }

  /** Nothing is under way, and nothing is to be. */
  private void halt() {
    RuntimeException why = failure;
    endFeed(); // it may have been idle
    if (why == null && course.isAheadOfCheckpoint()) {
      launch(course::recordCheckpoint);
    } else if (stopping) {
      become(State.STOPPED);
    } else if (why == null) {
      become(State.PAUSED);
    } else if (isWorthAnother(why)) {
      retryLater(why);
    } else {
      error = why;
      become(State.FAILED);
    }
  }

  private boolean isWorthAnother(RuntimeException why) {
    if (why instanceof StorageException) {
      return options.continuous(); // the disk is full, perhaps: somebody may make room
    }
    if (!(why instanceof PeerException peer)) {
      return false;
    }
    if (options.continuous()) {
      return peer.isTransient() || peer.kind() == PeerException.Kind.NOT_THERE; // it may be made
    }
    return peer.isTransient() && backoff.failures() < ATTEMPTS_OF_ONE_RUN - 1;
  }

  private void retryLater(RuntimeException why) {
    error = why;
    OptionalLong asked =
        why instanceof PeerException peer ? peer.retryAfterMillis() : OptionalLong.empty();
    long millis = backoff.next(asked);
    failure = null;
    if (pausing) {
      become(State.PAUSED);
      return;
    }
    become(State.RETRYING);
    nextAttemptMillis = workers.millis() + millis;
    timer =
        workers.after(
            millis,
            () -> {
              synchronized (this) {
                if (state == State.RETRYING) {
                  beginAgain();
                }
              }
              tell();
            });
  }

  private void beginAgain() {
    become(State.RUNNING);
    nextAttemptMillis = 0;
    timer = null;
    failure = null;
    course.turnBack();
    advance();
  }

  private void endWait() {
    Workers.Timer later = timer;
    if (later != null) {
      later.cancel();
      timer = null;
    }
    endFeed();
    if (state == State.RETRYING || state == State.PAUSED) {
      if (stopping) {
        course.turnBack(); // nothing is written down any more
        become(State.STOPPED);
      } else if (pausing) {
        become(State.PAUSED);
      }
    }
  }

  private void endFeed() {
    Workers.Timer later = checkpointTimer;
    if (later != null) {
      later.cancel();
      checkpointTimer = null;
    }
    Peer.Waiting feed = waiting;
    waiting = null;
    if (feed != null) {
      feed.close();
    }
  }

  private void wake() {
    if (course.isSettled()) {
      course.wake();
      become(State.RUNNING);
      advance();
    }
  }

  // Steps: outside the lock

  private void write() {
    course.write();
    succeeded();
  }

  private synchronized void succeeded() {
    backoff.reset();
    error = null;
  }

  private void settle() {
    course.settle();
    succeeded();
    synchronized (this) {
      if (!course.isSettled()) {
        return; // there is more by now
      }
      become(options.continuous() ? State.IDLE : State.DONE);
    }
    if (options.continuous()) {
      Peer.Waiting feed = source.whenChanged(course.readTo(), options.scope(), new Listener());
      synchronized (this) {
        if (state == State.IDLE && waiting == null && !pausing && !stopping) {
          waiting = feed;
          course.checkpointDueInMillis().ifPresent(this::recordLater);
          return;
        }
      }
      feed.close(); // it was not needed any more
    }
  }

  /** So many edits have one checkpoint, if it stays idle as long. */
  private void recordLater(long millis) {
    checkpointTimer =
        workers.after(
            millis,
            () -> {
              synchronized (this) {
                if (state == State.IDLE && !pausing && !stopping) {
                  launch(course::recordCheckpoint);
                }
              }
            });
  }

  private final class Listener implements Peer.ChangeListener {

    @Override
    public void changed() {
      synchronized (Replication.this) {
        endFeed();
        wake();
      }
      // Its own thread may be one that commits: who watches is told by the next step.
    }

    @Override
    public void failed(PeerException why) {
      synchronized (Replication.this) {
        endFeed();
        if (state == State.IDLE) {
          become(State.RUNNING);
          failure = why;
          advance();
        }
      }
      tell();
    }
  }
}
