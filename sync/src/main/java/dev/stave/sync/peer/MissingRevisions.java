package dev.stave.sync.peer;

import dev.stave.revision.RevisionId;
import java.util.List;

/**
 * What a target lacks of one document.
 *
 * @param revisions that it lacks
 * @param ancestors leaves of its own that those may have grown from; none if it has none
 */
public record MissingRevisions(List<RevisionId> revisions, List<RevisionId> ancestors) {

  public MissingRevisions {
    revisions = List.copyOf(revisions);
    ancestors = List.copyOf(ancestors);
  }
}
