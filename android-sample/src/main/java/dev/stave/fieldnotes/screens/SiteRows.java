package dev.stave.fieldnotes.screens;

import android.view.LayoutInflater;
import android.view.View;
import android.view.ViewGroup;
import android.widget.BaseAdapter;
import android.widget.ListView;
import android.widget.TextView;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.data.Condition;
import dev.stave.fieldnotes.data.Site;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the list of sites. What shows the same as before is left alone; if sites come or go,
 * those that stay keep their views.
 */
final class SiteRows extends BaseAdapter {

  /** One site, and whether something about it is to be settled. */
  record Row(Site site, boolean isToSettle) {
    String id() {
      return Objects.requireNonNull(site.document(), "a site of the list is noted").id();
    }
  }

  private final ListView list;
  private final Consumer<String> open;
  private final Map<String, Long> numbers = new HashMap<>(); // of the ids, as a list wants them
  private List<Row> rows = List.of();

  /**
   * Fills {@code list}.
   *
   * @param open is given the id of a site that is touched
   */
  SiteRows(ListView list, Consumer<String> open) {
    this.list = list;
    this.open = open;
    list.setAdapter(this);
  }

  /** Shows these, and no others. */
  void show(List<Row> now) {
    List<String> before = ids(rows);
    rows = List.copyOf(now);
    if (!ids(rows).equals(before)) {
      notifyDataSetChanged();
      return;
    }
    Map<String, Row> known = new HashMap<>();
    rows.forEach(row -> known.put(row.id(), row));
    for (int i = 0; i < list.getChildCount(); i++) {
      View view = list.getChildAt(i);
      Row shown = (Row) view.getTag(); // of a site that has gone, until the list is laid out again
      Row row = known.getOrDefault(shown.id(), shown);
      if (!row.equals(shown)) {
        bind(view, row);
      }
    }
  }

  private static List<String> ids(List<Row> rows) {
    return rows.stream().map(Row::id).collect(Collectors.toList());
  }

  @Override
  public int getCount() {
    return rows.size();
  }

  @Override
  public Row getItem(int position) {
    return rows.get(position);
  }

  @Override
  public boolean hasStableIds() {
    return true;
  }

  @Override
  public long getItemId(int position) {
    return numbers.computeIfAbsent(rows.get(position).id(), id -> (long) numbers.size());
  }

  @Override
  public View getView(int position, @Nullable View old, ViewGroup parent) {
    View view =
        old == null
            ? LayoutInflater.from(parent.getContext()).inflate(R.layout.row_site, parent, false)
            : old;
    bind(view, rows.get(position));
    return view;
  }

  private void bind(View view, Row row) {
    view.setTag(row);
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
    view.findViewById(R.id.row).setOnClickListener(clicked -> open.accept(row.id()));
  }
}
