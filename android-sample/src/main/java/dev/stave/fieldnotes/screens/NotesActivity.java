package dev.stave.fieldnotes.screens;

import android.app.Activity;
import android.content.Intent;
import android.content.res.ColorStateList;
import android.view.View;
import android.view.ViewGroup;
import android.widget.ImageView;
import android.widget.TextView;
import android.widget.Toolbar;
import dev.stave.fieldnotes.FieldNotesApp;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.Undo;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.sync.SyncStatus;
import org.jspecify.annotations.Nullable;

/** A screen with a title above and, always, how far the notes are on their way below. */
abstract class NotesActivity extends Activity implements FieldNotesApp.Listener {

  /** The id of the note that a screen is about. */
  static final String ID = "id";

  private boolean isTop;
  private boolean wasShown;
  private @Nullable Undo undo;

  /** Shows {@code layout} between title and status. */
  final void setScreen(int layout, int title, boolean isFirstScreen) {
    setContentView(R.layout.frame);
    ViewGroup content = findViewById(R.id.content);
    getLayoutInflater().inflate(layout, content, true);
    Toolbar toolbar = findViewById(R.id.toolbar);
    toolbar.setTitle(title);
    setTitle(title);
    isTop = isFirstScreen;
    if (!isTop) {
      toolbar.setNavigationIcon(R.drawable.back);
      toolbar.setNavigationContentDescription(R.string.back);
      toolbar.setNavigationOnClickListener(view -> onBackPressed());
    }
    findViewById(R.id.sync)
        .setOnClickListener(view -> startActivity(new Intent(this, SyncActivity.class)));
  }

  final Toolbar toolbar() {
    return findViewById(R.id.toolbar);
  }

  final FieldNotesApp app() {
    return (FieldNotesApp) getApplication();
  }

  /** The note that this screen is about. */
  String id() {
    String id = getIntent().getStringExtra(ID);
    if (id == null) {
      throw new IllegalStateException("started without " + ID);
    }
    return id;
  }

  final Intent about(Class<? extends Activity> screen, String id) {
    return new Intent(this, screen).putExtra(ID, id);
  }

  /**
   * A {@link Question} was answered: what is hard to take back, or easily done by mistake, is meant
   * or not. The screen may be another than that which asked, with all that was typed there.
   *
   * @param what it was asked about
   */
  void answered(String what, boolean isYes) {}

  /** Asks again what is shown: notes have changed. */
  abstract void reload();

  /** Whether {@link #reload} is done each time, and not only the first time. */
  boolean isLive() {
    return true;
  }

  @Override
  protected void onStart() {
    super.onStart();
    if (isLive() || !wasShown) {
      wasShown = true;
      reload();
    }
    app().add(this);
    show(app().takeUndo());
  }

  /** What was just done can be taken back here, until this screen is left. */
  final void show(@Nullable Undo last) {
    undo = last;
    findViewById(R.id.undo_bar).setVisibility(last == null ? View.GONE : View.VISIBLE);
    if (last != null) {
      ((TextView) findViewById(R.id.undo_text)).setText(last.words());
      findViewById(R.id.undo_last)
          .setOnClickListener(
              view -> {
                show((Undo) null);
                app().ask(this, notes -> undone(notes, last), undone -> reload());
              });
    }
  }

  private static boolean undone(FieldNotes notes, Undo last) {
    last.work().accept(notes);
    return true;
  }

  @Override
  protected void onStop() {
    app().remove(this);
    if (undo != null && isChangingConfigurations()) {
      app().offer(undo); // for this screen, turned
    }
    super.onStop();
  }

  @Override
  public void changed(SyncStatus status) {
    SyncWords words = SyncWords.of(getResources(), status);
    TextView text = findViewById(R.id.sync_text);
    if (!words.text().contentEquals(text.getText())) {
      text.setText(words.text());
    }
    ImageView dot = findViewById(R.id.sync_dot);
    dot.setImageTintList(ColorStateList.valueOf(getColor(words.color())));
    if (isLive()) {
      reload();
    }
  }
}
