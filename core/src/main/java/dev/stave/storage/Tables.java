package dev.stave.storage;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorted tables beside the rows of a storage: for what is derived from the rows, such as an index.
 * A table is written as a whole, never changed and never logged; merging tables is the business of
 * whoever writes them. They are checked, copied and counted with the rows.
 *
 * <p>Any thread may call any method.
 */
public interface Tables {

  /** Those that count, oldest first, each retained: the caller releases it. */
  List<Table> retained();

  /**
   * Begins a table, which counts only once {@link #replace} was told of it.
   *
   * @param expected how many keys it will have at most
   * @param urgent whether somebody waits for it; else it is written at the rate of merges
   * @throws StorageException if the disk refuses
   */
  TableWriter write(long expected, boolean urgent);

  /**
   * Puts {@code made} (or nothing) in the place of {@code old}, which are neighbours; with none of
   * those it becomes the newest. What was committed before is as durable as {@code made} is when
   * this returns. Of tables in {@code old} the files are deleted when nobody holds them.
   *
   * @throws StorageException if the disk refuses: then the old ones count, and {@code made} is gone
   */
  void replace(List<Table> old, @Nullable Table made);

  /** {@code tables} with {@code made} in the place of {@code old}. */
  static List<Table> replaced(List<Table> tables, List<Table> old, @Nullable Table made) {
    List<Table> next = new ArrayList<>(tables);
    int at = old.isEmpty() ? next.size() : next.indexOf(old.get(0));
    next.subList(at, at + old.size()).clear();
    if (made != null) {
      next.add(at, made);
    }
    return next;
  }
}
