package dev.stave.database;

import dev.stave.changes.Change;
import dev.stave.changes.ChangeLog;
import dev.stave.document.Document;
import dev.stave.query.Selector;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a transaction has read, so that it can be told whether it would read the same now. For one
 * thread.
 */
final class ReadSet {

  private record Search(Selector selector, Set<String> found) {}

  private final long sequence;
  private final Map<String, Optional<RevisionId>> documents = new HashMap<>();
  private final List<Search> searches = new ArrayList<>();

  /** Of reads from the database as it was at {@code sequence}. */
  ReadSet(long sequence) {
    this.sequence = sequence;
  }

  void read(String id, Optional<RevisionId> winner) {
    documents.put(id, winner);
  }

  void searched(Selector selector, List<Document> found) {
    Set<String> ids = new HashSet<>();
    found.forEach(document -> ids.add(document.id()));
    searches.add(new Search(selector, ids));
  }

  /** Whether {@code now} says the same of all that was read. */
  boolean isCurrent(Draft now) {
    for (Map.Entry<String, Optional<RevisionId>> read : documents.entrySet()) {
      if (!winner(now, read.getKey()).equals(read.getValue())) {
        return false;
      }
    }
    if (!searches.isEmpty() && now.purges().sequence() > sequence) {
      return false; // what is gone tells of no change
    }
    return searches.isEmpty() || changedSince(now).stream().noneMatch(id -> matters(now, id));
  }

  /** The winner, deleted or not: what is written over a tombstone depends on which one it is. */
  static Optional<RevisionId> winner(Draft draft, String id) {
    return draft.state(id).tree().winner().map(Revision::id);
  }

  private Set<String> changedSince(Draft now) {
    Set<String> changed = new HashSet<>(now.changed());
    for (Iterator<Change> log = ChangeLog.after(now.base(), sequence); log.hasNext(); ) {
      changed.add(log.next().id());
    }
    return changed;
  }

  /** Whether a changed document was among those found, or would be found now. */
  private boolean matters(Draft now, String id) {
    Optional<Document> document = now.get(id).filter(d -> !Document.isDesign(d.id()));
    return searches.stream()
        .anyMatch(
            search ->
                search.found().contains(id)
                    || document
                        .filter(d -> search.selector().matches(id, d.body().sharedTree()))
                        .isPresent());
  }
}
