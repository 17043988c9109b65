package dev.stave.revision;

/**
 * What a tree itself no longer tells of a sequence that is pinned. With a body: the revision was a
 * leaf then, and is in the tree no more, or under one that was there before. Without: it is in the
 * tree and looks like a leaf of then, and was none.
 */
public record PinnedRevision(Revision revision, long pin) {}
