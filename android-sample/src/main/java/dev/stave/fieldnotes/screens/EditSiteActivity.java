package dev.stave.fieldnotes.screens;

import android.os.Bundle;
import android.text.InputType;
import android.widget.EditText;
import android.widget.RadioGroup;
import android.widget.Toast;
import dev.stave.document.Document;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.data.Condition;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.Site;
import dev.stave.revision.RevisionId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A new site, or an edit of one. What was typed survives rotation and the end of the process, and
 * so does which version it was typed over: whatever comes in meanwhile, nobody's words are lost.
 */
public final class EditSiteActivity extends NotesActivity {

  private static final String SEEN = "seen";
  private static final int TEXT =
      InputType.TYPE_CLASS_TEXT | InputType.TYPE_TEXT_FLAG_CAP_SENTENCES;

  private EditText name;
  private EditText kind;
  private EditText place;
  private EditText region;
  private EditText contact;
  private EditText notes;
  private RadioGroup condition;
  private @Nullable String seenRevision;
  private @Nullable Document seen;

  @Override
  protected void onCreate(@Nullable Bundle state) {
    super.onCreate(state);
    boolean isNew = !getIntent().hasExtra(ID);
    setScreen(R.layout.screen_cards, isNew ? R.string.new_site : R.string.edit_site, false);
    Cards cards = Cards.of(this);
    Cards card = cards.card();
    name = card.field(R.id.field_name, R.string.name, TEXT);
    kind = card.field(R.id.field_kind, R.string.kind, TEXT);
    place = card.field(R.id.field_place, R.string.place, TEXT);
    region = card.field(R.id.field_region, R.string.region, TEXT);
    contact = card.field(R.id.field_contact, R.string.contact, TEXT);
    notes =
        card.field(R.id.field_notes, R.string.notes, TEXT | InputType.TYPE_TEXT_FLAG_MULTI_LINE);
    card.soft(getText(R.string.condition));
    condition = card.conditions(R.id.condition, Condition.GOOD);
    cards.action(R.id.save, R.string.save, this::save);
    seenRevision = state == null ? null : state.getString(SEEN);
  }

  @Override
  boolean isLive() {
    return false; // nothing that is typed is ever written over
  }

  @Override
  void reload() {
    String id = getIntent().getStringExtra(ID);
    if (id != null) {
      String revision = seenRevision;
      app().ask(this, from -> find(from, id, revision), found -> found.ifPresent(this::fill));
    }
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
    Site site = Site.of(document);
    name.setText(site.name());
    kind.setText(site.kind());
    place.setText(site.place());
    region.setText(site.region());
    contact.setText(site.contact());
    notes.setText(site.notes());
    Cards.check(condition, Condition.of(site.condition()));
  }

  @Override
  protected void onSaveInstanceState(Bundle state) {
    super.onSaveInstanceState(state);
    state.putString(SEEN, seenRevision);
  }

  private static String text(EditText field) {
    return field.getText().toString().trim();
  }

  private void save() {
    if (text(name).isEmpty()) {
      name.setError(getText(R.string.name_missing));
      name.requestFocus();
      return;
    }
    Site site =
        new Site(
            seen,
            text(name),
            text(kind),
            text(place),
            text(region),
            text(contact),
            Cards.checked(condition).code(),
            text(notes));
    boolean isNew = !getIntent().hasExtra(ID);
    if (!isNew && seen == null) {
      return; // it is not read yet
    }
    app()
        .ask(
            this,
            to -> {
              if (isNew) {
                to.add(site);
                return FieldNotes.Saved.DONE;
              }
              return to.save(site);
            },
            this::saved);
  }

  private void saved(FieldNotes.Saved how) {
    if (how == FieldNotes.Saved.CONFLICT) {
      startActivity(about(ConflictActivity.class, id()));
    } else {
      Toast.makeText(this, R.string.saved, Toast.LENGTH_SHORT).show();
    }
    finish();
  }
}
