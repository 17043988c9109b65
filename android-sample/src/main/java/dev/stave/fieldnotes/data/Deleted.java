package dev.stave.fieldnotes.data;

import dev.stave.revision.RevisionId;
import java.util.Map;

/**
 * What was deleted, so that it can be brought back.
 *
 * @param notes what each of them said last, by id
 */
public record Deleted(Map<String, RevisionId> notes) {

  public Deleted {
    notes = Map.copyOf(notes);
  }
}
