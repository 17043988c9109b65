package androidx.test.runner.lifecycle;

/** Where the monitor is found. A stand-in. */
public final class ActivityLifecycleMonitorRegistry {

  private static ActivityLifecycleMonitor monitor;

  private ActivityLifecycleMonitorRegistry() {}

  public static ActivityLifecycleMonitor getInstance() {
    return monitor;
  }

  public static void registerInstance(ActivityLifecycleMonitor running) {
    monitor = running;
  }
}
