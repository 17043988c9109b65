package androidx.test.internal.runner.lifecycle;

import android.app.Application;
import androidx.test.runner.lifecycle.ApplicationLifecycleMonitor;
import androidx.test.runner.lifecycle.ApplicationStage;

/** Is told, and forgets. A stand-in. */
public final class ApplicationLifecycleMonitorImpl implements ApplicationLifecycleMonitor {

  public void signalLifecycleChange(Application application, ApplicationStage stage) {}
}
