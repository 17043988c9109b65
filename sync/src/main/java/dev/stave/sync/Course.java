package dev.stave.sync;

import dev.stave.database.Database;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * How far a replication is, and the steps that take it further: {@link #begin}, then {@link #look},
 * {@link #takeFetch} and {@link #write} beside each other, then {@link #settle}. Each may take as
 * long as a network does, and may fail; after a failure, once no step is under way, {@link
 * #turnBack} and begin again. Whoever runs it calls what is said of each before it.
 *
 * <p>Any thread may call any method.
 */
final class Course {

  /** Batches that are known of and not written: so that neither peer waits for the other. */
  private static final int BATCHES_AHEAD = 4;

  private static final int FETCHES = 2; // at a time

  private final Peer source;
  private final Peer target;
  private final ReplicationOptions options;
  private final Workers workers;
  private final @Nullable Database home;

  // under the lock of this
  private boolean hasBegun;
  private boolean looking;
  private int fetching;
  private boolean writing;
  private boolean isDrained; // the source had nothing more
  private boolean isSettled; // and all that follows from that is done
  private boolean wasSettled;
  private final Queue<Ahead> ahead = new ArrayDeque<>(); // in the order of the source
  private String lookedTo = Peer.BEGINNING;
  private String readTo = Peer.BEGINNING;
  private String writtenTo = Peer.BEGINNING;
  private String checkpoint = Peer.BEGINNING;
  private long checkpointMillis;
  private boolean hasNews; // since the last checkpoint: what was written had anything in scope
  private long pending = -1;

  /** A batch that is not written yet. */
  private static final class Ahead {
    final Batch batch;
    boolean begun;
    boolean fetched;

    Ahead(Batch batch) {
      this.batch = batch;
    }
  }

  // set by the first step
  private volatile @Nullable Transfer transfer;
  private volatile @Nullable Checkpoints checkpoints;
  private volatile @Nullable DeadLetters letters;
  private volatile String instances = ""; // of both, as they were when it began

  Course(
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
  }

  /** Finds where to go on. */
  void begin() {
    String began = instances();
    String id = Checkpoints.idOf(source, target, options.scope().toJson());
    if (letters == null && home != null) {
      letters = new DeadLetters(home, id);
    }
    if (transfer == null) {
      transfer = new Transfer(source, target, options.scope(), workers, letters);
    }
    if (checkpoints == null && options.useCheckpoints()) {
      checkpoints = new Checkpoints(source, target, id, workers);
    }
    String begin = beginning();
    transfer().sendDeadLetters();
    synchronized (this) {
      lookedTo = begin;
      instances = began;
      readTo = begin;
      writtenTo = begin;
      checkpoint = begin;
      checkpointMillis = workers.millis();
      hasBegun = true;
    }
  }

  private String instances() {
    return source.instance() + " " + target.instance();
  }

  /** What is asked for counts until there is something newer. */
  private String beginning() {
    String known;
    synchronized (this) {
      known = checkpoint;
    }
    String asked = options.since();
    if (asked != null && known.equals(Peer.BEGINNING)) {
      return asked;
    }
    Checkpoints of = checkpoints;
    return of == null ? known : of.latest();
  }

  private Transfer transfer() {
    Transfer known = transfer;
    if (known == null) {
      throw new IllegalStateException("it has not begun");
    }
    return known;
  }

  synchronized boolean hasBegun() {
    return hasBegun;
  }

  /** Whether there is to be a {@link #look}; then the caller runs it. */
  synchronized boolean takesLook() {
    boolean takes = !looking && !isDrained && ahead.size() < BATCHES_AHEAD;
    looking |= takes;
    return takes;
  }

  void look() {
    String since;
    synchronized (this) {
      since = lookedTo;
    }
    try {
      Batch found = transfer().look(since, options.batchSize());
      synchronized (this) {
        lookedTo = found.lastSequence;
        pending = found.pending;
        isDrained = !found.hasMore;
        ahead.add(new Ahead(found));
      }
    } finally {
      synchronized (this) {
        looking = false;
      }
    }
  }

  /** What fetches the next batch, for the caller to run; empty if none is to be fetched now. */
  synchronized Optional<Runnable> takeFetch() {
    if (fetching == FETCHES) {
      return Optional.empty();
    }
    Optional<Ahead> next = ahead.stream().filter(each -> !each.begun).findFirst();
    next.ifPresent(
        taken -> {
          taken.begun = true;
          fetching++;
        });
    return next.map(taken -> () -> fetch(taken));
  }

  private void fetch(Ahead taken) {
    try {
      transfer().fetch(taken.batch);
      synchronized (this) {
        taken.fetched = true;
        for (Ahead each : ahead) {
          if (!each.fetched) {
            break;
          }
          readTo = each.batch.lastSequence;
        }
      }
    } finally {
      synchronized (this) {
        fetching--;
      }
    }
  }

  /** Whether there is to be a {@link #write}; then the caller runs it. */
  synchronized boolean takesWrite() {
    boolean takes = !writing && !ahead.isEmpty() && ahead.element().fetched;
    writing |= takes;
    return takes;
  }

  void write() {
    Batch batch;
    synchronized (this) {
      batch = ahead.element().batch;
    }
    try {
      transfer().write(batch);
      boolean isTime;
      synchronized (this) {
        ahead.remove();
        writtenTo = batch.lastSequence;
        hasNews |= !batch.offered.isEmpty();
        isTime = isCheckpointDue();
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

  private boolean isCheckpointDue() {
    long passed = workers.millis() - checkpointMillis;
    return passed >= options.checkpointMillis() || passed < 0; // somebody set the clock back
  }

  /** Whether there is something that no checkpoint tells of. */
  synchronized boolean isAheadOfCheckpoint() {
    return hasBegun && !writtenTo.equals(checkpoint);
  }

  void recordCheckpoint() {
    String done;
    synchronized (this) {
      done = writtenTo;
    }
    if (!isAheadOfCheckpoint()) {
      return;
    }
    target.commit();
    checkInstances();
    Checkpoints of = checkpoints;
    if (of != null) {
      of.record(done, counts());
    }
    synchronized (this) {
      checkpoint = done;
      checkpointMillis = workers.millis();
      hasNews = false;
    }
  }

  /**
   * Who was started anew between two requests may lack what it had taken before, or tell other
   * changes under the same sequences.
   */
  private void checkInstances() {
    if (!instances().equals(instances)) {
      throw new PeerException(
          PeerException.Kind.BUSY, null, "a peer was started anew: it goes on where both know");
    }
  }

  synchronized boolean isSettled() {
    return isSettled;
  }

  /** The source has nothing more, and all is written: sees to the rest. */
  void settle() {
    boolean isFirst;
    boolean isWorthACheckpoint;
    synchronized (this) {
      isFirst = !wasSettled;
      // Each commit out of scope would cost three requests.
      isWorthACheckpoint = isFirst || hasNews || isCheckpointDue();
    }
    if (isFirst) {
      transfer().giveAllBases();
    }
    transfer().sendDeadLetters();
    if (isWorthACheckpoint) {
      recordCheckpoint();
    }
    synchronized (this) {
      wasSettled = true;
      isSettled = true;
      pending = 0;
    }
  }

  /** There may be more. */
  synchronized void wake() {
    isDrained = false;
    isSettled = false;
  }

  /** To the last checkpoint that both sides know: one of them may have lost something. */
  synchronized void turnBack() {
    hasBegun = false;
    ahead.clear();
    isDrained = false;
    isSettled = false;
  }

  /** The source sequence up to which all is read. */
  synchronized String readTo() {
    return readTo;
  }

  /** The source sequence up to which all is at the target, or refused. */
  synchronized String writtenTo() {
    return writtenTo;
  }

  synchronized String checkpoint() {
    return checkpoint;
  }

  synchronized long pending() {
    return pending;
  }

  Checkpoints.Counts counts() {
    Transfer of = transfer;
    return of == null ? new Checkpoints.Counts(0, 0, 0, 0, 0) : of.counts();
  }

  /** Empty before it has begun for the first time, and where nobody keeps them. */
  Optional<DeadLetters> letters() {
    return Optional.ofNullable(letters);
  }
}
