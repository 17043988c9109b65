package androidx.test.runner.lifecycle;

/** Nobody asks it anything. A stand-in. */
public interface ApplicationLifecycleMonitor {}
