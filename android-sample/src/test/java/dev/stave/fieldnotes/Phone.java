package dev.stave.fieldnotes;

import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.content.Intent;
import android.graphics.Bitmap;
import android.graphics.Canvas;
import android.os.Looper;
import android.view.View;
import android.view.ViewGroup;
import android.widget.TextView;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.sync.SyncSettings;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.robolectric.Robolectric;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;

/** The simulated device of a test: its app, its screens, and what a user does with them. */
final class Phone implements AutoCloseable {

  private static final long PATIENCE_MILLIS = 120_000;

  private final List<ActivityController<?>> screens = new ArrayList<>();

  FieldNotesApp app() {
    return (FieldNotesApp) RuntimeEnvironment.getApplication();
  }

  /** Opens a screen, about the note {@code id} if there is one. */
  <A extends Activity> ActivityController<A> open(Class<A> screen, String id) {
    Intent intent = new Intent(app(), screen);
    if (id != null) {
      intent.putExtra("id", id);
    }
    ActivityController<A> controller = Robolectric.buildActivity(screen, intent).setup();
    screens.add(controller);
    return controller;
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

  /** Waits until {@code text} is to be read somewhere on the screen. */
  void awaitText(Activity screen, String text) {
    await(
        "\"" + text + "\" in " + texts(screen.getWindow().getDecorView()),
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
    app()
        .sync(
            syncing -> {
              try {
                answer.complete(question.apply(app().notes()));
              } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
              }
            });
    await("an answer", answer::isDone);
    try {
      return answer.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  void use(String name, String server) {
    app().change(new SyncSettings(name, server, "", "", ""));
  }

  /** Draws the screen to a file below target/android/screens. */
  static void draw(Activity screen, String name) {
    View root = screen.getWindow().getDecorView();
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
    app().close();
  }
}
