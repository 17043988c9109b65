/**
 * The edit history of one document. Pure, no I/O.
 *
 * <p>Doors: {@link dev.stave.revision.RevisionTree} and what it is made of, {@link
 * dev.stave.revision.Revision} and {@link dev.stave.revision.RevisionId}; {@link
 * dev.stave.revision.RevisionPath}, what a peer sends; {@link dev.stave.revision.Provenance}, who
 * made a revision, when and why; {@link dev.stave.revision.Retention}, how much is kept. The rules
 * are CouchDB's; the bytes are in {@code spec/format/revision-tree.md} and {@code
 * spec/format/revision-id.md}.
 */
@NullMarked
package dev.stave.revision;

import org.jspecify.annotations.NullMarked;
