package dev.stave.fieldnotes.screens;

import android.content.ActivityNotFoundException;
import android.content.Context;
import android.content.Intent;
import android.net.Uri;
import android.os.Bundle;
import android.text.InputType;
import android.view.View;
import android.widget.EditText;
import android.widget.Toast;
import dev.stave.document.Document;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.Undo;
import dev.stave.fieldnotes.data.Check;
import dev.stave.fieldnotes.data.Condition;
import dev.stave.fieldnotes.data.Deleted;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.Site;
import dev.stave.fieldnotes.data.Visit;
import dev.stave.fieldnotes.photos.CameraFiles;
import dev.stave.fieldnotes.photos.PhotoSource;
import dev.stave.fieldnotes.sync.SyncStatus;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One visit: what was found, the checklist, and photos. A new one is noted when it is saved, or
 * when it gets its first photo: leaving it before leaves nothing.
 */
public final class VisitActivity extends EditActivity {

  private static final String SITE = "site";
  private static final String REGION = "region";
  private static final String NOTED = "noted";
  private static final String CAMERA = "camera";
  private static final String TODAY = "today";
  private static final String DELETE = "delete";
  private static final int TAKE = 1;
  private static final int PICK = 2;
  private static final int TEXT =
      InputType.TYPE_CLASS_TEXT | InputType.TYPE_TEXT_FLAG_CAP_SENTENCES;

  private DateField date;
  private EditText inspector;
  private EditText finding;
  private EditText newCheck;
  private Checklist checklist;
  private PhotoStrip photos;
  private String me = "";

  /** The date that a new visit began with. */
  private String today = LocalDate.now().toString();

  /** The id that a new visit was noted by; null before that. */
  private @Nullable String noted;

  /** The file that the camera writes to; null if it is not asked for a photo. */
  private @Nullable String camera;

  /** A new visit to {@code site}. */
  static Intent to(Context from, String id, Site site) {
    return new Intent(from, VisitActivity.class).putExtra(SITE, id).putExtra(REGION, site.region());
  }

  @Override
  protected void onCreate(@Nullable Bundle state) {
    super.onCreate(state);
    boolean isNew = getIntent().hasExtra(SITE);
    setScreen(R.layout.screen_cards, isNew ? R.string.new_visit : R.string.visit, false);
    Cards cards = Cards.of(this);
    Cards card = cards.card();
    date = new DateField(this, card);
    inspector = card.field(R.id.field_inspector, R.string.inspector, TEXT);
    int lines = TEXT | InputType.TYPE_TEXT_FLAG_MULTI_LINE;
    finding = card.field(R.id.field_finding, R.string.finding, lines);
    cards.heading(R.string.checklist);
    checklist = new Checklist(cards.card());
    Cards more = cards.card();
    newCheck = more.field(R.id.field_check, R.string.new_check, TEXT);
    more.quiet(R.id.add_check, R.string.add_check, this::addCheck);
    cards.action(R.id.save, R.string.save, this::save);
    cards.heading(R.string.photos);
    photos = new PhotoStrip(this, cards);
    cards.quiet(R.id.take_photo, R.string.take_photo, this::takePhoto);
    Intent pick = new Intent(Intent.ACTION_GET_CONTENT).setType("image/*");
    cards.quiet(R.id.pick_photo, R.string.pick_photo, () -> ask(pick, PICK));
    cards.quiet(
        R.id.history, R.string.history, () -> startActivity(about(HistoryActivity.class, id())));
    cards.quiet(R.id.delete, R.string.delete_visit, this::askToDelete);
    if (state != null) {
      noted = state.getString(NOTED);
      camera = state.getString(CAMERA);
      today = state.getString(TODAY, today);
      date.restore(state);
      checklist.restore(state);
    } else if (isNew) {
      date.show(today);
      checklist.show(usualChecks());
    }
    showWhatIsNoted();
  }

  @Override
  protected void onSaveInstanceState(Bundle state) {
    super.onSaveInstanceState(state);
    state.putString(NOTED, noted);
    state.putString(CAMERA, camera);
    state.putString(TODAY, today);
    date.save(state);
    checklist.save(state);
  }

  private List<Check> usualChecks() {
    List<Check> checks = new ArrayList<>();
    String[] usual = getResources().getStringArray(R.array.usual_checks);
    for (int i = 0; i < usual.length; i++) {
      checks.add(new Check("usual-" + i, usual[i], Condition.OPEN.code()));
    }
    return checks;
  }

  @Override
  @Nullable String edited() {
    return noted != null ? noted : super.edited();
  }

  @Override
  String id() {
    String id = edited();
    return id != null ? id : super.id();
  }

