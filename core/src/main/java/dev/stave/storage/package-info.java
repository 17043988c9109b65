/**
 * Ordered bytes, durable: the port and its two implementations.
 *
 * <p>Doors: {@link dev.stave.storage.Storage}; {@link dev.stave.storage.FileStorage}, a folder;
 * {@link dev.stave.storage.MemoryStorage}, for tests and throw-away databases. Then read, inside:
 * {@code CommitLog} (what makes a batch durable), {@code Memtable} (what is not yet in a segment),
 * {@code Segment} (a {@code SortedFile} of rows and the {@code BodyFile}s they point into), {@code
 * FileSet} and {@code Manifest} (which files count), {@code Merger}. The bytes are in {@code
 * spec/format/storage.md}.
 */
@NullMarked
package dev.stave.storage;

import org.jspecify.annotations.NullMarked;
