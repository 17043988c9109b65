package androidx.test.runner.lifecycle;

import android.app.Activity;

/** Tells where an activity is in its life. A stand-in. */
public interface ActivityLifecycleMonitor {
  Stage getLifecycleStageOf(Activity activity);
}
