package dev.stave.revision;

import java.util.List;

/**
 * A revision and its ancestors, newest first, as a peer sends them: each one generation below the
 * one before it. Not all ancestors need to be there.
 */
public record RevisionPath(List<RevisionId> ids, boolean deleted) {

  public RevisionPath {
    ids = List.copyOf(ids);
    if (ids.isEmpty()) {
      throw new IllegalArgumentException("a path has at least one revision");
    }
    for (int i = 1; i < ids.size(); i++) {
      if (ids.get(i).generation() != ids.get(i - 1).generation() - 1) {
        throw new InvalidRevisionException(
            "a path goes down by one generation each, and this does not follow " + ids.get(i - 1),
            ids.get(i));
      }
    }
  }

  /** The newest revision. */
  public RevisionId leaf() {
    return ids.get(0);
  }
}
