package dev.stave.spec.bench.storage;

/** New documents, three rows each, 1,000 documents a commit. */
final class BulkLoad implements Workload {

  private final Stopwatch commits = new Stopwatch();

  @Override
  public void run(Lane lane, Measurements measurements) {
    Engine engine = lane.open();
    Cost cost =
        Cost.of(
            () -> {
              load(engine, lane);
              engine.settle();
              engine.close();
            });
    measurements.rates("bulk", lane.settings().documents(), cost);
    measurements.put("bulk" + Measurements.STALL, commits.longestMillis());
  }

  private void load(Engine engine, Lane lane) {
    int documents = lane.settings().documents();
    try (Engine.Batch batch = engine.batch()) {
      for (int number = 0; number < documents; number++) {
        batch.put(Rows.bodyKey(number), lane.corpus().body(number));
        batch.put(Rows.changeKey(number), Rows.change(number));
        batch.put(Rows.headerKey(number), Rows.header(number, number));
        if ((number + 1) % Settings.BULK_COMMIT == 0 || number + 1 == documents) {
          commits.time(batch::commit);
        }
      }
    }
  }
}
