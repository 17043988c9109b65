package dev.stave.spec.bench.storage;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * One small row a commit, from one thread. Slices of it take turns with slices of the bare disk, so
 * that both meet the disk in the same mood.
 */
final class SingleCommits implements Workload {

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int SLICES_PER_SECOND = 4;
  private static final int WARM_UP_SLICES = 4;

  private long next;
  private long commits;
  private Cost cost = Cost.NOTHING;

  @Override
  public void run(Lane lane, Measurements measurements) throws IOException {
    try (RawDisk disk = new RawDisk(lane.folder().resolveSibling("raw-disk"));
        Engine engine = lane.open();
        Engine.Batch batch = engine.batch()) {
      UsedLog.in(engine);
      slices(WARM_UP_SLICES, batch, disk);
      commits = 0;
      cost = Cost.NOTHING;
      disk.forget();
      slices(lane.settings().seconds() * SLICES_PER_SECOND, batch, disk);
      measurements.rates("single", commits, cost);
      measurements.put("disk" + Measurements.WALL, disk.perSecond());
      measurements.put("disk.medianMicros", disk.medianMicros());
      measurements.put("single.share", cost.perSecond(commits) / disk.perSecond());
    }
  }

  private void slices(int count, Engine.Batch batch, RawDisk disk) throws IOException {
    for (int i = 0; i < count; i++) {
      disk.syncFor(SLICE_NANOS);
      cost = cost.plus(Cost.of(() -> commitFor(batch)));
    }
  }

  private void commitFor(Engine.Batch batch) {
    for (long end = System.nanoTime() + SLICE_NANOS; System.nanoTime() < end; commits++) {
      batch.put(Rows.smallKey(next), Rows.smallValue(next));
      next++;
      batch.commit();
    }
  }
}
