package dev.stave.server.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonOrder;
import dev.stave.server.script.DesignScript;
import dev.stave.storage.StorageSnapshot;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One view as it is at a moment. For one thread. */
public final class ViewReader implements AutoCloseable {

  /** Rows before the first are counted up to here. */
  private static final int MOST_COUNTED = 100_000;

  /** Rows of all documents. */
  static final Predicate<String> ALL = id -> true;

  /** What came of a group of rows. */
  public record Reduced(JsonNode key, JsonNode value) {}

  private final StorageSnapshot snapshot;
  private final DesignViews.View view;
  private final DesignViews views;
  private final ViewLimits limits;
  private final Predicate<String> ids;
  private @Nullable DesignScript script;

  ViewReader(
      StorageSnapshot snapshot,
      DesignViews.View view,
      DesignViews views,
      ViewLimits limits,
      Predicate<String> ids) {
    this.snapshot = snapshot;
    this.view = view;
    this.views = views;
    this.limits = limits;
    this.ids = ids;
  }

  /** The sequence of the database that it is as of. */
  public long sequence() {
    byte[] state = snapshot.get(RowKeys.STATE);
    return state == null ? 0 : ViewState.of(state).sequence();
  }

  /** How many rows the view has. */
  public long count() {
    if (ids != ALL) {
      long count = 0;
      for (Iterator<ViewRow> all = rows(new ViewRange(null, null, false)); all.hasNext(); count++) {
        all.next();
      }
      return count;
    }
    byte[] known = snapshot.get(RowKeys.countKey(view.map()));
    return known == null ? 0 : ByteBuffer.wrap(known).getLong();
  }

  public Iterator<ViewRow> rows(ViewRange range) {
    return new RowScan(snapshot, view.map(), range, ids);
  }

  /** How many rows come before those of {@code range}; empty if they are too many to count. */
  public OptionalLong countBefore(ViewRange range) {
    ViewRange.Bound first = range.descending() ? range.high() : range.low();
    if (first == null) {
      return OptionalLong.of(0);
    }
    ViewRange.Bound last = new ViewRange.Bound(first.key(), first.id(), !first.excluded());
    Iterator<ViewRow> before =
        rows(
            range.descending()
                ? new ViewRange(last, null, true)
                : new ViewRange(null, last, false));
    long count = 0;
    while (before.hasNext()) {
      before.next();
      if (++count > MOST_COUNTED) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(count);
  }

  /**
   * What the reduce function makes of the rows of {@code range}.
   *
   * @param level 0 for all rows together; else keys that are arrays count as equal if their first
   *     elements do, so many of them
   * @throws dev.stave.server.script.ScriptException if the reduce function fails
   */
  public Iterator<Reduced> reduce(ViewRange range, int level) {
    return new Groups(rows(range), level);
  }

  private final class Groups implements Iterator<Reduced> {
    private final Iterator<ViewRow> rows;
    private final int level;
    private @Nullable ViewRow ahead;

    Groups(Iterator<ViewRow> rows, int level) {
      this.rows = rows;
      this.level = level;
      this.ahead = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public boolean hasNext() {
      return ahead != null;
    }

    @Override
    public Reduced next() {
      ViewRow first = ahead;
      if (first == null) {
        throw new NoSuchElementException();
      }
      JsonNode group = Reducer.group(first.key(), level);
      Reducer reducer = reducer();
      ViewRow row = first;
      do {
        reducer.add(row);
        row = rows.hasNext() ? rows.next() : null;
      } while (row != null
          && JsonOrder.INSTANCE.compare(Reducer.group(row.key(), level), group) == 0);
      ahead = row;
      return new Reduced(group, reducer.result());
    }
  }

  private Reducer reducer() {
    String reduce = Objects.requireNonNull(view.reduce());
    if (DesignViews.isBuiltIn(reduce)) {
      return BuiltInReducer.of(reduce);
    }
    DesignScript known = script;
    if (known == null) {
      known = new DesignScript(views.id(), views.code(), limits.script());
      script = known;
    }
    return new ScriptReducer(known, view.name());
  }

  @Override
  public void close() {
    snapshot.close();
  }
}
