package dev.stave.sync;

import dev.stave.merge.MergePolicy;
import dev.stave.sync.peer.Scope;
import org.jspecify.annotations.Nullable;

/**
 * How a replication is run.
 *
 * @param continuous whether it waits for changes when the target has all, and tries again for ever
 * @param since the source sequence to begin behind, whatever checkpoints say; null for where the
 *     last run ended
 * @param useCheckpoints whether it writes down how far it is
 * @param checkpointMillis how long it copies, or waits for more that comes now and then, before it
 *     writes that down, at least
 * @param batchSize documents looked at together, at least 1. A database here is made durable with
 *     each batch, so that small ones wait for the disk
 * @param purging whether what leaves the scope at the source is purged from the target, which has
 *     to be a database of this process; what of that the source lacks is one of its {@link
 *     Departures}
 * @param policy by which the target's conflicts of what came are merged, as far as they fit: the
 *     target has to be a database of this process; null if they wait for somebody
 */
public record ReplicationOptions(
    Scope scope,
    boolean continuous,
    @Nullable String since,
    boolean useCheckpoints,
    long checkpointMillis,
    int batchSize,
    boolean purging,
    @Nullable MergePolicy policy) {

  /** All documents, once. */
  public static final ReplicationOptions DEFAULT =
      new ReplicationOptions(Scope.ALL, false, null, true, 5_000, 2_000, false, null);

  public ReplicationOptions {
    if (batchSize < 1 || checkpointMillis < 0) {
      throw new IllegalArgumentException(
          "a batch has a document at least, and no time is negative");
    }
  }

  public ReplicationOptions withScope(Scope of) {
    return new ReplicationOptions(
        of, continuous, since, useCheckpoints, checkpointMillis, batchSize, purging, policy);
  }

  public ReplicationOptions continuously() {
    return new ReplicationOptions(
        scope, true, since, useCheckpoints, checkpointMillis, batchSize, purging, policy);
  }

  public ReplicationOptions since(@Nullable String sequence) {
    return new ReplicationOptions(
        scope, continuous, sequence, useCheckpoints, checkpointMillis, batchSize, purging, policy);
  }

  public ReplicationOptions withoutCheckpoints() {
    return new ReplicationOptions(
        scope, continuous, since, false, checkpointMillis, batchSize, purging, policy);
  }

  public ReplicationOptions withCheckpointMillis(long millis) {
    return new ReplicationOptions(
        scope, continuous, since, useCheckpoints, millis, batchSize, purging, policy);
  }

  public ReplicationOptions withBatchSize(int documents) {
    return new ReplicationOptions(
        scope, continuous, since, useCheckpoints, checkpointMillis, documents, purging, policy);
  }

  /** The target has just what is in scope at the source, beside what nobody else has. */
  public ReplicationOptions withPurging() {
    return new ReplicationOptions(
        scope, continuous, since, useCheckpoints, checkpointMillis, batchSize, true, policy);
  }

  public ReplicationOptions withPolicy(@Nullable MergePolicy by) {
    return new ReplicationOptions(
        scope, continuous, since, useCheckpoints, checkpointMillis, batchSize, purging, by);
  }
}
