package dev.stave.fieldnotes.screens;

import android.app.Activity;
import android.view.LayoutInflater;
import android.view.View;
import android.view.ViewGroup;
import android.view.ViewGroup.LayoutParams;
import android.widget.LinearLayout;
import android.widget.ScrollView;
import dev.stave.fieldnotes.R;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a screen that shows what may change at any time, such as while notes are shared. A
 * row is made anew only when it shows something else: all others stay the views that they are, with
 * focus, with a touch that has begun, and where they are before somebody's eyes.
 */
final class Rows {

  /**
   * One row.
   *
   * @param key names it on its screen
   * @param shown all that it shows, and that its buttons are about, to be compared
   * @param build makes it
   */
  record Row(Object key, Object shown, Consumer<Cards> build) {}

  private record Place(Object shown, LinearLayout view) {}

  private final LayoutInflater inflater;
  private final ViewGroup column;
  private Map<Object, Place> places = new HashMap<>();

  private Rows(LayoutInflater inflater, ViewGroup column) {
    this.inflater = inflater;
    this.column = column;
  }

  /** Those of {@code R.layout.screen_cards}: once for a screen. */
  static Rows of(Activity screen) {
    return new Rows(screen.getLayoutInflater(), screen.findViewById(R.id.cards));
  }

  /** Shows these, and no others. */
  void show(List<Row> rows) {
    Map<Object, Place> before = places;
    places = new HashMap<>();
    Set<Object> keys = rows.stream().map(Row::key).collect(Collectors.toSet());
    View first = firstInSight();
    int top = first == null ? 0 : first.getTop();
    before.forEach(
        (key, place) -> {
          if (!keys.contains(key)) { // first, so that what stays is not moved
            column.removeView(place.view());
          }
        });
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      places.put(row.key(), show(row, before.get(row.key()), i));
    }
    if (first != null && column.isLayoutRequested()) {
      keep(first, top);
    }
  }

  private Place show(Row row, @Nullable Place before, int position) {
    LinearLayout view = before == null ? new LinearLayout(column.getContext()) : before.view();
    if (column.indexOfChild(view) != position) {
      column.removeView(view);
      column.addView(
          view,
          position,
          new LinearLayout.LayoutParams(LayoutParams.MATCH_PARENT, LayoutParams.WRAP_CONTENT));
    }
    if (before == null || !before.shown().equals(row.shown())) {
      view.setOrientation(LinearLayout.VERTICAL);
      view.removeAllViews();
      row.build().accept(Cards.in(inflater, view));
    }
    return new Place(row.shown(), view);
  }

  /** The first row that is in sight of who has scrolled; null of who has not. */
  private @Nullable View firstInSight() {
    int scrolled = column.getParent() instanceof ScrollView screen ? screen.getScrollY() : 0;
    for (int i = 0; i < column.getChildCount() && scrolled > 0; i++) {
      if (column.getChildAt(i).getBottom() > scrolled) {
        return column.getChildAt(i);
      }
    }
    return null;
  }

  /** Scrolls with a row that was at {@code top}, when what comes or goes above it has its place. */
  private void keep(View row, int top) {
    column.addOnLayoutChangeListener(
        new View.OnLayoutChangeListener() {
          @Override
          public void onLayoutChange(
              View view, int l, int t, int r, int b, int oldL, int oldT, int oldR, int oldB) {
            column.removeOnLayoutChangeListener(this);
            if (row.getParent() == column && column.getParent() instanceof ScrollView screen) {
              screen.scrollBy(0, row.getTop() - top);
            }
          }
        });
  }
}
