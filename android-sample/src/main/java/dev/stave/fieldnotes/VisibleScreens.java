package dev.stave.fieldnotes;

import android.app.Activity;
import android.app.Application.ActivityLifecycleCallbacks;
import android.os.Bundle;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Counts the screens that are visible, on the main thread, and tells each new number. */
final class VisibleScreens implements ActivityLifecycleCallbacks {

  private final IntConsumer told;
  private int count;

  VisibleScreens(IntConsumer told) {
    this.told = told;
  }

  @Override
  public void onActivityStarted(Activity activity) {
    count++;
    told.accept(count);
  }

  @Override
  public void onActivityStopped(Activity activity) {
    count--;
    told.accept(count);
  }

  @Override
  public void onActivityCreated(Activity activity, @Nullable Bundle state) {}

  @Override
  public void onActivityResumed(Activity activity) {}

  @Override
  public void onActivityPaused(Activity activity) {}

  @Override
  public void onActivitySaveInstanceState(Activity activity, Bundle state) {}

  @Override
  public void onActivityDestroyed(Activity activity) {}
}
