package dev.stave.server.graphql.live;

import dev.stave.document.Document;
import org.jspecify.annotations.Nullable;

/**
 * What became of one document that somebody listens to.
 *
 * @param sequence the one to go on from
 * @param document null if it is removed
 */
public record LiveEvent(Kind kind, String id, long sequence, @Nullable Document document) {

  /** What. */
  public enum Kind {
    ADDED,
    CHANGED,
    REMOVED
  }
}
