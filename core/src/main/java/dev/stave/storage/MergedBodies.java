package dev.stave.storage;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files of bodies that the rows of a merge point into, and what becomes of each. */
final class MergedBodies {

  private static final class Source {
    final BodyFile file;
    final boolean isLeftBehind;
    boolean isNamed;
    long garbage;

    Source(BodyFile file, boolean isLeftBehind) {
      this.file = file;
      this.isLeftBehind = isLeftBehind;
    }
  }

  private final Map<Long, Source> sources = new HashMap<>();

  /** Where the row before pointed: mostly the next one points there too. */
  private @Nullable Source last;

  MergedBodies(List<Segment> segments, Set<Long> leftBehind) {
    for (Segment segment : segments) {
      for (BodyFile file : segment.bodies().values()) {
        sources.put(file.number(), new Source(file, leftBehind.contains(file.number())));
      }
    }
  }

  private Source sourceOf(Segment.Place place) {
    if (last == null || last.file.number() != place.file()) {
      last = sources.get(place.file());
    }
    if (last == null) {
      throw new IllegalStateException("no segment has the file of bodies " + place.file());
    }
    return last;
  }

  /** A row that a newer one covers: nothing points any more to where it points. */
  void countGarbage(Block.Cursor covered) {
    Segment.Place place = Segment.Place.of(covered);
    if (place != null) {
      sourceOf(place).garbage += (long) place.length() + BodyFile.OVERHEAD;
    }
  }

  /** Copies {@code row}, and what it points to if that lies in a file to be left behind. */
  void copy(Block.Cursor row, SegmentWriter writer) throws IOException {
    Segment.Place place = Segment.Place.of(row);
    if (place == null) {
      writer.copy(row);
      return;
    }
    Source source = sourceOf(place);
    if (source.isLeftBehind) {
      writer.copyBody(row, place, source.file);
      return;
    }
    writer.copy(row);
    if (!source.isNamed) {
      writer.name(source.file);
      source.isNamed = true;
    }
  }

  /** Bytes of which the merge found that nothing points to them, by file. */
  Map<Long, Long> garbage() {
    Map<Long, Long> garbage = new HashMap<>();
    sources.forEach((number, source) -> garbage.put(number, source.garbage));
    return garbage;
  }
}
