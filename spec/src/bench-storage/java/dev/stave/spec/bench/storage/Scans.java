package dev.stave.spec.bench.storage;

import java.util.Random;

/**
 * Bodies in order, of the documents that the bulk load left, freshly opened: all of them, and
 * ranges of 100 at random places. The first half warms up.
 */
final class Scans implements Workload {

  @Override
  public void run(Lane lane, Measurements measurements) {
    try (Engine engine = lane.open();
        Engine.Reader reader = engine.reader()) {
      all(lane, reader, measurements);
      ranges(lane, reader, measurements);
    }
  }

  private static void all(Lane lane, Engine.Reader reader, Measurements measurements) {
    int documents = lane.settings().documents();
    Digest digest = new Digest();
    Runnable scan = () -> reader.scan(Rows.bodyKey(0), Rows.bodyKey(Long.MAX_VALUE), digest);
    scan.run();
    measurements.rates("scan", documents, Cost.of(scan));
    requireRows(2L * documents, digest);
    measurements.put("scan" + Measurements.CHECK, digest.sum());
  }

  private static void ranges(Lane lane, Engine.Reader reader, Measurements measurements) {
    int documents = lane.settings().documents();
    int ranges = lane.settings().ranges();
    Random random = new Random(Settings.SEED);
    Digest digest = new Digest();
    Runnable scans =
        () -> {
          for (int i = 0; i < ranges; i++) {
            long from = random.nextInt(documents - Settings.RANGE_ROWS);
            reader.scan(Rows.bodyKey(from), Rows.bodyKey(from + Settings.RANGE_ROWS), digest);
          }
        };
    scans.run();
    long rows = (long) ranges * Settings.RANGE_ROWS;
    measurements.rates("range", rows, Cost.of(scans));
    requireRows(2 * rows, digest);
    measurements.put("range" + Measurements.CHECK, digest.sum());
  }

  private static void requireRows(long expected, Digest digest) {
    if (digest.rows() != expected) {
      throw new IllegalStateException(digest.rows() + " rows, and not " + expected);
    }
  }
}
