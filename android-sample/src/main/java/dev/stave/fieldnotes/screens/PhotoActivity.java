package dev.stave.fieldnotes.screens;

import android.content.Context;
import android.content.Intent;
import android.graphics.Bitmap;
import android.os.Bundle;
import android.util.DisplayMetrics;
import android.view.View;
import android.widget.ImageView;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.Undo;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.photos.Pictures;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One photo, as large as the screen. */
public final class PhotoActivity extends NotesActivity {

  private static final String PHOTO = "photo";
  private static final String DELETE = "delete";

  /** The photo {@code name} of a visit. */
  static Intent of(Context from, String visit, String name) {
    return new Intent(from, PhotoActivity.class).putExtra(ID, visit).putExtra(PHOTO, name);
  }

  @Override
  protected void onCreate(@Nullable Bundle state) {
    super.onCreate(state);
    setScreen(R.layout.screen_photo, R.string.photo_title, false);
    findViewById(R.id.delete)
        .setOnClickListener(
            view ->
                Question.confirm(
                    this, DELETE, getText(R.string.delete_photo_sure), R.string.delete_photo));
  }

  @Override
  void answered(String what, boolean isYes) {
    if (what.equals(DELETE) && isYes) {
      delete();
    }
  }

  private String photo() {
    String name = getIntent().getStringExtra(PHOTO);
    if (name == null) {
      throw new IllegalStateException("started without " + PHOTO);
    }
    return name;
  }

  @Override
  boolean isLive() {
    return false; // a photo is never changed
  }

  @Override
  void reload() {
    String visit = id();
    String name = photo();
    Pictures pictures = app().pictures();
    DisplayMetrics screen = getResources().getDisplayMetrics();
    int side = Math.min(screen.widthPixels, screen.heightPixels);
    app()
        .ask(
            this,
            notes -> find(notes, visit, name).flatMap(photo -> pictures.read(notes, photo, side)),
            this::show);
  }

  private static Optional<Attachment> find(FieldNotes notes, String visit, String name) {
    return notes.document(visit).map(Document::attachments).map(all -> all.get(name));
  }

  private void show(Optional<Bitmap> picture) {
    ImageView view = findViewById(R.id.photo);
    picture.ifPresent(view::setImageBitmap);
    findViewById(R.id.photo_missing).setVisibility(picture.isPresent() ? View.GONE : View.VISIBLE);
  }

  private void delete() {
    String visit = id();
    String name = photo();
    app()
        .ask(
            this,
            notes -> {
              Optional<Attachment> photo = find(notes, visit, name);
              notes.photos().delete(visit, name);
              return photo;
            },
            photo -> {
              photo.ifPresent(
                  gone ->
                      app()
                          .offer(
                              new Undo(
                                  R.string.deleted_photo,
                                  notes -> notes.photos().put(visit, name, gone))));
              finish();
            });
  }
}
