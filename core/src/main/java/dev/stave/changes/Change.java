package dev.stave.changes;

import dev.stave.revision.RevisionId;

/**
 * The newest change of one document.
 *
 * @param sequence its place in this database's order of commits; not the same on other peers
 * @param revision the winner after the change
 * @param deleted whether the winner deletes the document
 */
public record Change(long sequence, String id, RevisionId revision, boolean deleted) {}
