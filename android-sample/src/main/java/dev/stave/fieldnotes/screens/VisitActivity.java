package dev.stave.fieldnotes.screens;

import android.content.ActivityNotFoundException;
import android.content.Intent;
import android.graphics.Bitmap;
import android.net.Uri;
import android.os.Bundle;
import android.provider.MediaStore;
import android.text.InputType;
import android.view.View;
import android.widget.EditText;
import android.widget.HorizontalScrollView;
import android.widget.ImageView;
import android.widget.LinearLayout;
import android.widget.RadioGroup;
import android.widget.Toast;
import dev.stave.document.Document;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.data.Check;
import dev.stave.fieldnotes.data.Condition;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.Visit;
import dev.stave.revision.RevisionId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One visit: what was found, the checklist, and photos. What was typed survives as in a site. */
public final class VisitActivity extends NotesActivity {

  private static final String SEEN = "seen";
  private static final String STATES = "states";
  private static final String TEXTS = "texts";
  private static final String IDS = "ids";
  private static final int TAKE = 1;
  private static final int PICK = 2;
  private static final int THUMBNAIL_DP = 112;
  private static final int TEXT =
      InputType.TYPE_CLASS_TEXT | InputType.TYPE_TEXT_FLAG_CAP_SENTENCES;
  private static final int QUALITY = 90;
  private static final Runnable FORGET = Thumbnails::forget;

  private EditText date;
  private EditText inspector;
  private EditText finding;
  private EditText newCheck;
  private Cards list;
  private LinearLayout photos;
  private List<Check> checks = new ArrayList<>();
  private @Nullable String seenRevision;
  private @Nullable Document seen;

  @Override
  protected void onCreate(@Nullable Bundle state) {
    super.onCreate(state);
    setScreen(R.layout.screen_cards, R.string.visit, false);
    Cards cards = Cards.of(this);
    Cards card = cards.card();
    date = card.field(R.id.field_date, R.string.date, InputType.TYPE_CLASS_DATETIME);
    inspector = card.field(R.id.field_inspector, R.string.inspector, TEXT);
    finding =
        card.field(
            R.id.field_finding, R.string.finding, TEXT | InputType.TYPE_TEXT_FLAG_MULTI_LINE);
    cards.heading(R.string.checklist);
    list = cards.card();
    Cards more = cards.card();
    newCheck = more.field(R.id.field_check, R.string.new_check, TEXT);
    more.quiet(R.id.add_check, R.string.add_check, this::addCheck);
    cards.action(R.id.save, R.string.save, this::save);
    cards.heading(R.string.photos);
    HorizontalScrollView strip = new HorizontalScrollView(this);
    photos = new LinearLayout(this);
    photos.setId(R.id.photos);
    strip.addView(photos);
    cards.view().addView(strip);
    cards.quiet(
        R.id.take_photo,
        R.string.take_photo,
        () -> ask(new Intent(MediaStore.ACTION_IMAGE_CAPTURE), TAKE));
    cards.quiet(
        R.id.pick_photo,
        R.string.pick_photo,
        () -> ask(new Intent(Intent.ACTION_GET_CONTENT).setType("image/*"), PICK));
    cards.quiet(
        R.id.history, R.string.history, () -> startActivity(about(HistoryActivity.class, id())));
    app().whenMemoryIsLow(FORGET);
    if (state != null) {
      restore(state);
    }
  }

  private void restore(Bundle state) {
    seenRevision = state.getString(SEEN);
    List<String> ids = state.getStringArrayList(IDS);
    List<String> texts = state.getStringArrayList(TEXTS);
    List<String> states = state.getStringArrayList(STATES);
    if (ids != null && texts != null && states != null) {
      for (int i = 0; i < ids.size(); i++) {
        checks.add(new Check(ids.get(i), texts.get(i), states.get(i)));
      }
    }
    showChecks();
  }

  @Override
  protected void onSaveInstanceState(Bundle state) {
    super.onSaveInstanceState(state);
    ArrayList<String> ids = new ArrayList<>();
    ArrayList<String> texts = new ArrayList<>();
    ArrayList<String> states = new ArrayList<>();
    for (Check each : checks) {
      ids.add(each.id());
      texts.add(each.text());
      states.add(each.state());
    }
    state.putString(SEEN, seenRevision);
    state.putStringArrayList(IDS, ids);
    state.putStringArrayList(TEXTS, texts);
    state.putStringArrayList(STATES, states);
  }

  @Override
  boolean isLive() {
    return false; // nothing that is typed is ever written over
  }

