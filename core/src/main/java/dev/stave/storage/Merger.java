package dev.stave.storage;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Merges segments into fewer, so that a read looks into few and what was deleted takes no room. One
 * merge at a time.
 */
final class Merger {

  private static final int ROWS_AT_ONCE = 1_000;

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
    Optional<MergePlan> plan = planner.apply(live.manifest());
    if (plan.isPresent() && dropsDeletions(plan.get(), live.segments())) {
      // so that files that are due then are left behind at once, and no row is merged twice for it
      Map<Long, Long> garbage = garbageIn(oldOf(plan.get(), live.segments()));
      plan = planner.apply(foreseen(live.manifest(), garbage));
    }
    if (!plan.isPresent()) {
      return false;
    }
    merge(plan.get(), live.segments());
    return true;
  }

  private static List<Segment> oldOf(MergePlan plan, List<Segment> all) {
    return all.subList(plan.from(), plan.to());
  }

  /** Then it covers much, and finds much garbage. */
  private static boolean dropsDeletions(MergePlan plan, List<Segment> all) {
    return plan.to() == all.size()
        && oldOf(plan, all).stream().anyMatch(segment -> segment.facts().deletions() > 0);
  }

  /** What a merge of {@code old} is going to find, by file of bodies. */
  private Map<Long, Long> garbageIn(List<Segment> old) {
    MergedBodies bodies = new MergedBodies(old, Set.of());
    MergedRows rows = new MergedRows(old, bodies::countGarbage);
    for (long read = 1; rows.next() != null; read++) {
      if (read % ROWS_AT_ONCE == 0) {
        pace.spend(0); // throws if the storage is being closed
      }
    }
    return bodies.garbage();
  }

  /** {@code manifest} with so much more garbage. */
  private static Manifest foreseen(Manifest manifest, Map<Long, Long> garbage) {
    Map<Long, Manifest.Bodies> bodies = new HashMap<>(manifest.bodies());
    bodies.replaceAll(
        (number, file) ->
            new Manifest.Bodies(
                number, file.size(), file.garbage() + garbage.getOrDefault(number, 0L)));
    return new Manifest(
        manifest.next(), manifest.logs(), manifest.segments(), bodies, manifest.tables());
  }

  private void merge(MergePlan plan, List<Segment> all) throws IOException {
    List<Segment> old = oldOf(plan, all);
    boolean oldestAmongThem = plan.to() == all.size();
    MergedBodies bodies = new MergedBodies(old, plan.leftBehind());
    Segment merged = write(old, bodies, !oldestAmongThem);
    boolean isPublished = false;
    try {
      files.replace(old, merged, bodies.garbage(), () -> whenReplaced.accept(files.segments()));
      isPublished = true;
    } finally {
      if (!isPublished && merged != null && !files.isUnclear()) {
        takeBack(merged, old);
      }
    }
  }

  private @Nullable Segment write(List<Segment> old, MergedBodies bodies, boolean keepDeletions)
      throws IOException {
    long expected = old.stream().mapToLong(segment -> segment.facts().entries()).sum();
    MergedRows rows = new MergedRows(old, bodies::countGarbage);
    try (SegmentWriter writer =
        new SegmentWriter(folder, files::takeNumber, old.get(0), expected, pace, cache)) {
      for (Block.Cursor row = rows.next(); row != null; row = rows.next()) {
        if (keepDeletions || !Segment.isDeletion(row)) {
          bodies.copy(row, writer);
        }
      }
      return writer.finish();
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
