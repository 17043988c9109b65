package dev.stave.fieldnotes;

import android.app.Activity;
import android.app.Application;
import android.content.Context;
import android.content.SharedPreferences;
import android.util.Log;
import dev.stave.changes.ChangesFeed;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.LiveSites;
import dev.stave.fieldnotes.data.SampleNotes;
import dev.stave.fieldnotes.data.Site;
import dev.stave.fieldnotes.photos.Pictures;
import dev.stave.fieldnotes.sync.SyncSettings;
import dev.stave.fieldnotes.sync.SyncStatus;
import dev.stave.fieldnotes.sync.Syncing;
import java.io.File;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the process has one of: the notes, the replica, and the thread on which they are asked.
 * Screens ask by {@link #ask} and are answered on the main thread.
 *
 * <p>Nothing here must survive the process: what is written is on the disk when {@link #ask}
 * answers, and what was not sent is sent by the next process, or by {@link SyncJob}.
 */
public final class FieldNotesApp extends Application {

  /** On which notes are asked. It waits for the disk, and never for the network. */
  private final Background background =
      new Background("notes", problem -> Problems.show(this, problem));

  /** On which replicas begin and end, one after the other: an end may wait for the network. */
  private final Background replicas =
      new Background("replicas", problem -> Problems.show(this, problem));

  private final Pictures pictures = new Pictures();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean isToldSoon = new AtomicBoolean();

  // Below: main thread only
  private int visible; // screens
  private int jobs;
  private @Nullable Undo undo;

  // Below: background thread only
  private @Nullable FieldNotes notes;
  private ChangesFeed.@Nullable Subscription watching;
  private @Nullable Syncing syncing;
  private boolean isSyncWanted;

  /** What was read last; null before, and if it is to be read again. Any thread. */
  private volatile @Nullable SyncSettings settings;

  /** Is told on the main thread. */
  public interface Listener {
    /** Notes were written, here or elsewhere, or the way to the server is another. */
    void changed(SyncStatus status);
  }

  @Override
  public void onCreate() {
    super.onCreate();
    registerActivityLifecycleCallbacks(new VisibleScreens(this::visible));
  }

  // Asking the notes, from the main thread

  /**
   * Asks the notes on their thread, and hands over the answer on the main thread, unless the screen
   * is gone by then.
   */
  public <T extends @Nullable Object> void ask(
      Activity screen, Function<FieldNotes, T> question, Consumer<T> answer) {
    answer(screen, () -> question.apply(notes()), answer, () -> {});
  }

  /** As {@link #ask(Activity, Function, Consumer)}; runs {@code failed} if there is no answer. */
  public <T extends @Nullable Object> void ask(
      Activity screen, Function<FieldNotes, T> question, Consumer<T> answer, Runnable failed) {
    answer(screen, () -> question.apply(notes()), answer, failed);
  }

  /** As {@link #ask(Activity, Function, Consumer)}, about the way to the server as well. */
  public <T extends @Nullable Object> void ask(
      Activity screen, BiFunction<FieldNotes, Syncing, T> question, Consumer<T> answer) {
    answer(screen, () -> question.apply(notes(), syncing()), answer, () -> {});
  }

  private <T extends @Nullable Object> void answer(
      Activity screen, Supplier<T> question, Consumer<T> answer, Runnable failed) {
    background.run(
        () -> {
          T found;
          try {
            found = question.get();
          } catch (RuntimeException e) {
            tell(screen, failed);
            throw e;
          }
          tell(screen, () -> answer.accept(found));
        });
  }

  private void tell(Activity screen, Runnable told) {
    background.onMainThread(
        () -> {
          if (!screen.isDestroyed()) {
            told.run();
          }
        });
  }

  /** Shows what a live query finds, now and whenever that is something else, until it is closed. */
  public LiveAnswer watch(Function<FieldNotes, LiveSites> question, Consumer<List<Site>> show) {
    return new LiveAnswer(background, this::notes, question, show);
  }

  /** Hands over the settings: they are in a file, which the main thread does not wait for. */
  public void askSettings(Activity screen, Consumer<SyncSettings> answer) {
    answer(screen, this::settings, answer, () -> {});
  }

  /** Takes other settings from now on. */
  public void change(SyncSettings wanted) {
    background.run(
        () -> {
          boolean isOtherServer = !wanted.server().equals(settings().server());
          wanted.write(preferences());
          settings = null;
          if (isOtherServer) {
            notes().unsent().markAll();
          }
          closeSyncing();
          SyncJob.schedule(this, wanted.hasServer());
          if (isSyncWanted) {
            syncing(); // the new one, at once
          }
          tellSoon();
        });
  }

  /** Notes to look around in. */
  public void addSample(Activity screen) {
    ask(screen, SampleNotes::addTo, added -> tellSoon());
  }

  public Pictures pictures() {
    return pictures;
  }

  /** Lets somebody take back what was just done, on the next screen. */
  public void offer(Undo last) {
    undo = last;
  }

  /** What may be taken back; null if nothing. It is offered once. */
  public @Nullable Undo takeUndo() {
    Undo last = undo;
    undo = null;
    return last;
  }

  // The background thread

  FieldNotes notes() {
    FieldNotes open = notes;
    if (open == null) {
      open = FieldNotes.open(new File(getNoBackupFilesDir(), "notes"), () -> settings().name());
      notes = open;
      watching = open.whenChanged(this::tellSoon);
    }
    return open;
  }

  private Syncing syncing() {
    Syncing running = syncing;
    if (running == null) {
      running = Syncing.start(this, notes(), settings(), this::tellSoon);
      syncing = running;
      replicas.run(running::begin);
      if (isSyncWanted) {
        running.resume();
      }
    }
    return running;
  }

  private SharedPreferences preferences() {
    return getSharedPreferences("settings", Context.MODE_PRIVATE);
  }

  private SyncSettings settings() {
    SyncSettings now = settings;
    if (now == null) {
      now = SyncSettings.read(preferences());
      settings = now.isPasswordLost() ? null : now; // the keystore may have another answer soon
    }
    return now;
  }

  private void closeSyncing() {
    Syncing running = syncing;
    if (running != null) {
      syncing = null;
      running.end();
      replicas.run(running::close);
    }
  }

  /** Closes all when nothing is on its way any more, unless somebody came back by then. */
  private void closeWhenDone() {
    closeSyncing();
    replicas.run(() -> background.run(this::closeIfUnused));
  }

  private void closeIfUnused() {
    if (syncing == null && !isSyncWanted) {
      closeNotes();
    }
  }

  private boolean closeNotes() {
    if (watching != null) {
      watching.close();
      watching = null;
    }
    if (notes != null) {
      notes.close();
      notes = null;
    }
    return true;
  }

  /** Closes everything and waits for it. What is asked next opens it anew. */
  void close() throws Exception {
    background.await(
        () -> {
          closeSyncing();
          return true;
        });
    replicas.await(() -> true);
    background.await(this::closeNotes);
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
    if (!listeners.isEmpty() && isToldSoon.compareAndSet(false, true)) {
      background.run(
          () -> {
            isToldSoon.set(false);
            SyncStatus now = status();
            background.onMainThread(() -> listeners.forEach(listener -> listener.changed(now)));
          });
    }
  }

  /** Whoever waits for it, a job above all, is told in any case. */
  private SyncStatus status() {
    try {
      return syncing().status();
    } catch (RuntimeException e) {
      Log.e("FieldNotes", "no status", e);
      return SyncStatus.unreadable(e);
    }
  }

  // When to sync

  /** As long as a screen is visible, the replica runs; else a job does it. */
  private void visible(int screens) {
    boolean isOneMore = screens > visible;
    visible = screens;
    resumeOrPause(isOneMore);
    if (visible == 0) {
      background.run(() -> SyncJob.schedule(this, settings().hasServer()));
    }
  }

  /**
   * @param isBegun whether a screen has become visible or a job has begun: what has failed for good
   *     is tried anew then
   */
  private void resumeOrPause(boolean isBegun) {
    boolean isWanted = visible + jobs > 0;
    background.run(
        () -> {
          isSyncWanted = isWanted;
          if (isBegun && syncing != null && syncing.hasFailed()) {
            closeSyncing();
          }
          if (isWanted) {
            syncing().resume();
          } else if (syncing != null) {
            syncing.pause();
          }
        });
  }

  /** For a job, on the main thread: as if a screen were visible until {@link #jobEnded}. */
  void jobBegan() {
    jobs++;
    resumeOrPause(true);
  }

  void jobEnded() {
    jobs--;
    resumeOrPause(false);
  }

  /**
   * Gives memory back: pictures at once, and all that Stave keeps in memory while nobody looks.
   * Nothing of that is lost, and whatever is asked next opens the notes again.
   */
  @Override
  public void onTrimMemory(int level) {
    super.onTrimMemory(level);
    pictures.forget();
    if (level >= TRIM_MEMORY_BACKGROUND && visible + jobs == 0) {
      background.run(this::closeWhenDone);
    }
  }
}
