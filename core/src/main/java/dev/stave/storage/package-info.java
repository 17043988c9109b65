/**
 * Ordered bytes, durable: the port and its two implementations.
 *
 * <p>Doors: {@link dev.stave.storage.Storage}; {@link dev.stave.storage.MapDbStorage}, a folder;
 * {@link dev.stave.storage.MemoryStorage}, for tests and throw-away databases. Then read, inside:
 * {@code CommitLog} (what makes a batch durable), {@code Memtable} (what is not yet in a segment),
 * {@code Segment} (an immutable sorted file), {@code Manifest} (which files count). The bytes are
 * in {@code spec/format/storage.md}.
 */
@NullMarked
package dev.stave.storage;

import org.jspecify.annotations.NullMarked;
