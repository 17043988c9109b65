package dev.stave.fieldnotes.screens;

import android.content.Intent;
import android.os.Bundle;
import android.text.Editable;
import android.text.TextWatcher;
import android.view.MotionEvent;
import android.view.View;
import android.widget.EditText;
import android.widget.RadioGroup;
import android.widget.TextView;
import dev.stave.fieldnotes.LiveAnswer;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.data.Condition;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.Site;
import dev.stave.fieldnotes.data.Visit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sites, with search and filters: a live query. */
public final class SitesActivity extends NotesActivity {

  private EditText search;
  private RadioGroup filter;
  private SiteRows rows;
  private @Nullable LiveAnswer live;
  private @Nullable List<Site> found;
  private @Nullable Rest rest;
  private boolean isTouched;

  /** The ids of sites to settle, and whether there is any site at all. */
  private record Rest(Set<String> toSettle, boolean isAny) {}

  @Override
  protected void onCreate(@Nullable Bundle state) {
    super.onCreate(state);
    setScreen(R.layout.screen_sites, R.string.app, true);
    toolbar()
        .getMenu()
        .add(0, R.id.menu_settings, 0, R.string.settings)
        .setIcon(R.drawable.settings)
        .setShowAsAction(android.view.MenuItem.SHOW_AS_ACTION_ALWAYS);
    toolbar()
        .setOnMenuItemClickListener(
            item -> {
              startActivity(new Intent(this, SettingsActivity.class));
              return true;
            });
    search = findViewById(R.id.search);
    search.addTextChangedListener(new Typing());
    filter = findViewById(R.id.filter);
    filter.setOnCheckedChangeListener((group, id) -> search());
    rows =
        new SiteRows(findViewById(R.id.sites), id -> startActivity(about(SiteActivity.class, id)));
    findViewById(R.id.add)
        .setOnClickListener(view -> startActivity(new Intent(this, EditSiteActivity.class)));
    findViewById(R.id.sample).setOnClickListener(view -> app().addSample(this));
  }

  private final class Typing implements TextWatcher {
    @Override
    public void afterTextChanged(Editable text) {
      search();
    }

    @Override
    public void beforeTextChanged(CharSequence text, int from, int count, int after) {}

    @Override
    public void onTextChanged(CharSequence text, int from, int before, int count) {}
  }

  @Override
  protected void onStart() {
    isTouched = false; // whatever the last touch did
    search(); // before what is asked of it
    super.onStart();
  }

  @Override
  protected void onStop() {
    endSearch();
    super.onStop();
  }

  /** Begins the live query for what is sought now. */
  private void search() {
    endSearch();
    String words = search.getText().toString();
    int chosen = filter.getCheckedRadioButtonId();
    Condition condition =
        chosen == R.id.filter_urgent
            ? Condition.URGENT
            : chosen == R.id.filter_watch ? Condition.WATCH : null;
    live =
        app()
            .watch(
                notes -> notes.watchSites(words, condition),
                sites -> {
                  found = sites;
                  show();
                });
  }

  /** Nothing moves below a finger: a tap that has begun is for what was there. */
  @Override
  public boolean dispatchTouchEvent(MotionEvent touch) {
    boolean isTaken = super.dispatchTouchEvent(touch);
    int what = touch.getActionMasked();
    boolean isOver = what == MotionEvent.ACTION_UP || what == MotionEvent.ACTION_CANCEL;
    if (isTouched && isOver) {
      toolbar().post(this::show); // behind what the touch does
    }
    isTouched = !isOver;
    return isTaken;
  }

  private void endSearch() {
    if (live != null) {
      live.close();
      live = null;
    }
  }

  /** Asks what no live query can tell: a conflict does not show in what a document says. */
  @Override
  void reload() {
    app()
        .ask(
            this,
            notes -> new Rest(toSettle(notes), notes.isAnySite()),
            asked -> {
              rest = asked;
              show();
            });
  }

  /** The sites with a conflict, of their own or of a visit's. */
  private static Set<String> toSettle(FieldNotes notes) {
    Set<String> sites = new LinkedHashSet<>();
    for (String id : notes.conflicts().ids()) {
      sites.add(id);
      notes
          .document(id)
          .filter(document -> id.startsWith(Visit.TYPE))
          .ifPresent(document -> sites.add(Visit.of(document).site()));
    }
    return sites;
  }

  private void show() {
    List<Site> sites = found;
    Rest asked = rest;
    if (sites == null || asked == null || isTouched) {
      return;
    }
    boolean isToSettleOnly = filter.getCheckedRadioButtonId() == R.id.filter_to_settle;
    List<SiteRows.Row> all = new ArrayList<>();
    for (Site site : sites) {
      boolean isToSettle =
          site.document() != null && asked.toSettle().contains(site.document().id());
      if (isToSettle || !isToSettleOnly) {
        all.add(new SiteRows.Row(site, isToSettle));
      }
    }
    rows.show(all);
    boolean isAny = asked.isAny() || !sites.isEmpty();
    findViewById(R.id.empty).setVisibility(rows.isEmpty() ? View.VISIBLE : View.GONE);
    findViewById(R.id.empty_title).setVisibility(isAny ? View.GONE : View.VISIBLE);
    findViewById(R.id.sample).setVisibility(isAny ? View.GONE : View.VISIBLE);
    TextView text = findViewById(R.id.empty_text);
    text.setText(isAny ? R.string.empty_found : R.string.empty);
  }
}
