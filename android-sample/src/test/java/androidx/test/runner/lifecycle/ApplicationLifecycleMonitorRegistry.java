package androidx.test.runner.lifecycle;

/** Nobody looks for the monitor here. A stand-in. */
public final class ApplicationLifecycleMonitorRegistry {

  private ApplicationLifecycleMonitorRegistry() {}

  public static void registerInstance(ApplicationLifecycleMonitor running) {}
}
