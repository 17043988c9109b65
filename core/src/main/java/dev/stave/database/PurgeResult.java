package dev.stave.database;

import dev.stave.revision.RevisionId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of a purge.
 *
 * @param purgeSequence that of the newest purge of the database by then
 * @param revisions of each document that was named, in that order, the leaves that went; none of
 *     one whose revisions are not known, or no leaves
 */
public record PurgeResult(long purgeSequence, Map<String, List<RevisionId>> revisions) {
  public PurgeResult {
    revisions = Collections.unmodifiableMap(new LinkedHashMap<>(revisions));
  }
}
