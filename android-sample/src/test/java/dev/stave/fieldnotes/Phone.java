package dev.stave.fieldnotes;

import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.app.AlertDialog;
import android.app.Application;
import android.content.Context;
import android.content.Intent;
import android.graphics.Bitmap;
import android.graphics.Canvas;
import android.os.Looper;
import android.view.View;
import android.view.ViewGroup;
import android.widget.TextView;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.SampleNotes;
import dev.stave.fieldnotes.sync.SyncSettings;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.robolectric.Robolectric;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.shadows.ShadowDialog;
import org.robolectric.util.ReflectionHelpers;
import org.robolectric.util.ReflectionHelpers.ClassParameter;

/**
 * A simulated device: its app, with a folder, settings and a network of its own, its screens, and
 * what a user does with them. A test may have several.
 */
final class Phone implements AutoCloseable {

  private static final long PATIENCE_MILLIS = Long.getLong("patience", 120_000);
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final PhoneContext device;
  private final FieldNotesApp app;
  private final List<ActivityController<?>> screens = new ArrayList<>();

  /** One that has never been used. */
  Phone() {
    this(RuntimeEnvironment.getTempDirectory().create("phone" + COUNT.incrementAndGet()).toFile());
  }

  /**
   * One whose app has all its files in {@code folder}: what it was before, if it was used before.
   */
  Phone(File folder) {
    device = new PhoneContext(RuntimeEnvironment.getApplication().getBaseContext(), folder);
    app = new FieldNotesApp();
    ReflectionHelpers.callInstanceMethod(
        Application.class, app, "attach", ClassParameter.from(Context.class, device));
    app.onCreate();
  }

  FieldNotesApp app() {
    return app;
  }

  PhoneContext device() {
    return device;
  }

  /**
   * Ada's, with the sample's notes, shared with nobody. Returns the id of the site with a visit.
   */
  String useSample() {
    use("Ada", "");
    ask(SampleNotes::addTo);
    return ask(notes -> notes.sites("mill", null).get(0).document().id());
  }

  /** The id of the newest visit to a site. */
  String visitTo(String site) {
    return ask(notes -> notes.visitsTo(site).get(0).document().id());
  }

  /** The network comes or goes. */
  void network(boolean isThere) {
    device.network().set(isThere);
  }

  /** Opens a screen, about the note {@code id} if there is one. */
  <A extends Activity> ActivityController<A> open(Class<A> screen, String id) {
    Intent intent = new Intent(app, screen);
    if (id != null) {
      intent.putExtra("id", id);
    }
    return openBy(screen, intent);
  }

  /** As another screen opens it. */
  <A extends Activity> ActivityController<A> openBy(Class<A> screen, Intent intent) {
    return controller(() -> Robolectric.buildActivity(screen, intent)).setup();
  }

  /** Robolectric gives what it makes the one application that it knows: for now, ours. */
  private <A extends Activity> ActivityController<A> controller(
      Supplier<ActivityController<A>> maker) {
    ActivityController<A> made = asApplication(maker);
    screens.add(made);
    return made;
  }

  /** Turns the device, or ends the process and brings the screen back: it is made anew. */
  <A extends Activity> void turn(ActivityController<A> screen) {
    asApplication(screen::recreate);
  }

  <T> T asApplication(Supplier<T> work) {
    Application before = RuntimeEnvironment.application;
    RuntimeEnvironment.application = app;
    try {
      return work.get();
    } finally {
      RuntimeEnvironment.application = before;
    }
  }

  /** Lets main thread and background work until it is so. */
  void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (true) {
      shadowOf(Looper.getMainLooper()).idle();
      if (condition.getAsBoolean()) {
        return;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("did not happen: " + what);
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /**
   * Waits until the server has all that was written here: a screen may not have heard of it yet.
   */
  void awaitSent() {
    await("all is sent", () -> ask(notes -> notes.unsent().first(1).isEmpty()));
  }

  /** Waits until {@code text} is to be read somewhere on the screen. */
  void awaitText(Activity screen, String text) {
    await(
        "\"" + text + "\", first it was " + texts(screen.getWindow().getDecorView()),
        () -> texts(screen.getWindow().getDecorView()).contains(text));
  }

  /** All that can be read on it. */
  static String texts(View view) {
    StringBuilder texts = new StringBuilder();
    if (view.getVisibility() == View.VISIBLE) {
      if (view instanceof TextView text) {
        texts.append(text.getText()).append('\n');
      }
      if (view instanceof ViewGroup group) {
        for (int i = 0; i < group.getChildCount(); i++) {
          texts.append(texts(group.getChildAt(i)));
        }
      }
    }
    return texts.toString();
  }

  /** The first view whose text contains {@code text}. */
  static View find(View view, String text) {
    if (view instanceof TextView label && label.getText().toString().contains(text)) {
      return view;
    }
    if (view instanceof ViewGroup group) {
      for (int i = 0; i < group.getChildCount(); i++) {
        View found = find(group.getChildAt(i), text);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  void click(Activity screen, String text) {
    awaitText(screen, text);
    find(screen.getWindow().getDecorView(), text).performClick();
  }

  /** Asks the notes of the app, on their thread. */
  <T> T ask(Function<FieldNotes, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    app.ask(
        new Activity(),
        notes -> {
          try {
            return answer.complete(question.apply(notes));
          } catch (RuntimeException | Error e) {
            return answer.completeExceptionally(e);
          }
        },
        done -> {});
    await("an answer", answer::isDone);
    try {
      return answer.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** Has the notes answer nobody until what is returned is run. */
  Runnable hold() {
    CountDownLatch released = new CountDownLatch(1);
    app.ask(
        new Activity(),
        notes -> {
          try {
            return released.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        },
        done -> {});
    return released::countDown;
  }

  void use(String name, String server) {
    use(name, server, "");
  }

  void use(String name, String server, String region) {
    app.change(new SyncSettings(name, server, "", "", region));
    ask(notes -> true);
  }

  /** Presses a button of the dialog that is shown last. */
  static void press(int button) {
    shadowOf(Looper.getMainLooper()).idle();
    ((AlertDialog) ShadowDialog.getLatestDialog()).getButton(button).performClick();
    shadowOf(Looper.getMainLooper()).idle();
  }

  /** Draws the screen to a file below target/android/screens. */
  static void draw(Activity screen, String name) {
    draw(screen.getWindow().getDecorView(), name);
  }

  /** Draws all of a window, such as a dialog's. */
  static void draw(View root, String name) {
    root.jumpDrawablesToCurrentState();
    Bitmap bitmap = Bitmap.createBitmap(root.getWidth(), root.getHeight(), Bitmap.Config.ARGB_8888);
    root.draw(new Canvas(bitmap));
    File file = new File(System.getProperty("screens.dir"), name + ".png");
    try {
      Files.createDirectories(file.toPath().getParent());
      try (OutputStream out = Files.newOutputStream(file.toPath())) {
        bitmap.compress(Bitmap.CompressFormat.PNG, 100, out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws Exception {
    for (ActivityController<?> each : screens) {
      if (!each.get().isDestroyed()) {
        each.pause().stop().destroy();
      }
    }
    app.close();
  }
}
