package dev.stave.spec.bench.storage;

import java.util.Locale;
import java.util.function.Supplier;

/** The workloads, in the order in which they run. */
enum Job {
  BULK(BulkLoad::new, true),
  GET(Gets::new, true),
  SCAN(Scans::new, true),
  UPDATE(Updates::new, true),
  SMALL(SmallRows::new, false),
  SINGLE(SingleCommits::new, false),
  ONE_WRITER(() -> new Writers(1), false),
  MANY_WRITERS(() -> new Writers(Settings.WRITERS), false);

  @SuppressWarnings("ImmutableEnumChecker") // constructors: they hold nothing
  private final Supplier<Workload> workload;

  private final boolean onBulkData;

  Job(Supplier<Workload> workload, boolean onBulkData) {
    this.workload = workload;
    this.onBulkData = onBulkData;
  }

  Workload workload() {
    return workload.get();
  }

  /** Makes the documents of the bulk load, or needs them. The others begin with an empty folder. */
  boolean onBulkData() {
    return onBulkData;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
