package dev.stave.database;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Names openings of databases: microseconds since 1970, as CouchDB does, and no two alike. */
final class Instances {

  private static final AtomicLong LATEST = new AtomicLong();

  private Instances() {}

  static String next() {
    long now = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    return Long.toString(LATEST.updateAndGet(latest -> Math.max(latest + 1, now)));
  }
}
