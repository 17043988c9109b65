package dev.stave.fieldnotes.screens;

import android.os.Bundle;
import android.text.InputType;
import android.widget.EditText;
import android.widget.RadioGroup;
import dev.stave.document.Document;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.data.Condition;
import dev.stave.fieldnotes.data.Site;
import org.jspecify.annotations.Nullable;

/** A new site, or an edit of one. */
public final class EditSiteActivity extends EditActivity {

  private static final int TEXT =
      InputType.TYPE_CLASS_TEXT | InputType.TYPE_TEXT_FLAG_CAP_SENTENCES;

  private EditText name;
  private EditText kind;
  private EditText place;
  private EditText region;
  private EditText contact;
  private EditText notes;
  private RadioGroup condition;

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
  }

  @Override
  String drawId() {
    return Site.newId();
  }

  @Override
  void fill(Document document) {
    Site site = Site.of(document);
    name.setText(site.name());
    kind.setText(site.kind());
    place.setText(site.place());
    region.setText(site.region());
    contact.setText(site.contact());
    notes.setText(site.notes());
    Cards.check(condition, Condition.of(site.condition()));
  }

  private Site typed() {
    return new Site(
        seen(),
        text(name),
        text(kind),
        text(place),
        text(region),
        text(contact),
        condition(),
        text(notes));
  }

  /** The code that was read, if that is still what is shown: another app may know more of them. */
  private String condition() {
    Condition shown = Cards.checked(condition);
    Document before = seen();
    String read = before == null ? shown.code() : Site.of(before).condition();
    return Condition.of(read) == shown ? read : shown.code();
  }

  @Override
  boolean isChanged() {
    Document before = seen();
    if (edited() == null) {
      String good = Condition.GOOD.code();
      return !typed().equals(new Site(null, "", "", "", "", "", good, ""));
    }
    return before != null && !typed().equals(Site.of(before));
  }

  @Override
  void save() {
    if (text(name).isEmpty()) {
      name.setError(getText(R.string.name_missing));
      name.requestFocus();
      return;
    }
    if (isRead()) {
      Site site = typed();
      save((to, id) -> to.add(id, site), (to, over) -> to.save(site, over));
    }
  }
}
