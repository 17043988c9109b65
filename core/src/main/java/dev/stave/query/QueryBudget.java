package dev.stave.query;

/** What a query has cost so far, and whether that is too much. */
final class QueryBudget {

  /** Looking at the clock costs as much as reading some postings. */
  private static final int STEPS_BETWEEN_LOOKS = 256;

  private final QueryLimits limits;
  private final long began = System.nanoTime();
  private long documentsRead;
  private int steps;

  QueryBudget(QueryLimits limits) {
    this.limits = limits;
  }

  long documentsRead() {
    return documentsRead;
  }

  void readDocument() {
    if (++documentsRead > limits.documents()) {
      throw new QueryLimitException("the query reads too many documents", limits.documents());
    }
    step();
  }

  /** A small step: a posting, a document. */
  void step() {
    if (++steps % STEPS_BETWEEN_LOOKS == 0) {
      checkTime();
    }
  }

  void checkTime() {
    long nanos;
    try {
      nanos = limits.time().toNanos();
    } catch (ArithmeticException e) {
      return; // more than 292 years
    }
    if (System.nanoTime() - began > nanos) {
      throw new QueryLimitException("the query takes too long", limits.time());
    }
  }
}