  /** What is not noted yet has no history, and cannot be deleted. */
  private void showWhatIsNoted() {
    int visibility = edited() == null ? View.GONE : View.VISIBLE;
    findViewById(R.id.history).setVisibility(visibility);
    findViewById(R.id.delete).setVisibility(visibility);
  }

  @Override
  void reload() {
    super.reload();
    app().ask(this, FieldNotes::me, this::show);
    showPhotos();
  }

  private void show(String name) {
    me = name;
    if (edited() == null && inspector.length() == 0) {
      inspector.setText(name);
    }
  }

  /**
   * Photos come and go here too: by the next screen, from other devices, and by what this screen
   * had begun before the device was turned. What is typed stays.
   */
  @Override
  public void changed(SyncStatus status) {
    super.changed(status);
    if (edited() == null) {
      String id = newId();
      app().ask(this, notes -> notes.document(id), this::noted);
    } else {
      showPhotos();
    }
  }

  /** Its first photo has noted it. What is typed is an edit of that from now on. */
  private void noted(Optional<Document> now) {
    if (edited() == null && now.isPresent()) {
      noted = now.get().id();
      setSeen(now.get());
      showWhatIsNoted();
      showPhotos();
    }
  }

  private void showPhotos() {
    String id = edited();
    if (id != null) {
      photos.show(id);
    }
  }

  @Override
  String drawId() {
    return Visit.newId();
  }

  @Override
  void fill(Document document) {
    Visit visit = Visit.of(document);
    date.show(visit.date());
    inspector.setText(visit.inspector());
    finding.setText(visit.finding());
    checklist.show(visit.checks());
  }

  /** Somebody picked the day of the visit. */
  void picked(LocalDate day) {
    date.show(day.toString());
  }

  private void addCheck() {
    if (!text(newCheck).isEmpty()) {
      checklist.add(text(newCheck));
      newCheck.setText("");
    }
  }

  private Visit typed() {
    Document before = seen();
    String site = getIntent().getStringExtra(SITE);
    String region = getIntent().getStringExtra(REGION);
    Visit known = before == null ? null : Visit.of(before);
    return new Visit(
        before,
        known != null ? known.site() : site != null ? site : "",
        known != null ? known.region() : region != null ? region : "",
        date.stored(),
        text(inspector),
        text(finding),
        checklist.checks());
  }

  @Override
  boolean isChanged() {
    if (!text(newCheck).isEmpty()) {
      return true;
    }
    Document before = seen();
    if (edited() == null) {
      boolean isToday = date.stored().equals(today);
      boolean isMine = text(inspector).isEmpty() || text(inspector).equals(me);
      return !isToday
          || !isMine
          || !text(finding).isEmpty()
          || !checklist.checks().equals(usualChecks());
    }
    return before != null && !typed().equals(Visit.of(before));
  }

  @Override
  void save() {
    if (isRead()) {
      addCheck(); // typed, and not added yet
      Visit visit = typed();
      save((notes, id) -> notes.add(id, visit), (notes, over) -> notes.save(visit, over));
    }
  }

  private void askToDelete() {
    Question.confirm(this, DELETE, getText(R.string.delete_visit_sure), R.string.delete_visit);
  }

  @Override
  void answered(String what, boolean isYes) {
    super.answered(what, isYes);
    if (what.equals(DELETE) && isYes) {
      String id = id();
      app().ask(this, notes -> notes.delete(id), this::deleted);
    }
  }

  private void deleted(Deleted deleted) {
    app().offer(new Undo(R.string.deleted_visit, notes -> notes.undelete(deleted)));
    finish();
  }

  // Photos

  private void takePhoto() {
    String name = CameraFiles.newName();
    camera = name;
    ask(CameraFiles.intent(name), TAKE);
  }

  private void ask(Intent other, int request) {
    try {
      startActivityForResult(other, request);
    } catch (ActivityNotFoundException e) {
      Toast.makeText(this, R.string.no_camera, Toast.LENGTH_LONG).show();
    }
  }

  @Override
  protected void onActivityResult(int request, int result, @Nullable Intent data) {
    if (result != RESULT_OK) {
      return;
    }
    String taken = camera;
    Uri picked = data == null ? null : data.getData();
    if (request == TAKE && taken != null) {
      add(PhotoSource.taken(getApplication(), taken));
    } else if (request == PICK && picked != null) {
      add(PhotoSource.picked(getContentResolver(), picked));
    }
  }

  private void add(PhotoSource source) {
    String known = edited();
    String newId = newId();
    Visit visit = typed();
    app()
        .ask(
            this,
            notes -> {
              String id = known == null ? notes.add(newId, visit) : known;
              source.addTo(notes.photos(), id);
              return notes.document(id);
            },
            now -> {
              noted(now);
              showPhotos();
            });
  }
}
