package dev.stave.database;

import dev.stave.changes.Change;
import dev.stave.changes.ChangeLog;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Keeps what is current at some sequence for as long as somebody may need it, such as the base of a
 * fork, whatever the retention. Any thread may call any method; a pin is durable when its method
 * returns. Without pins nothing costs more.
 */
final class DatabasePins {

  /** The longest name, in bytes of UTF-8. */
  static final int MAX_NAME_BYTES = Document.MAX_ID_BYTES;

  private final Database database;

  DatabasePins(Database database) {
    this.database = database;
  }

  /** Pins the newest sequence, which it returns. A pin of that name that is there moves. */
  long pin(String name) {
    database.write(new WriteBatch().add(new Edit.Pin(Document.checkId(name), Long.MAX_VALUE)));
    Long sequence = all().get(name);
    if (sequence == null) {
      throw new IllegalStateException("somebody else has removed the pin already: " + name);
    }
    return sequence;
  }

  /**
   * Pins a sequence of the past. A pin of that name that is there moves, unless this fails.
   *
   * @throws NotRetainedException if something that may have been current then is not kept any more.
   *     Where a peer's revisions came without all of their ancestors' bodies, that is not known,
   *     and counts as not kept
   */
  void pin(String name, long sequence) {
    Long before = all().get(Document.checkId(name));
    if (sequence < 0 || sequence > database.lastSequence()) {
      throw new IllegalArgumentException(
          "the sequence is between 0 and " + database.lastSequence() + ": " + sequence);
    }
    database.write(new WriteBatch().add(new Edit.Pin(name, sequence))); // first: nothing more goes
    try {
      requireKept(sequence);
    } catch (NotRetainedException e) {
      Edit undo = before == null ? new Edit.Unpin(name) : new Edit.Pin(name, before);
      database.write(new WriteBatch().add(undo));
      throw e;
    }
  }

  private void requireKept(long sequence) {
    try (View view = database.view()) {
      if (view.pins().byName().values().stream().filter(pin -> pin == sequence).count() > 1) {
        return; // another pin has kept it already
      }
      for (Iterator<Change> log = ChangeLog.after(view.rows(), sequence); log.hasNext(); ) {
        String id = log.next().id();
        if (!view.state(id).tree().knowsLeavesAt(sequence)) {
          throw new NotRetainedException(id, sequence);
        }
      }
    }
  }

  /** Removes a pin, if it is there. What only it kept goes with the next edit of its document. */
  void unpin(String name) {
    database.write(new WriteBatch().add(new Edit.Unpin(Document.checkId(name))));
  }

  /** The sequences that are pinned, by the names of the pins. */
  Map<String, Long> all() {
    try (View view = database.view()) {
      return view.pins().byName();
    }
  }

  /**
   * The leaves that a document had at a pinned sequence, winner first, with their bodies; those
   * that delete it, too. None if there was no such document.
   */
  List<Document> leavesAt(String id, long sequence) {
    try (View view = database.view()) {
      return view.state(Document.checkId(id)).tree().leavesAt(sequence).stream()
          .map(leaf -> view.document(leaf.sequence()))
          .collect(Collectors.toList());
    }
  }

  /** What a document was at a pinned sequence; empty if there was none, or it was deleted. */
  Optional<Document> at(String id, long sequence) {
    try (View view = database.view()) {
      return view.state(Document.checkId(id)).tree().leavesAt(sequence).stream()
          .findFirst()
          .filter(leaf -> !leaf.deleted())
          .map(Revision::sequence)
          .map(view::document);
    }
  }
}
