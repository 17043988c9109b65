package dev.stave.fieldnotes;

import android.os.Handler;
import android.os.Looper;
import android.util.Log;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * A thread, on which one work is done after the other, and the way back to the main thread. What
 * fails is said to {@code failed}, on the main thread.
 */
final class Background {

  private static final String TAG = "FieldNotes";

  private final ExecutorService thread;
  private final Handler main = new Handler(Looper.getMainLooper());
  private final Consumer<RuntimeException> failed;

  Background(String name, Consumer<RuntimeException> failed) {
    this.thread = Executors.newSingleThreadExecutor(work -> new Thread(work, name));
    this.failed = failed;
  }

  void run(Runnable work) {
    try {
      thread.execute(
          () -> {
            try {
              work.run();
            } catch (RuntimeException e) {
              Log.e(TAG, "it did not work", e);
              main.post(() -> failed.accept(e));
            }
          });
    } catch (RejectedExecutionException e) {
      Log.w(TAG, "the process ends", e);
    }
  }

  /** Waits for all before it, and for {@code work}. Not for the main thread of an app in use. */
  void await(Callable<?> work) throws ExecutionException, InterruptedException {
    thread.submit(work).get();
  }

  void onMainThread(Runnable work) {
    main.post(work);
  }
}
