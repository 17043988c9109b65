package dev.stave.index;

import dev.stave.policy.IndexPolicy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The tables of the index at some time, oldest first, and which versions in them were alive. */
final class Generation {

  private final List<TablePart> parts;
  private final VersionSet live;
  private final VersionSet partial = new VersionSet();
  private final IndexPolicy leftOut;
  private final long to;
  private final AtomicInteger holders = new AtomicInteger(1);

  /**
   * The tables of {@code parts} are retained already.
   *
   * @param live the versions in them that were alive at the sequence {@code to}
   */
  Generation(List<TablePart> parts, VersionSet live, long to) {
    this.parts = List.copyOf(parts);
    this.live = live;
    this.to = to;
    IndexPolicy all = IndexPolicy.NONE;
    for (TablePart part : parts) {
      partial.or(part.partial());
      all = all.and(part.leftOut());
    }
    partial.and(live);
    this.leftOut = all;
  }

  List<TablePart> parts() {
    return parts;
  }

  VersionSet live() {
    return live;
  }

  /** Of those that are alive the ones that are partly indexed; not to be changed. */
  VersionSet partial() {
    return partial;
  }

  /** What may be left out of some table. */
  IndexPolicy leftOut() {
    return leftOut;
  }

  long to() {
    return to;
  }

  /** Only who knows that somebody holds it may call this. */
  void retain() {
    holders.incrementAndGet();
  }

  void release() {
    if (holders.decrementAndGet() == 0) {
      parts.forEach(part -> part.table().release());
    }
  }
}
