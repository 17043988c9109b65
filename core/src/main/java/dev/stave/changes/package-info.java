/**
 * What changed, in order: each document once, at the sequence of its newest change.
 *
 * <p>Doors: {@link dev.stave.changes.Change}; {@link dev.stave.changes.ChangeLog}, which reads and
 * writes them as rows; {@link dev.stave.changes.ChangesFeed}, which tells who waits for more.
 */
@NullMarked
package dev.stave.changes;

import org.jspecify.annotations.NullMarked;
