package dev.stave.revision;

/**
 * How much of a document's history is kept.
 *
 * @param revisions how long a branch of the tree is at most, its leaf included
 * @param bodies of so many ancestors of each leaf the body is kept, beside those of all leaves and
 *     of the bases that a merge may need
 */
public record Retention(int revisions, int bodies) {

  /** A shorter branch could not name its leaf's parent. */
  public static final int MIN_REVISIONS = 2;

  /** Who asks for all of a tree has it in memory, and it takes 18 bytes a revision on the disk. */
  public static final int MAX_REVISIONS = 100_000;

  /** Ancestors beyond so many generations are forgotten, as in CouchDB; and the last few bodies. */
  public static final Retention DEFAULT = new Retention(1_000, 5);

  public Retention {
    if (revisions < MIN_REVISIONS || revisions > MAX_REVISIONS) {
      throw new IllegalArgumentException(
          "revisions is between "
              + MIN_REVISIONS
              + " and "
              + MAX_REVISIONS
              + ", and not "
              + revisions);
    }
    if (bodies < 0 || bodies > MAX_REVISIONS) {
      throw new IllegalArgumentException(
          "bodies is between 0 and " + MAX_REVISIONS + ", and not " + bodies);
    }
  }
}
