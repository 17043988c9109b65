package dev.stave.index;

import dev.stave.concurrent.Uninterrupted;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The index of one database: every value of every winner, by path.
 *
 * <p>{@link #apply} is called by one thread at a time, after a commit, with its deltas in the order
 * of their sequences. Any thread may ask for a snapshot.
 */
public final class PathIndex {

  /** Ended versions are swept out when there are more of them than live ones, and than this. */
  private static final int SWEEP_ABOVE = 10_000;

  /** What is published to readers: together, or not at all. */
  private record State(Postings postings, int rows, long sequence, long since) {}

  private volatile State state = new State(new Postings(), 0, 0, 0);

  /**
   * Set if a commit could not be taken in: then the index no longer answers, rather than wrongly.
   */
  private @Nullable Throwable failure;

  /** Takes in a commit. {@code lastSequence} is its last, whether the index saw it or not. */
  public synchronized void apply(List<IndexDelta> deltas, long lastSequence) {
    requireUsable();
    try {
      takeIn(deltas, lastSequence);
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      notifyAll();
    }
  }

  /** Refuses if a commit could not be taken in: what is committed now would not be found. */
  public synchronized void requireUsable() {
    if (failure != null) {
      throw new IllegalStateException("the index failed: reopen the database", failure);
    }
  }

  private void takeIn(List<IndexDelta> deltas, long lastSequence) {
    State now = state;
    Postings postings = now.postings();
    for (IndexDelta delta : deltas) {
      int row =
          delta.body() == null
              ? postings.addTombstone(delta.sequence())
              : postings.add(delta.sequence(), delta.id(), delta.body());
      if (delta.endedSequence() != 0) {
        postings.end(delta.endedSequence(), row);
      }
    }
    long since = now.since();
    int live = postings.liveCount();
    if (postings.rowCount() - live > Math.max(SWEEP_ABOVE, live)) {
      postings = postings.withoutEnded();
      since = lastSequence;
    }
    state = new State(postings, postings.rowCount(), lastSequence, since);
  }

  /**
   * The index as it was after the commit with the last sequence {@code sequence}. Waits for that
   * commit if it is being taken in. Empty if ended versions were swept out since: then the caller's
   * own snapshot is older than what the index still knows, and a newer one is needed.
   */
  public Optional<IndexSnapshot> at(long sequence) {
    State now = state;
    if (now.sequence() < sequence) {
      now = await(sequence);
    }
    if (sequence < now.since()) {
      return Optional.empty();
    }
    int rows = now.postings().rowsUpTo(sequence, now.rows());
    return Optional.of(new IndexSnapshot(now.postings(), rows));
  }

  private synchronized State await(long sequence) {
    Uninterrupted.await(
        () -> {
          if (state.sequence() >= sequence) {
            return true;
          }
          requireUsable();
          wait(); // the commit is on its way: microseconds
          return false;
        });
    return state;
  }
}
