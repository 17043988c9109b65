package dev.stave.server.view;

import dev.stave.json.JsonOrder;
import dev.stave.storage.StorageSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The rows of a range, in order. Rows whose keys are stored in part are put in order here. */
final class RowScan implements Iterator<ViewRow> {

  /** Ties stay in the order of the storage: by id, then as they were emitted. */
  private static final Comparator<ViewRow> BY_KEY =
      Comparator.comparing(ViewRow::key, JsonOrder.INSTANCE);

  private static final int PREFIX = 3 + RowKeys.MAX_KEY_BYTES;

  private final Iterator<StorageSnapshot.Row> rows;
  private final ViewRange range;
  private final Predicate<String> ids;
  private Iterator<ViewRow> run = List.<ViewRow>of().iterator();
  private StorageSnapshot.@Nullable Row ahead;

  RowScan(StorageSnapshot snapshot, int map, ViewRange range, Predicate<String> ids) {
    byte[] from = range.from(map);
    byte[] to = range.to(map);
    this.range = range;
    this.ids = ids;
    this.rows =
        Arrays.compareUnsigned(from, to) >= 0
            ? List.<StorageSnapshot.Row>of().iterator()
            : range.descending() ? snapshot.scanBackward(from, to) : snapshot.scan(from, to);
  }

  @Override
  public boolean hasNext() {
    while (!run.hasNext()) {
      StorageSnapshot.Row next = take();
      if (next == null) {
        return false;
      }
      run = RowKeys.isCut(next.value()) ? sortedRun(next) : one(next);
    }
    return true;
  }

  private StorageSnapshot.@Nullable Row take() {
    StorageSnapshot.Row known = ahead;
    ahead = null;
    return known != null ? known : rows.hasNext() ? rows.next() : null;
  }

  private Iterator<ViewRow> one(StorageSnapshot.Row stored) {
    ViewRow row = RowKeys.row(stored.value());
    return ids.test(row.id()) ? List.of(row).iterator() : List.<ViewRow>of().iterator();
  }

  /** All rows whose keys begin as that of {@code first} does. */
  private Iterator<ViewRow> sortedRun(StorageSnapshot.Row first) {
    List<ViewRow> found = new ArrayList<>();
    StorageSnapshot.Row next = first;
    while (next != null && startsAlike(first, next)) {
      ViewRow row = RowKeys.row(next.value());
      if (range.contains(row) && ids.test(row.id())) {
        found.add(row);
      }
      next = take();
    }
    ahead = next;
    found.sort(range.descending() ? BY_KEY.reversed() : BY_KEY);
    return found.iterator();
  }

  private static boolean startsAlike(StorageSnapshot.Row left, StorageSnapshot.Row right) {
    return right.key().length >= PREFIX
        && Arrays.equals(left.key(), 0, PREFIX, right.key(), 0, PREFIX)
        && RowKeys.isCut(right.value());
  }

  @Override
  public ViewRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return run.next();
  }
}
