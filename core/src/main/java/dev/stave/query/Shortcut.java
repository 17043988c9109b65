package dev.stave.query;

import java.util.function.BooleanSupplier;

/**
 * Which parts of an and are sooner checked than looked up, where a few matches are enough: where
 * most documents meet a range of many values, the first matches are found after reading a few
 * documents more than there are to hand out, and the index has an entry for each of the others.
 *
 * <p>That is by the counts, as if the parts had nothing to do with each other. Where they have, far
 * more would be read, so {@link #mostReads} ends it.
 */
final class Shortcut {

  /** Takes nothing. */
  static final Shortcut NONE = new Shortcut(Long.MAX_VALUE, 1);

  /** Reading a document costs about as much as so many postings of as many values. */
  static final int POSTINGS_PER_DOCUMENT = 100;

  /** All documents of one value are read as one set: so much sooner. */
  private static final int POSTINGS_AT_ONCE = 50;

  /** So many times what is expected is read before it is given up, */
  private static final int PATIENCE = 4;

  /** or documents that cost this part of what was saved. */
  private static final int PART_OF_WHAT_WAS_SAVED = 4;

  private final long documents;
  private double expected; // to be read
  private double saved; // in postings

  /**
   * @param wanted how many matches are enough
   * @param documents there are
   */
  Shortcut(long wanted, long documents) {
    this.expected = wanted;
    this.documents = documents;
  }

  /**
   * Whether a part is left to check.
   *
   * @param postings that the index has for it, about
   * @param isOneValue whether they are of one value; asked only where it decides
   * @param candidates that the other parts leave
   */
  boolean takes(long postings, BooleanSupplier isOneValue, long candidates) {
    double met = Math.max(1, Math.min(postings, documents));
    double reads = expected * documents / met;
    if (reads * PATIENCE >= candidates || reads * POSTINGS_PER_DOCUMENT >= met) {
      return false;
    }
    double cost = isOneValue.getAsBoolean() ? met / POSTINGS_AT_ONCE : met;
    if (reads * POSTINGS_PER_DOCUMENT >= cost) {
      return false;
    }
    expected = reads;
    saved += cost;
    return true;
  }

  /** After so many documents all parts are sooner looked up. */
  long mostReads() {
    double worth = saved / POSTINGS_PER_DOCUMENT / PART_OF_WHAT_WAS_SAVED;
    return saved == 0 ? Long.MAX_VALUE : (long) Math.ceil(Math.max(expected * PATIENCE, worth));
  }
}
