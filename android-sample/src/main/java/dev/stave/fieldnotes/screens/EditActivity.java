package dev.stave.fieldnotes.screens;

import android.os.Bundle;
import android.widget.EditText;
import android.widget.Toast;
import dev.stave.document.Document;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.revision.RevisionId;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A screen on which a note is written. What was typed survives rotation and the end of the process,
 * and so does which version it was typed over: whatever comes in meanwhile, nobody's words are
 * lost. Who leaves it with something unsaved is asked.
 */
abstract class EditActivity extends NotesActivity {

  private static final String SEEN = "seen";
  private static final String NEW = "new";
  private static final String UNSAVED = "unsaved";

  private @Nullable String seenRevision;
  private @Nullable Document seen;
  private String newId = "";
  private boolean isSaving;

  @Override
  protected void onCreate(@Nullable Bundle state) {
    super.onCreate(state);
    seenRevision = state == null ? null : state.getString(SEEN);
    newId = state == null ? drawId() : state.getString(NEW, "");
  }

  @Override
  protected void onSaveInstanceState(Bundle state) {
    super.onSaveInstanceState(state);
    state.putString(SEEN, seenRevision);
    state.putString(NEW, newId);
  }

  @Override
  final boolean isLive() {
    return false; // nothing that is typed is ever written over
  }

  /** An id for a new note. */
  abstract String drawId();

  /** What a new note is noted by, however often that is tried. */
  final String newId() {
    return newId;
  }

  /** The note that is edited; null if it is new. */
  @Nullable String edited() {
    return getIntent().getStringExtra(ID);
  }

  /**
   * The version that is typed over, or the newest if that is not kept; null if it is new, or not
   * read yet.
   */
  final @Nullable Document seen() {
    return seen;
  }

  /** The version that is typed over, kept or not. Of what was read. */
  final RevisionId seenRevision() {
    if (seenRevision == null) {
      throw new IllegalStateException("nothing was read");
    }
    return RevisionId.parse(seenRevision);
  }

  final void setSeen(Document document) {
    seen = document;
    seenRevision = document.revision().toString();
  }

  @Override
  void reload() {
    String id = edited();
    if (id != null) {
      enable();
      String revision = seenRevision;
      app().ask(this, notes -> find(notes, id, revision), this::found);
    }
  }

  /** What is typed before the note is here would be lost, and nothing can be saved. */
  private void enable() {
    Cards.enable(this, seenRevision != null);
    findViewById(R.id.save).setEnabled(seen != null);
  }

  private static Optional<Document> find(FieldNotes notes, String id, @Nullable String revision) {
    Optional<Document> typedOver =
        revision == null ? Optional.empty() : notes.version(id, RevisionId.parse(revision));
    return typedOver.isPresent() ? typedOver : notes.document(id); // it may not be kept any more
  }

  private void found(Optional<Document> found) {
    if (!found.isPresent()) {
      Toast.makeText(this, R.string.gone, Toast.LENGTH_LONG).show();
      finish(); // it was deleted, or has left what is shared
      return;
    }
    if (seenRevision == null) {
      setSeen(found.get());
      fill(found.get());
    } else {
      seen = found.get(); // beside which it is kept, if it is not that which was typed over
    }
    enable();
  }

  /** Shows what is to be edited. */
  abstract void fill(Document document);

  /** Whether there is something that {@link #save} would save. */
  abstract boolean isChanged();

  abstract void save();

  /** Whether it is known what is typed over, if anything is. */
  final boolean isRead() {
    return edited() == null || seen != null;
  }

  /**
   * Does it once, and leaves the screen; stays on it if it did not work.
   *
   * @param add notes what is new by this id
   * @param edit saves what was typed over this version
   */
  final void save(
      BiConsumer<FieldNotes, String> add,
      BiFunction<FieldNotes, RevisionId, FieldNotes.Saved> edit) {
    if (isSaving) {
      return;
    }
    RevisionId over = edited() == null ? null : seenRevision();
    saving(true);
    app().ask(this, notes -> written(notes, over, add, edit), this::saved, () -> saving(false));
  }

  private FieldNotes.Saved written(
      FieldNotes notes,
      @Nullable RevisionId over,
      BiConsumer<FieldNotes, String> add,
      BiFunction<FieldNotes, RevisionId, FieldNotes.Saved> edit) {
    if (over != null) {
      return edit.apply(notes, over);
    }
    add.accept(notes, newId);
    return FieldNotes.Saved.DONE;
  }

  private void saving(boolean is) {
    isSaving = is;
    findViewById(R.id.save).setEnabled(!is);
  }

  private void saved(FieldNotes.Saved how) {
    String id = edited();
    if (how == FieldNotes.Saved.CONFLICT && id != null) {
      startActivity(about(ConflictActivity.class, id));
    } else {
      Toast.makeText(this, R.string.saved, Toast.LENGTH_SHORT).show();
    }
    finish();
  }

  @Override
  public void onBackPressed() {
    if (!isChanged()) {
      super.onBackPressed();
      return;
    }
    Question.choose(
        this, UNSAVED, getText(R.string.unsaved), R.string.save, R.string.leave, R.string.go_on);
  }

  @Override
  void answered(String what, boolean isYes) {
    if (what.equals(UNSAVED)) {
      if (isYes) {
        save();
      } else {
        finish();
      }
    }
  }

  static String text(EditText field) {
    return field.getText().toString().trim();
  }
}
