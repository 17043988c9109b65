/**
 * Replications that a server runs: {@code _replicate}, and the documents of {@code _replicator}.
 *
 * <p>Doors: {@link dev.stave.server.replicator.Replicator}, {@link
 * dev.stave.server.replicator.ReplicateEndpoint}, {@link
 * dev.stave.server.replicator.SchedulerEndpoint}.
 */
@NullMarked
package dev.stave.server.replicator;

import org.jspecify.annotations.NullMarked;
