package dev.stave.sync;

import dev.stave.StaveException;
import dev.stave.database.Database;
import dev.stave.sync.Progress.State;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
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
   * It is made of steps, each of which runs on a thread of the workers' and ends. While one reads
   * a batch, another may write the one before; so many batches wait between them at most. No step
   * waits for another, and there is none while there is nothing to do. What is to be done next is
   * decided in one place, advance(), under the lock; after a failure, or when it is to pause or to
   * stop, that lets what is under way end and begins nothing more until then.
   */

  private static final int BATCHES_AHEAD = 2;
  private static final int ATTEMPTS_OF_ONE_RUN = 5;

  /**
   * What a run did.
   *
   * @param changes documents that had changed at the source
   * @param written leaves that the target lacked
   */
  public record Summary(long changes, long written) {}

  private final Peer source;
  private final Peer target;
  private final ReplicationOptions options;
  private final Workers workers;
  private final @Nullable Database home;
  private final Backoff backoff;
  private final List<Consumer<Progress>> watchers = new CopyOnWriteArrayList<>();

  // under the lock of this
  private State state = State.NEW;
  private boolean pausing;
  private boolean stopping;
  private int running; // steps
  private boolean reading;
  private boolean writing;
  private boolean hasBegun;
  private boolean isDrained; // the source had nothing more
  private boolean isSettled; // and all that follows from that is done
  private boolean wasDrained;
  private final Queue<Batch> ahead = new ArrayDeque<>();
  private String readTo = Peer.BEGINNING;
  private String writtenTo = Peer.BEGINNING;
  private String checkpoint = Peer.BEGINNING;
  private long checkpointMillis;
  private long pending = -1;
  private long nextAttemptMillis;
  private @Nullable RuntimeException failure;
  private @Nullable String error;
  private Workers.@Nullable Timer timer;
  private Peer.@Nullable Waiting waiting;

  // set by the first step
  private volatile @Nullable Transfer transfer;
  private volatile @Nullable Checkpoints checkpoints;
  private volatile @Nullable DeadLetters letters;

  /**
   * @param home the database that keeps what the target refuses; null if none does
   */
  Replication(
      Peer source,
      Peer target,
      ReplicationOptions options,
      Workers workers,
      @Nullable Database home) {
    this.source = source;
    this.target = target;
    this.options = options;
    this.workers = workers;
    this.home = home;
    this.backoff = new Backoff(workers);
  }

  /** One that is begun by {@link #start}. */
  public static Replication of(Peer source, Peer target, ReplicationOptions options) {
    return new Replication(source, target, options, SharedWorkers.INSTANCE, home(source, target));
  }

  private static @Nullable Database home(Peer source, Peer target) {
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
      state = State.RUNNING;
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
        state = State.STOPPED;
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
    Transfer of = transfer;
    Checkpoints.Counts counts = of == null ? new Checkpoints.Counts(0, 0, 0, 0, 0) : of.counts();
    return new Progress(
        state,
        counts.checked(),
        counts.missing(),
        counts.read(),
        counts.written(),
        counts.refused(),
        writtenTo,
        checkpoint,
        pending,
        backoff.failures(),
        nextAttemptMillis,
        error);
  }

  /**
   * Whether all up to {@code sequence} of a source in this process is at the target, or refused.
   */
  synchronized boolean isWrittenTo(long sequence) {
    return hasBegun && Long.parseLong(writtenTo) >= sequence;
  }

  /** Whether all up to {@code sequence} of a source in this process is on its way, at least. */
  synchronized boolean isReadTo(long sequence) {
    return hasBegun && Long.parseLong(readTo) >= sequence;
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
   * source is elsewhere. Empty if both are, or before the peers were reached for the first time.
   */
  public Optional<DeadLetters> deadLetters() {
    return Optional.ofNullable(letters);
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
    if (!hasBegun) {
      if (running == 0) {
        launch(this::begin);
      }
      return;
    }
    if (!reading && !isDrained && ahead.size() < BATCHES_AHEAD) {
      reading = true;
      launch(this::read);
    }
    if (!writing && !ahead.isEmpty()) {
      writing = true;
      launch(this::write);
    }
    if (running == 0 && !isSettled) {
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
    if (why == null && !writtenTo.equals(checkpoint) && hasBegun) {
      launch(this::recordCheckpoint);
    } else if (stopping) {
      state = State.STOPPED;
    } else if (why == null) {
      state = State.PAUSED;
    } else if (isWorthAnother(why)) {
      retryLater(why);
    } else {
      error = String.valueOf(why.getMessage());
      state = State.FAILED;
    }
  }

  private boolean isWorthAnother(RuntimeException why) {
    boolean isTransient = why instanceof PeerException peer && peer.isTransient();
    return isTransient && (options.continuous() || backoff.failures() < ATTEMPTS_OF_ONE_RUN - 1);
  }

  private void retryLater(RuntimeException why) {
    error = String.valueOf(why.getMessage());
    OptionalLong asked =
        why instanceof PeerException peer ? peer.retryAfterMillis() : OptionalLong.empty();
    long millis = backoff.next(asked);
    failure = null;
    if (pausing) {
      state = State.PAUSED;
      return;
    }
    state = State.RETRYING;
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

  /** From the last checkpoint on that both sides know: one of them may have lost something. */
  private void beginAgain() {
    state = State.RUNNING;
    nextAttemptMillis = 0;
    timer = null;
    failure = null;
    hasBegun = false;
    ahead.clear();
    isDrained = false;
    isSettled = false;
    advance();
  }

  private void endWait() {
    Workers.Timer later = timer;
    if (later != null) {
      later.cancel();
      timer = null;
    }
    Peer.Waiting feed = waiting;
    if (feed != null) {
      feed.close();
      waiting = null;
    }
    if (state == State.RETRYING || state == State.PAUSED) {
      if (stopping) {
        state = State.STOPPED;
      } else if (pausing) {
        state = State.PAUSED;
      }
    }
  }

  private void wake() {
    if (isSettled) {
      isDrained = false;
      isSettled = false;
      state = State.RUNNING;
      advance();
    }
  }

  // Steps: outside the lock

  private void begin() {
    String id = Checkpoints.idOf(source, target, options.scope().toJson());
    if (letters == null && home != null) {
      letters = new DeadLetters(home, id);
    }
    if (transfer == null) {
      transfer = new Transfer(source, target, options.scope(), workers, letters);
    }
    String begin = options.since() == null ? Peer.BEGINNING : options.since();
    if (options.useCheckpoints()) {
      if (checkpoints == null) {
        checkpoints = new Checkpoints(source, target, id, workers);
      }
      String latest = checkpoints.latest();
      begin = options.since() == null || !checkpoint.equals(Peer.BEGINNING) ? latest : begin;
    } else if (!checkpoint.equals(Peer.BEGINNING)) {
      begin = checkpoint;
    }
    transfer.sendDeadLetters();
    synchronized (this) {
      readTo = begin;
      writtenTo = begin;
      checkpoint = begin;
      checkpointMillis = workers.millis();
      hasBegun = true;
    }
  }

  private Transfer transfer() {
    Transfer known = transfer;
    if (known == null) {
      throw new IllegalStateException("it has not begun");
    }
    return known;
  }

  private void read() {
    String since;
    synchronized (this) {
      since = readTo;
    }
    try {
      Transfer.Read read = transfer().read(since, options.batchSize());
      synchronized (this) {
        readTo = read.batch().lastSequence;
        pending = read.batch().pending;
        isDrained = !read.hasMore();
        ahead.add(read.batch());
      }
    } finally {
      synchronized (this) {
        reading = false;
      }
    }
  }

  private void write() {
    Batch batch;
    synchronized (this) {
      batch = ahead.element();
    }
    try {
      transfer().write(batch);
      boolean isTime;
      synchronized (this) {
        ahead.remove();
        writtenTo = batch.lastSequence;
        isTime = workers.millis() - checkpointMillis >= options.checkpointMillis();
        succeeded();
      }
      if (isTime) {
        recordCheckpoint();
      }
    } finally {
      synchronized (this) {
        writing = false;
      }
    }
  }

  private void succeeded() {
    backoff.reset();
    error = null;
  }

  private void recordCheckpoint() {
    String done;
    synchronized (this) {
      done = writtenTo;
      if (done.equals(checkpoint)) {
        return;
      }
    }
    Checkpoints of = checkpoints;
    if (of != null) {
      of.record(done, transfer().counts());
    }
    synchronized (this) {
      checkpoint = done;
      checkpointMillis = workers.millis();
    }
  }

  /** The source has nothing more, and all is written. */
  private void settle() {
    boolean isFirst;
    synchronized (this) {
      isFirst = !wasDrained;
    }
    if (isFirst) {
      transfer().giveAllBases();
    }
    transfer().sendDeadLetters();
    recordCheckpoint();
    String since;
    synchronized (this) {
      wasDrained = true;
      isSettled = true;
      pending = 0;
      succeeded();
      state = options.continuous() ? State.IDLE : State.DONE;
      since = readTo;
    }
    if (options.continuous()) {
      Peer.Waiting feed = source.whenChanged(since, options.scope(), new Listener());
      synchronized (this) {
        if (state == State.IDLE && !pausing && !stopping) {
          waiting = feed;
          return;
        }
      }
      feed.close(); // it was not needed any more
    }
  }

  private final class Listener implements Peer.ChangeListener {

    @Override
    public void changed() {
      synchronized (Replication.this) {
        endWaiting();
        wake();
      }
      // Its own thread may be one that commits: who watches is told by the next step.
    }

    @Override
    public void failed(PeerException why) {
      synchronized (Replication.this) {
        endWaiting();
        if (state == State.IDLE) {
          state = State.RUNNING;
          failure = why;
          advance();
        }
      }
      tell();
    }

    private void endWaiting() {
      Peer.Waiting feed = waiting;
      waiting = null;
      if (feed != null) {
        feed.close();
      }
    }
  }
}
