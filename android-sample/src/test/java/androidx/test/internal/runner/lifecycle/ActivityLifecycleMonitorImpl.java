package androidx.test.internal.runner.lifecycle;

import android.app.Activity;
import androidx.test.runner.lifecycle.ActivityLifecycleMonitor;
import androidx.test.runner.lifecycle.Stage;
import java.util.Map;
import java.util.WeakHashMap;

/** Remembers what Robolectric says of each activity. A stand-in. */
public final class ActivityLifecycleMonitorImpl implements ActivityLifecycleMonitor {

  private final Map<Activity, Stage> stages = new WeakHashMap<>();

  @Override
  public Stage getLifecycleStageOf(Activity activity) {
    return stages.getOrDefault(activity, Stage.PRE_ON_CREATE);
  }

  public void signalLifecycleChange(Stage stage, Activity activity) {
    stages.put(activity, stage);
  }
}
