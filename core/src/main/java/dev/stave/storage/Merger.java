package dev.stave.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Merges segments into fewer, so that a read looks into few and what was deleted takes no room. One
 * merge at a time.
 */
final class Merger {

  private final Folder folder;
  private final FileSet files;
  private final Pace pace;
  private final BlockCache cache;
  private final Consumer<List<Segment>> whenReplaced;

  /** {@code whenReplaced} takes the segments that count from then on. */
  Merger(
      Folder folder,
      FileSet files,
      Pace pace,
      BlockCache cache,
      Consumer<List<Segment>> whenReplaced) {
    this.folder = folder;
    this.files = files;
    this.pace = pace;
    this.cache = cache;
    this.whenReplaced = whenReplaced;
  }

  /**
   * Does what {@code planner} finds in the manifest, and says whether it found anything.
   *
   * @throws IOException if it cannot be written; then nothing has changed
   * @throws Pace.Stopped if the storage is being closed
   */
  boolean merge(Function<Manifest, Optional<MergePlan>> planner) throws IOException {
    FileSet.Live live = files.live();
    Optional<MergePlan> found = planner.apply(live.manifest());
    if (!found.isPresent()) {
      return false;
    }
    merge(found.get(), live.segments());
    return true;
  }

  private void merge(MergePlan plan, List<Segment> all) throws IOException {
    List<Segment> old = all.subList(plan.from(), plan.to());
    boolean oldestAmongThem = plan.to() == all.size();
    Map<Long, Long> garbage = new HashMap<>();
    Segment merged = write(old, plan, !oldestAmongThem, garbage);
    boolean isPublished = false;
    try {
      files.replace(old, merged, garbage, () -> whenReplaced.accept(files.segments()));
      isPublished = true;
    } finally {
      if (!isPublished && merged != null && !files.isUnclear()) {
        takeBack(merged, old);
      }
    }
  }

  private @Nullable Segment write(
      List<Segment> old, MergePlan plan, boolean keepDeletions, Map<Long, Long> garbage)
      throws IOException {
    List<Iterator<Entry>> layers = new ArrayList<>();
    Map<Long, Segment> owners = new HashMap<>();
    long expected = 0;
    for (Segment segment : old) {
      layers.add(segment.rows());
      segment.bodies().keySet().forEach(file -> owners.put(file, segment));
      expected += segment.facts().entries();
    }
    MergedScan rows =
        new MergedScan(layers, false, keepDeletions, covered -> count(covered, garbage));
    try (SegmentWriter writer =
        new SegmentWriter(folder, files::takeNumber, old.get(0), expected, pace, cache)) {
      while (rows.hasNext()) {
        Entry entry = rows.next();
        byte[] row = entry.value();
        Segment.Place place = row == null ? null : Segment.Place.of(row);
        if (row == null) {
          writer.addDeletion(entry.key());
        } else if (place == null) {
          writer.addRow(entry.key(), row);
        } else {
          addPointing(writer, entry.key(), row, place, owners, plan);
        }
      }
      return writer.finish();
    }
  }

  private static void addPointing(
      SegmentWriter writer,
      byte[] key,
      byte[] row,
      Segment.Place place,
      Map<Long, Segment> owners,
      MergePlan plan)
      throws IOException {
    Segment owner = owners.get(place.file());
    BodyFile file = owner == null ? null : owner.bodies().get(place.file());
    if (owner == null || file == null) {
      throw new IllegalStateException("no segment has the file of bodies " + place.file());
    }
    if (plan.leftBehind().contains(place.file())) {
      writer.addBody(key, owner.body(row));
    } else {
      writer.addRow(key, row, file);
    }
  }

  private static void count(Entry covered, Map<Long, Long> garbage) {
    byte[] row = covered.value();
    Segment.Place place = row == null ? null : Segment.Place.of(row);
    if (place != null) {
      garbage.merge(place.file(), (long) place.length() + BodyFile.OVERHEAD, Long::sum);
    }
  }

  /** Deletes a segment that nobody has seen, and its own bodies, but not those of others. */
  private static void takeBack(Segment merged, List<Segment> old) {
    for (BodyFile file : merged.bodies().values()) {
      if (old.stream().noneMatch(segment -> segment.bodies().containsKey(file.number()))) {
        file.makeObsolete();
      }
    }
    merged.replace();
  }
}
