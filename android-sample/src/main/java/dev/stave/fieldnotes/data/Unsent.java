package dev.stave.fieldnotes.data;

import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which notes were written on this device and are not known to be at the server. Kept in the
 * database, so that the end of the process forgets none; what others wrote and came here is not
 * among them. Any thread may call any method, except the main one.
 */
public final class Unsent {

  private static final String PREFIX = "unsent.";
  private static final IdRange ALL = new IdRange(PREFIX, PREFIX + Character.MAX_VALUE, false);
  private static final JsonObject MARK = JsonObject.parse("{}");

  private final Database database;

  Unsent(Database database) {
    this.database = database;
  }

  /** Writes {@code notes}. They are marked first: never is an edit taken for sent that is not. */
  synchronized <T> T writing(List<String> notes, Supplier<T> write) {
    FieldNotes.requireBackground();
    WriteBatch marks = new WriteBatch();
    for (String id : notes) {
      if (!database.getLocal(PREFIX + id).isPresent()) {
        marks.putLocal(PREFIX + id, MARK);
      }
    }
    if (marks.size() > 0) {
      database.write(marks);
    }
    return write.get();
  }

  /** The ids of at most {@code most} of them. */
  public List<String> first(int most) {
    FieldNotes.requireBackground();
    List<String> ids = new ArrayList<>();
    database.forEachLocal(
        ALL,
        (id, mark) -> {
          ids.add(id.substring(PREFIX.length()));
          return ids.size() < most;
        });
    return ids;
  }

  /** What a note is now, deleted or not; empty if it has left this device. */
  public Optional<RevisionId> newest(String id) {
    FieldNotes.requireBackground();
    return database.tree(id).winner().map(Revision::id);
  }

  /** The server has {@code revision}: if that is what the note is still, all of it was sent. */
  public synchronized void sent(String id, RevisionId revision) {
    if (newest(id).filter(now -> !now.equals(revision)).isPresent()) {
      return; // it was written again meanwhile
    }
    database.putLocal(PREFIX + id, null);
  }

  /** It has left this device. */
  public synchronized void left(String id) {
    if (!newest(id).isPresent()) {
      database.putLocal(PREFIX + id, null);
    }
  }

  /** There is another server, which has nothing of what is here. */
  public void markAll() {
    FieldNotes.requireBackground();
    List<String> all = new ArrayList<>();
    for (String kind : List.of(Site.TYPE, Visit.TYPE)) {
      IdRange ids = new IdRange(kind + "-", kind + "-" + Character.MAX_VALUE, false);
      database.forEach(ids, document -> all.add(document.id()));
    }
    writing(all, () -> true);
  }
}
