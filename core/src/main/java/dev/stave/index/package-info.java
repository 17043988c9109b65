/**
 * Every value of every winner, by path: which documents have what, where.
 *
 * <p>Doors: {@link dev.stave.index.PathIndex}, which the committer writes; {@link
 * dev.stave.index.IndexSnapshot}, which queries read; {@link dev.stave.index.KeyRange}, what they
 * ask for. Inside: {@code PathDictionary} (paths are numbers), {@code Postings} (what stands
 * where), {@code SortedPostings} (one path in value order), {@code ValueKey} (values as ordered
 * bytes, {@code spec/format/index-keys.md}).
 *
 * <p>The index is derived from the documents and is never logged. It is in memory, and built anew
 * when a database opens.
 */
@NullMarked
package dev.stave.index;

import org.jspecify.annotations.NullMarked;
