package dev.stave.spec.bench.storage;

/** Rows of 16 and 40 random bytes, 32 rows a commit. */
final class SmallRows implements Workload {

  private final Stopwatch commits = new Stopwatch();

  @Override
  public void run(Lane lane, Measurements measurements) {
    int rows = lane.settings().smallRows();
    Engine engine = lane.open();
    Cost cost =
        Cost.of(
            () -> {
              write(engine, rows);
              engine.settle();
              engine.close();
            });
    measurements.rates("small", rows, cost);
    measurements.put("small" + Measurements.STALL, commits.longestMillis());
  }

  private void write(Engine engine, int rows) {
    try (Engine.Batch batch = engine.batch()) {
      for (int number = 0; number < rows; number++) {
        batch.put(Rows.smallKey(number), Rows.smallValue(number));
        if ((number + 1) % Settings.SMALL_COMMIT == 0 || number + 1 == rows) {
          commits.time(batch::commit);
        }
      }
    }
  }
}
