package dev.stave.validation;

import org.jspecify.annotations.Nullable;

/**
 * How much one check has cost. A schema may refer to itself without end, or double its work with
 * each reference, and schemas come from other peers: so it is bounded. The library that checks has
 * no place to carry this along, hence the thread has it.
 */
final class Effort {

  /** Keywords looked at: a second or two. A million values may have one or two each. */
  static final int MAX_STEPS = 2_000_000;

  /** Keywords inside each other: a document may be 200 deep, with some references at each level. */
  static final int MAX_DEPTH = 700;

  /** Times that the library takes down a place, for what failed there or held: its memory. */
  static final int MAX_NOTES = 500_000;

  private static final ThreadLocal<@Nullable Effort> CURRENT = new ThreadLocal<>();

  /** More than a limit. */
  static final class TooMuchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMuchException(String what) {
      super(what, null, false, false);
    }
  }

  private final boolean isShallow;
  private int steps;
  private int depth;
  private int notes;

  private Effort(boolean isShallow) {
    this.isShallow = isShallow;
  }

  /** Runs {@code work} within the limits; if {@code isShallow}, only keywords at the top count. */
  static void run(boolean isShallow, Runnable work) {
    CURRENT.set(new Effort(isShallow));
    try {
      work.run();
    } finally {
      CURRENT.remove();
    }
  }

  static Effort current() {
    Effort effort = CURRENT.get();
    if (effort == null) {
      throw new IllegalStateException("a check outside of Effort.run");
    }
    return effort;
  }

  /** Begins one keyword; false if it is to be left out. */
  boolean enter() {
    if (isShallow && depth > 0) {
      return false;
    }
    if (++steps > MAX_STEPS) {
      throw new TooMuchException("it takes more than " + MAX_STEPS + " steps");
    }
    if (++depth > MAX_DEPTH) {
      throw new TooMuchException("it goes deeper than " + MAX_DEPTH + ": an endless reference?");
    }
    return true;
  }

  /** Ends it. */
  void leave() {
    depth--;
  }

  /** Counts a place that is taken down. */
  static void note() {
    Effort effort = CURRENT.get();
    if (effort != null && ++effort.notes > MAX_NOTES) {
      throw new TooMuchException("it has to do with more than " + MAX_NOTES + " places");
    }
  }
}
