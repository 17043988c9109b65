package dev.stave.sync;

import dev.stave.database.Database;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * How far a replication is, and the steps that take it further: {@link #begin}, then {@link #read}
 * and {@link #write}, each once at a time and beside each other, then {@link #settle}. Each may
 * take as long as a network does, and may fail; after a failure, once no step is under way, {@link
 * #turnBack} and begin again. Whoever runs it calls what is said of each before it.
 *
 * <p>Any thread may call any method.
 */
final class Course {

  private static final int BATCHES_AHEAD = 2;
  private static final Checkpoints.Counts NOTHING = new Checkpoints.Counts(0, 0, 0, 0, 0);

  private final Peer source;
  private final Peer target;
  private final ReplicationOptions options;
  private final Workers workers;
  private final @Nullable Database home;

  // under the lock of this
  private boolean hasBegun;
  private boolean reading;
  private boolean writing;
  private boolean isDrained; // the source had nothing more
  private boolean isSettled; // and all that follows from that is done
  private boolean wasSettled;
  private final Queue<Batch> ahead = new ArrayDeque<>(); // read, and not written yet
  private String readTo = Peer.BEGINNING;
  private String writtenTo = Peer.BEGINNING;
  private String checkpoint = Peer.BEGINNING;
  private long checkpointMillis;
  private boolean hasNews; // since the last checkpoint: what was written had anything in scope
  private long pending = -1;

  // set by the first step
  private volatile @Nullable Transfer transfer;
  private volatile @Nullable Checkpoints checkpoints;
  private volatile @Nullable DeadLetters letters;
  private @Nullable Seeding seeding; // of the first step only
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

  /** Finds where to go on; if it has not {@link #hasBegun} then, once more. */
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
    if (seeding == null) {
      seeding = seeding(id);
    }
    String begin = beginning();
    Optional<String> seeded = Optional.empty();
    if (seeding != null) {
      seeded = seeding.takenTo();
      if (!seeded.isPresent() && begin.equals(Peer.BEGINNING)) {
        if (seeding.step() == Seeding.Outcome.MORE) {
          return; // it is begun again at once, unless somebody wants it to end
        }
        seeded = seeding.takenTo();
      }
      if (seeded.isPresent() && begin.equals(Peer.BEGINNING)) {
        begin = seeded.get();
        transfer().seeded(database(target));
        recordSeeded(begin, id);
      }
    }
    transfer().sendDeadLetters();
    synchronized (this) {
      instances = began;
      readTo = begin;
      writtenTo = begin;
      checkpoint = begin;
      checkpointMillis = workers.millis();
      hasBegun = true;
    }
    if (seeded.isPresent() && seeding != null) {
      seeding.forget();
    }
  }

  /** Only where all that the source has is to come, from its beginning. */
  private @Nullable Seeding seeding(String id) {
    boolean isAll = options.scope().isAll() && options.since() == null;
    return isAll && options.useCheckpoints() && target instanceof LocalPeer local
        ? new Seeding(source, local, id)
        : null;
  }

  private static Database database(Peer peer) {
    return ((LocalPeer) peer).database();
  }

  /**
   * The target has what the source has up to {@code sequence}; and it numbers the changes as the
   * source does, so that the other way, too, there is nothing to copy up to there.
   */
  private void recordSeeded(String sequence, String id) {
    new Checkpoints(source, target, id, workers).record(sequence, counts());
    String back = Checkpoints.idOf(target, source, options.scope().toJson());
    new Checkpoints(target, source, back, workers).record(sequence, NOTHING);
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

  /** Whether there is to be a {@link #read}; then the caller runs it. */
  synchronized boolean takesRead() {
    boolean takes = !reading && !isDrained && ahead.size() < BATCHES_AHEAD;
    reading |= takes;
    return takes;
  }

  void read() {
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

  /** Whether there is to be a {@link #write}; then the caller runs it. */
  synchronized boolean takesWrite() {
    boolean takes = !writing && !ahead.isEmpty();
    writing |= takes;
    return takes;
  }

  void write() {
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
    return of == null ? NOTHING : of.counts();
  }

  /** Empty before it has begun for the first time, and where nobody keeps them. */
  Optional<DeadLetters> letters() {
    return Optional.ofNullable(letters);
  }
}
