package dev.stave.database;

import dev.stave.changes.Change;
import dev.stave.changes.ChangeLog;
import dev.stave.document.Document;
import dev.stave.index.IndexDelta;
import dev.stave.index.PathIndex;
import dev.stave.revision.Revision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/**
 * Tells the index, when a database opens, what was committed since it last wrote a table: all there
 * is, if it has none.
 */
final class CatchUp {

  /** Versions told at once. */
  private static final int BATCH = 1_000;

  private final PathIndex index;
  private final View view;
  private final List<IndexDelta> deltas = new ArrayList<>();

  private CatchUp(PathIndex index, View view) {
    this.index = index;
    this.view = view;
  }

  static void run(PathIndex index, View view) {
    long flushedTo = index.flushedTo();
    CatchUp catchUp = new CatchUp(index, view);
    if (flushedTo == 0) {
      catchUp.tellAll();
    } else {
      catchUp.tellSince(flushedTo);
    }
    index.apply(catchUp.deltas, view.meta().lastSequence());
  }

  private void tellAll() {
    view.forEachIndexed(
        (document, sequence) ->
            tell(new IndexDelta(document.id(), 0, sequence, document.body().sharedTree())));
  }

  private void tell(IndexDelta delta) {
    if (deltas.size() == BATCH) {
      index.apply(deltas, deltas.get(BATCH - 1).sequence());
      deltas.clear();
    }
    deltas.add(delta);
  }

  /** A document that has another winner than the tables know, and the version of that winner. */
  private record Moved(String id, long sequence, boolean deleted) {}

  private void tellSince(long flushedTo) {
    List<Moved> moved = new ArrayList<>();
    for (Iterator<Change> log = ChangeLog.after(view.rows(), flushedTo); log.hasNext(); ) {
      Change change = log.next();
      if (Document.isDesign(change.id())) {
        continue;
      }
      Revision winner = Draft.winnerOf(view.state(change.id()).tree());
      if (winner.deleted()) {
        moved.add(new Moved(change.id(), change.sequence(), true));
      } else if (winner.sequence() > flushedTo) { // else an edit that lost is what changed
        moved.add(new Moved(change.id(), winner.sequence(), false));
      }
    }
    DocumentRows.gone(view.rows())
        .forEach(
            (id, sequence) -> {
              boolean isBack = view.state(id).changeSequence() != 0; // then that says it all
              if (sequence > flushedTo && !isBack) {
                moved.add(new Moved(id, sequence, true));
              }
            });
    moved.sort(Comparator.comparingLong(Moved::sequence));
    for (Moved each : moved) {
      long ended = index.versionInTables(each.id());
      if (!each.deleted()) {
        tell(
            new IndexDelta(
                each.id(),
                ended,
                each.sequence(),
                view.document(each.sequence()).body().sharedTree()));
      } else if (ended != 0) {
        tell(new IndexDelta(each.id(), ended, each.sequence(), null));
      }
    }
  }
}
