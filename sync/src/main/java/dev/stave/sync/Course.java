package dev.stave.sync;

import dev.stave.database.Database;
import dev.stave.merge.MergePolicy;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.Greeting;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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

  /**
   * Batches that are known of and not written: one is fetched while the other is written. More
   * would only take memory.
   */
  private static final int BATCHES_AHEAD = 2;

  private static final int FETCHES = 2; // at a time

  private static final Checkpoints.Counts NOTHING = new Checkpoints.Counts(0, 0, 0, 0, 0);

  private final Peer source;
  private final Peer target;
  private final ReplicationOptions options;
  private final Workers workers;
  private final @Nullable Database home;
  private final @Nullable LastMeeting lastMeeting;
  private final @Nullable Departures departures;

  // under the lock of this
  private boolean hasBegun;
  private boolean looking;
  private boolean settling; // which may purge: what is read meanwhile would be compared too early
  private int fetching;
  private boolean writing;
  private boolean isDrained; // the source had nothing more
  private boolean isSettled; // and all that follows from that is done
  private boolean wasSettled;
  private final Queue<Ahead> ahead = new ArrayDeque<>(); // in the order of the source
  private String lookedTo = Peer.BEGINNING;
  private long wakes;
  private String readTo = Peer.BEGINNING;
  private String writtenTo = Peer.BEGINNING;
  private long acknowledgedTo; // of a source in this process; not taken back while both sides live
  private String checkpoint = Peer.BEGINNING;
  private long checkpointMillis;
  private boolean recording;
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
  private volatile @Nullable Leavers leavers;
  private volatile String instances = ""; // of both, as they were when it began
  private @Nullable Seeding seeding; // of the first step only

  /**
   * @param departures what leaves the scope of the target, if that is to be purged; what left that
   *     of the source, if not; null if nothing does
   */
  Course(
      Peer source,
      Peer target,
      ReplicationOptions options,
      Workers workers,
      @Nullable Database home,
      @Nullable Departures departures) {
    this.source = source;
    this.target = target;
    this.options = options;
    this.workers = workers;
    this.home = home;
    this.lastMeeting =
        home == null || options.since() != null
            ? null
            : new LastMeeting(home, source, target, options.scope());
    if (home != null && lastMeeting != null) {
      lastMeeting.replication().ifPresent(id -> remember(home, id));
    }
    this.departures = departures;
  }

  /** What is known before the peers are reached, for as long as they are not. */
  private void remember(Database at, String id) {
    letters = new DeadLetters(at, id, target.name());
    if (options.useCheckpoints() && source instanceof LocalPeer local && local.database() == at) {
      writtenTo = Checkpoints.saidBy(at, id);
      acknowledgedTo = number(writtenTo);
    }
  }

  /** Finds where to go on; if it has not {@link #hasBegun} then, once more. */
  void begin() {
    long wakesBefore;
    synchronized (this) {
      wakesBefore = wakes;
    }
    Optional<String> met = lastMeeting == null ? Optional.empty() : lastMeeting.replication();
    Greeting ofSource = greeting(source, met);
    Greeting ofTarget = greeting(target, met);
    String began = ofSource.instance() + " " + ofTarget.instance();
    String id = Checkpoints.idOf(source, target, options.scope().toJson(), options.since());
    prepare(id);
    boolean areSame = met.equals(Optional.of(id)); // else they have told of another replication
    Optional<Greeting.State> sourceState = ofSource.state().filter(told -> areSame);
    Optional<Greeting.State> targetState = ofTarget.state().filter(told -> areSame);
    String begin = beginning(sourceState, targetState);
    Seeding files = seeding;
    if (begin.equals(Peer.BEGINNING) && files != null && files.takesMore()) {
      return; // it is begun again at once, unless somebody wants it to end
    }
    Optional<String> seeded = files == null ? Optional.empty() : files.takenTo();
    if (files != null && seeded.isPresent() && begin.equals(Peer.BEGINNING)) {
      begin = seeded.get();
      transfer().seeded(files.database());
      recordSeeded(begin, id);
    }
    transfer()
        .begin(
            Leavers.toldSince(begin, source, target, options.scope()),
            targetState.filter(told -> !told.hasConflicts()).isPresent());
    sendAgain();
    String known = begin;
    boolean isAll = sourceState.filter(told -> told.lastSequence().equals(known)).isPresent();
    synchronized (this) {
      // Who has lost a checkpoint was made anew, though it may not be able to say so.
      boolean isKept = began.equals(instances) && number(begin) >= number(checkpoint);
      acknowledgedTo = Math.max(isKept ? acknowledgedTo : 0, number(begin));
      instances = began;
      lookedTo = begin;
      readTo = begin;
      writtenTo = begin;
      checkpoint = begin;
      checkpointMillis = workers.millis();
      isDrained = isAll && wakes == wakesBefore;
      pending = isAll ? 0 : pending;
      hasBegun = true;
    }
    if (seeded.isPresent() && files != null) {
      files.forget();
    }
  }

  /** Who was met before is asked for the checkpoint at once. */
  private static Greeting greeting(Peer peer, Optional<String> met) {
    return met.isPresent()
        ? peer.greet(met.get())
        : new Greeting(peer.instance(), Optional.empty());
  }

  /** Makes what the steps need, as far as it is not there from the last time. */
  private void prepare(String id) {
    DeadLetters kept = letters;
    if (home != null && (kept == null || !kept.areOf(id))) {
      letters = new DeadLetters(home, id, target.name());
    }
    if (lastMeeting != null) {
      lastMeeting.note(id);
    }
    Departures of = departures;
    if (leavers == null && of != null) {
      leavers = Leavers.of(source, target, options, of, workers);
    }
    if (transfer == null) {
      MergePolicy policy = options.policy();
      PulledConflicts conflicts =
          policy != null && target instanceof LocalPeer replica
              ? new PulledConflicts(replica.database(), policy)
              : null;
      transfer =
          new Transfer(source, target, options.scope(), workers, letters, leavers, conflicts);
    }
    if (checkpoints == null && options.useCheckpoints()) {
      checkpoints = new Checkpoints(source, target, id, workers, home);
    }
    Leavers ofScope = leavers;
    if (ofScope != null) {
      ofScope.begin(id);
    }
    if (seeding == null) {
      seeding = Seeding.of(source, target, options, id);
    }
  }

  /**
   * The target has what the source has up to {@code sequence}; and it numbers the changes as the
   * source does, so that the other way, too, there is nothing to copy up to there.
   */
  private void recordSeeded(String sequence, String id) {
    new Checkpoints(source, target, id, workers, home).record(sequence, counts());
    String back = Checkpoints.idOf(target, source, options.scope().toJson());
    new Checkpoints(target, source, back, workers, home).record(sequence, NOTHING);
  }

  /** What somebody has asked for, whatever checkpoints say. */
  private void sendAgain() {
    transfer().sendDeadLetters();
    if (!options.purging() && source instanceof LocalPeer replica) {
      Departures of = departures;
      transfer().sendDepartures(of == null ? Departures.of(replica.database()) : of);
    }
  }

  private String instances() {
    return source.instance() + " " + target.instance();
  }

  /** What is asked for counts until there is something newer. */
  private String beginning(Optional<Greeting.State> ofSource, Optional<Greeting.State> ofTarget) {
    String known;
    synchronized (this) {
      known = checkpoint;
    }
    String asked = options.since();
    if (asked != null && known.equals(Peer.BEGINNING)) {
      return asked;
    }
    Checkpoints of = checkpoints;
    return of == null ? known : of.latest(ofSource, ofTarget);
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
    boolean takes = !looking && !settling && !isDrained && ahead.size() < BATCHES_AHEAD;
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
    for (Ahead next : ahead) {
      if (!next.begun) {
        next.begun = true;
        fetching++;
        return Optional.of(() -> fetch(next));
      }
      if (!next.batch.left.isEmpty()) {
        break; // what is behind a purge is compared with what is there after it
      }
    }
    return Optional.empty();
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
        acknowledgedTo = Math.max(acknowledgedTo, number(writtenTo));
        hasNews |= !batch.offered.isEmpty() || !batch.left.isEmpty();
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

  /** Unless one is being recorded. */
  void recordCheckpoint() {
    String done;
    boolean hadNews;
    synchronized (this) {
      if (recording || !isAheadOfCheckpoint()) {
        return;
      }
      recording = true;
      done = writtenTo;
      hadNews = hasNews;
      hasNews = false;
    }
    boolean isRecorded = false;
    try {
      target.commit();
      checkInstances();
      Checkpoints of = checkpoints;
      if (of != null) {
        of.record(done, counts());
      }
      isRecorded = true;
    } finally {
      synchronized (this) {
        recording = false;
        hasNews |= hadNews && !isRecorded;
        checkpoint = isRecorded ? done : checkpoint;
        checkpointMillis = isRecorded ? workers.millis() : checkpointMillis;
      }
    }
  }

  /**
   * In how many milliseconds a checkpoint is worth its requests, if nothing more comes; empty if
   * there is nothing to tell by one.
   */
  synchronized OptionalLong checkpointDueInMillis() {
    long passed = Math.max(0, workers.millis() - checkpointMillis);
    return hasNews && isAheadOfCheckpoint()
        ? OptionalLong.of(Math.max(0, options.checkpointMillis() - passed))
        : OptionalLong.empty();
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

  /**
   * Whether there is to be a {@link #settle}, the source having nothing more, and all being
   * written; then the caller runs it. Nothing is looked at from now on until it has ended.
   */
  synchronized boolean takesSettle() {
    boolean isBusy = looking || settling || fetching > 0 || writing;
    boolean takes = !isSettled && isDrained && ahead.isEmpty() && !isBusy;
    settling |= takes;
    return takes;
  }

  /** Sees to the rest. */
  void settle() {
    boolean isFirst;
    boolean isWorthACheckpoint;
    synchronized (this) {
      isFirst = !wasSettled;
      // While it waits for more, each edit would cost as many requests again.
      boolean isEnd = hasNews && !options.continuous();
      isWorthACheckpoint = isFirst || isEnd || isCheckpointDue();
    }
    boolean isDone = false;
    try {
      transfer().giveBases();
      sendAgain();
      Leavers ofScope = leavers;
      if (ofScope != null) {
        ofScope.review();
        if (options.purging() && departures != null) {
          transfer().sendAnew(departures);
        }
      }
      if (isWorthACheckpoint) {
        recordCheckpoint();
      }
      isDone = true;
    } finally {
      synchronized (this) { // once: who may look again sees whether there was more
        settling = false;
        wasSettled |= isDone;
        isSettled = isDone && isDrained; // else there is more since it was taken
        pending = isDone ? 0 : pending;
      }
    }
  }

  /** There may be more. */
  synchronized void wake() {
    wakes++;
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

  /**
   * The same of a source in this process, which does not go back when a replication goes on after a
   * failure at an earlier checkpoint, as long as neither side was started anew; 0 of any other.
   */
  synchronized long acknowledgedTo() {
    return acknowledgedTo;
  }

  /** Only of a source in this process it is known that sequences are numbers. */
  private long number(String sequence) {
    return source instanceof LocalPeer ? Long.parseLong(sequence) : 0;
  }

  synchronized String checkpoint() {
    return checkpoint;
  }

  synchronized long pending() {
    return pending;
  }

  double perSecond() {
    Transfer of = transfer;
    return of == null ? 0 : of.tempo.perSecond();
  }

  List<GraftResult.Refused> firstRefused() {
    Transfer of = transfer;
    return of == null ? List.of() : of.firstRefused();
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
