package dev.stave.database;

import dev.stave.revision.RevisionId;
import java.util.List;

/**
 * What was purged of one document at once.
 *
 * @param purgeSequence its place among all purges of this database: 1, 2, 3 …
 * @param sequence the database's last sequence then
 * @param revisions the leaves that went, in the order in which they were named
 */
public record Purge(long purgeSequence, long sequence, String id, List<RevisionId> revisions) {
  public Purge {
    revisions = List.copyOf(revisions);
  }
}