  @Override
  void reload() {
    String id = id();
    String revision = seenRevision;
    app().ask(this, notes -> find(notes, id, revision), found -> found.ifPresent(this::fill));
    showPhotos();
  }

  private static Optional<Document> find(FieldNotes notes, String id, @Nullable String revision) {
    return revision == null ? notes.document(id) : notes.version(id, RevisionId.parse(revision));
  }

  private void fill(Document document) {
    seen = document;
    if (seenRevision != null) {
      return; // the fields have what was typed
    }
    seenRevision = document.revision().toString();
    Visit visit = Visit.of(document);
    date.setText(visit.date());
    inspector.setText(visit.inspector());
    finding.setText(visit.finding());
    checks = new ArrayList<>(visit.checks());
    showChecks();
  }

  // The checklist

  private void showChecks() {
    list.view().removeAllViews();
    for (int i = 0; i < checks.size(); i++) {
      int line = i;
      Check check = checks.get(i);
      list.strong(check.text());
      RadioGroup group = list.conditions(View.generateViewId(), Condition.of(check.state()));
      group.setContentDescription(check.text());
      group.setSaveFromParentEnabled(false);
      group.setOnCheckedChangeListener(
          (changed, id) ->
              checks.set(line, checks.get(line).withState(Cards.checked(changed).code())));
    }
  }

  private void addCheck() {
    String text = newCheck.getText().toString().trim();
    if (!text.isEmpty()) {
      checks.add(new Check(UUID.randomUUID().toString(), text, Condition.OPEN.code()));
      newCheck.setText("");
      showChecks();
    }
  }

  private void save() {
    Document document = seen;
    if (document == null) {
      return; // it is not read yet
    }
    Visit before = Visit.of(document);
    Visit visit =
        new Visit(
            document,
            before.site(),
            before.region(),
            date.getText().toString().trim(),
            inspector.getText().toString().trim(),
            finding.getText().toString().trim(),
            checks);
    app().ask(this, notes -> notes.save(visit), this::saved);
  }

  private void saved(FieldNotes.Saved how) {
    if (how == FieldNotes.Saved.CONFLICT) {
      startActivity(about(ConflictActivity.class, id()));
    } else {
      Toast.makeText(this, R.string.saved, Toast.LENGTH_SHORT).show();
    }
    finish();
  }

  // Photos

  private void ask(Intent camera, int request) {
    try {
      startActivityForResult(camera, request);
    } catch (ActivityNotFoundException e) {
      Toast.makeText(this, R.string.no_camera, Toast.LENGTH_LONG).show();
    }
  }

  @Override
  protected void onActivityResult(int request, int result, @Nullable Intent data) {
    if (result != RESULT_OK || data == null) {
      return;
    }
    Uri picked = data.getData();
    @Nullable Object taken = data.getExtras() == null ? null : data.getExtras().get("data");
    String id = id();
    app()
        .ask(
            this,
            notes -> {
              try (InputStream photo =
                  taken instanceof Bitmap bitmap ? jpeg(bitmap) : open(picked)) {
                notes.addPhoto(id, photo);
                return true;
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            added -> showPhotos());
  }

  private static InputStream jpeg(Bitmap bitmap) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bitmap.compress(Bitmap.CompressFormat.JPEG, QUALITY, bytes);
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private InputStream open(@Nullable Uri picked) throws IOException {
    InputStream in = picked == null ? null : getContentResolver().openInputStream(picked);
    if (in == null) {
      throw new IOException("the other app gave no photo");
    }
    return in;
  }

  private void showPhotos() {
    String id = id();
    int side = (int) (THUMBNAIL_DP * getResources().getDisplayMetrics().density);
    app()
        .ask(
            this,
            notes -> {
              List<Bitmap> found = new ArrayList<>();
              notes
                  .document(id)
                  .ifPresent(
                      document ->
                          document
                              .attachments()
                              .values()
                              .forEach(
                                  photo ->
                                      Thumbnails.of(notes, photo, side).ifPresent(found::add)));
              return found;
            },
            this::show);
  }

  private void show(List<Bitmap> found) {
    photos.removeAllViews();
    int side = (int) (THUMBNAIL_DP * getResources().getDisplayMetrics().density);
    for (int i = 0; i < found.size(); i++) {
      ImageView view = new ImageView(this);
      view.setImageBitmap(found.get(i));
      view.setScaleType(ImageView.ScaleType.CENTER_CROP);
      view.setContentDescription(getString(R.string.photo, i + 1));
      LinearLayout.LayoutParams place = new LinearLayout.LayoutParams(side, side);
      place.setMarginEnd(side / 12);
      place.bottomMargin = side / 12;
      photos.addView(view, place);
    }
  }
}
