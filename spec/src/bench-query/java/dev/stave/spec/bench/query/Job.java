package dev.stave.spec.bench.query;

import java.util.Locale;

/** What a child does, in the order in which it is done. */
enum Job {
  BULK,
  QUERY,
  UPDATE,
  CHURN,
  CURVE;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Works on what the jobs before left. */
  boolean onBulkData() {
    return this != CURVE && this != CHURN;
  }
}
