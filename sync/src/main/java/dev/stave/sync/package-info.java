/**
 * Replication between any two peers: one run, or for as long as there are changes.
 *
 * <p>Doors: {@link dev.stave.sync.Replication}, {@link dev.stave.sync.Progress}, {@link
 * dev.stave.sync.DeadLetters}.
 */
@NullMarked
package dev.stave.sync;

import org.jspecify.annotations.NullMarked;
