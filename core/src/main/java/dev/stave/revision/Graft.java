package dev.stave.revision;

/** What came of adding a path of revisions to a tree. */
public record Graft(RevisionTree tree, Outcome outcome) {

  public enum Outcome {
    /** Every revision of the path was there; nothing changed. */
    ALREADY_KNOWN,
    /** The path ends in a revision that has descendants here; at most its ancestry became known. */
    ANCESTOR,
    /** A leaf grew: the number of leaves is what it was. */
    LONGER_BRANCH,
    /** A leaf that no leaf of before leads to. */
    NEW_BRANCH
  }
}
