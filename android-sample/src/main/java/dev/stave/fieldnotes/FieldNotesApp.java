package dev.stave.fieldnotes;

import android.app.Activity;
import android.app.Application;
import android.content.Context;
import android.content.SharedPreferences;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.util.Log;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.SampleNotes;
import dev.stave.fieldnotes.sync.SyncSettings;
import dev.stave.fieldnotes.sync.SyncStatus;
import dev.stave.fieldnotes.sync.Syncing;
import java.io.File;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the process has one of: the notes, the replica, and the thread on which they are asked.
 * Screens ask by {@link #ask} and are answered on the main thread.
 *
 * <p>Nothing here must survive the process: what is written is on the disk when {@link #ask}
 * answers, and what was not sent is sent by the next process, or by {@link SyncJob}.
 */
public final class FieldNotesApp extends Application {

  private static final String TAG = "FieldNotes";

  /** All that is asked of the notes, one after the other. */
  private final ExecutorService background =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "notes"));

  private final Handler main = new Handler(Looper.getMainLooper());
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> low = new CopyOnWriteArrayList<>();
  private final AtomicBoolean isToldSoon = new AtomicBoolean();
  private int visible; // screens; main thread only
  private int jobs; // main thread only

  // Below: background thread only
  private @Nullable FieldNotes notes;
  private @Nullable AutoCloseable watching;
  private @Nullable Syncing syncing;

  /** Is told on the main thread. */
  public interface Listener {
    /** Notes were written, here or elsewhere, or the way to the server is another. */
    void changed(SyncStatus status);
  }

  public static FieldNotesApp of(Context context) {
    return (FieldNotesApp) context.getApplicationContext();
  }

  @Override
  public void onCreate() {
    super.onCreate();
    registerActivityLifecycleCallbacks(new Visibility());
  }

  /** Its first read waits for a small file. */
  public SharedPreferences preferences() {
    return getSharedPreferences("settings", MODE_PRIVATE);
  }

  public SyncSettings settings() {
    return SyncSettings.read(preferences());
  }

  // The background thread

  /**
   * Asks the notes on their thread, and hands over the answer on the main thread, unless the screen
   * is gone by then.
   */
  public <T extends @Nullable Object> void ask(
      Activity screen, Function<FieldNotes, T> question, Consumer<T> answer) {
    run(
        () -> {
          T found = question.apply(notes());
          main.post(
              () -> {
                if (!screen.isDestroyed()) {
                  answer.accept(found);
                }
              });
        });
  }

  /** Does something to the replica, on the thread of the notes. */
  public void sync(Consumer<Syncing> work) {
    run(() -> work.accept(syncing()));
  }

  private void run(Runnable work) {
    try {
      background.execute(
          () -> {
            try {
              work.run();
            } catch (RuntimeException e) {
              Log.e(TAG, "it did not work", e);
              main.post(() -> Problems.show(this, e));
            }
          });
    } catch (RejectedExecutionException e) {
      Log.w(TAG, "the process ends", e);
    }
  }

  FieldNotes notes() {
    FieldNotes open = notes;
    if (open == null) {
      open = FieldNotes.open(new File(getFilesDir(), "notes"), () -> settings().name());
      notes = open;
      watching = open.whenChanged(this::tellSoon);
    }
    return open;
  }

  private Syncing syncing() {
    Syncing running = syncing;
    if (running == null) {
      running = Syncing.start(this, notes(), preferences(), settings(), this::tellSoon);
      syncing = running;
    }
    return running;
  }

  /** Takes other settings from now on. */
  public void change(SyncSettings settings) {
    boolean isOtherServer = !settings.server().equals(settings().server());
    settings.write(preferences());
    run(
        () -> {
          if (syncing != null) {
            syncing.close();
            syncing = null;
          }
          if (isOtherServer) {
            Syncing.forget(preferences());
          }
        });
    resumeOrPause();
    SyncJob.schedule(this, settings.hasServer());
  }

  /** Notes to look around in. */
  public void addSample(Activity screen) {
    ask(screen, SampleNotes::addTo, added -> tellSoon());
  }

  // Who listens

  public void add(Listener listener) {
    listeners.add(listener);
    tellSoon();
  }

  public void remove(Listener listener) {
    listeners.remove(listener);
  }

  /** However much happens at once, screens are told once of it. */
  private void tellSoon() {
    if (isToldSoon.compareAndSet(false, true)) {
      run(
          () -> {
            isToldSoon.set(false);
            SyncStatus now = syncing().status();
            main.post(() -> listeners.forEach(listener -> listener.changed(now)));
          });
    }
  }

  // When to sync

  /** As long as a screen is visible, the replica runs; else a job does it. */
  private final class Visibility implements ActivityLifecycleCallbacks {
    @Override
    public void onActivityStarted(Activity activity) {
      visible++;
      resumeOrPause();
    }

    @Override
    public void onActivityStopped(Activity activity) {
      visible--;
      resumeOrPause();
      if (visible == 0) {
        SyncJob.schedule(FieldNotesApp.this, settings().hasServer());
      }
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

  private void resumeOrPause() {
    boolean isWanted = visible + jobs > 0;
    sync(
        running -> {
          if (isWanted) {
            running.resume();
          } else {
            running.pause();
          }
        });
  }

  /** For a job, on the main thread: as if a screen were visible until {@link #jobEnded}. */
  void jobBegan() {
    jobs++;
    resumeOrPause();
  }

  void jobEnded() {
    jobs--;
    resumeOrPause();
  }

  @Override
  public void onTrimMemory(int level) {
    super.onTrimMemory(level);
    low.forEach(Runnable::run);
  }

  /** What gives memory back when the system wants it. */
  public void whenMemoryIsLow(Runnable forget) {
    if (!low.contains(forget)) {
      low.add(forget);
    }
  }

  /**
   * Closes everything and waits for it, as the end of the process does more rudely. What is asked
   * next opens it anew.
   */
  public void close() throws Exception {
    background
        .submit(
            () -> {
              if (syncing != null) {
                syncing.close();
              }
              if (watching != null) {
                watching.close();
              }
              if (notes != null) {
                notes.close();
              }
              syncing = null;
              watching = null;
              notes = null;
              return true;
            })
        .get();
  }
}
