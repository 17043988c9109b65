package dev.stave.fieldnotes.screens;

import android.content.Intent;
import android.os.Bundle;
import android.text.Editable;
import android.text.TextWatcher;
import android.view.View;
import android.view.ViewGroup;
import android.widget.ArrayAdapter;
import android.widget.EditText;
import android.widget.ListView;
import android.widget.RadioGroup;
import android.widget.TextView;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.data.Condition;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.Site;
import dev.stave.fieldnotes.data.Visit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The sites, with search and filters: a live query. */
public final class SitesActivity extends NotesActivity {

  private EditText search;
  private RadioGroup filter;
  private SiteRows rows;

  private record Row(Site site, boolean isToSettle) {}

  /** What was found, and whether there is anything to find. */
  private record Found(List<Row> rows, boolean isAny) {}

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
    filter.setOnCheckedChangeListener((group, id) -> reload());
    rows = new SiteRows();
    ListView list = findViewById(R.id.sites);
    list.setAdapter(rows);
    findViewById(R.id.add)
        .setOnClickListener(view -> startActivity(new Intent(this, EditSiteActivity.class)));
    findViewById(R.id.sample).setOnClickListener(view -> app().addSample(this));
  }

  private final class Typing implements TextWatcher {
    @Override
    public void afterTextChanged(Editable text) {
      reload();
    }

    @Override
    public void beforeTextChanged(CharSequence text, int from, int count, int after) {}

    @Override
    public void onTextChanged(CharSequence text, int from, int before, int count) {}
  }

  @Override
  void reload() {
    String words = search.getText().toString();
    int wanted = filter.getCheckedRadioButtonId();
    app().ask(this, notes -> find(notes, words, wanted), this::show);
  }

  private static Found find(FieldNotes notes, String words, int filter) {
    Condition condition =
        filter == R.id.filter_urgent
            ? Condition.URGENT
            : filter == R.id.filter_watch ? Condition.WATCH : null;
    Set<String> conflicts = new LinkedHashSet<>();
    for (String id : notes.conflicts()) {
      conflicts.add(id);
      notes
          .document(id)
          .filter(document -> id.startsWith(Visit.TYPE))
          .ifPresent(document -> conflicts.add(Visit.of(document).site()));
    }
    List<Row> found = new ArrayList<>();
    for (Site site : notes.sites(words, condition)) {
      boolean isToSettle = site.document() != null && conflicts.contains(site.document().id());
      if (isToSettle || filter != R.id.filter_to_settle) {
        found.add(new Row(site, isToSettle));
      }
    }
    return new Found(found, !found.isEmpty() || !notes.sites("", null).isEmpty());
  }

  private void show(Found found) {
    rows.setNotifyOnChange(false);
    rows.clear();
    rows.addAll(found.rows());
    rows.notifyDataSetChanged();
    boolean isEmpty = found.rows().isEmpty();
    findViewById(R.id.empty).setVisibility(isEmpty ? View.VISIBLE : View.GONE);
    findViewById(R.id.empty_title).setVisibility(found.isAny() ? View.GONE : View.VISIBLE);
    findViewById(R.id.sample).setVisibility(found.isAny() ? View.GONE : View.VISIBLE);
    TextView text = findViewById(R.id.empty_text);
    text.setText(found.isAny() ? R.string.empty_found : R.string.empty);
  }

  private final class SiteRows extends ArrayAdapter<Row> {
    SiteRows() {
      super(SitesActivity.this, R.layout.row_site);
    }

    @Override
    public View getView(int position, @Nullable View old, ViewGroup parent) {
      View view = old == null ? getLayoutInflater().inflate(R.layout.row_site, parent, false) : old;
      Row row = getItem(position);
      if (row != null) {
        bind(view, row);
      }
      return view;
    }

    private void bind(View view, Row row) {
      Site site = row.site();
      ((TextView) view.findViewById(R.id.row_name)).setText(site.name());
      String what =
          List.of(site.kind(), site.place()).stream()
              .filter(each -> !each.isEmpty())
              .collect(Collectors.joining(" · "));
      ((TextView) view.findViewById(R.id.row_place)).setText(what);
      Words.show(view.findViewById(R.id.row_condition), Condition.of(site.condition()));
      TextView conflict = view.findViewById(R.id.row_conflict);
      conflict.setVisibility(row.isToSettle() ? View.VISIBLE : View.GONE);
      Words.color(conflict, R.color.watch, R.color.watch_back);
      view.findViewById(R.id.row)
          .setOnClickListener(
              clicked -> {
                if (site.document() != null) {
                  startActivity(about(SiteActivity.class, site.document().id()));
                }
              });
    }
  }
}
