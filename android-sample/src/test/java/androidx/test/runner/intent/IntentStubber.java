package androidx.test.runner.intent;

import android.app.Instrumentation.ActivityResult;
import android.content.Intent;

/** Would answer in the place of another app. A stand-in. */
public interface IntentStubber {
  ActivityResult getActivityResultForIntent(Intent intent);
}
