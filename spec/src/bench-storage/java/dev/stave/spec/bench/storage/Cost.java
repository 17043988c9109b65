package dev.stave.spec.bench.storage;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What something cost: CPU of the whole process, all its threads with it, and time. */
record Cost(long cpuNanos, long wallNanos) {

  private static final double NANOS = 1e9;
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  static final Cost NOTHING = new Cost(0, 0);

  /** Since some moment; to be subtracted from another. */
  static Cost now() {
    return new Cost(PROCESS.getProcessCpuTime(), System.nanoTime());
  }

  static Cost of(Runnable work) {
    Cost before = now();
    work.run();
    return now().minus(before);
  }

  Cost minus(Cost other) {
    return new Cost(cpuNanos - other.cpuNanos, wallNanos - other.wallNanos);
  }

  Cost plus(Cost other) {
    return new Cost(cpuNanos + other.cpuNanos, wallNanos + other.wallNanos);
  }

  double perCpuSecond(long operations) {
    return operations * NANOS / cpuNanos;
  }

  double perSecond(long operations) {
    return operations * NANOS / wallNanos;
  }
}
