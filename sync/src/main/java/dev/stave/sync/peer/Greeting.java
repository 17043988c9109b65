package dev.stave.sync.peer;

import dev.stave.json.JsonObject;
import java.util.Optional;

/**
 * What a peer says at the beginning of a replication, in one answer.
 *
 * @param instance as {@link Peer#instance}
 * @param state what it has a word for beyond that; empty if it has none
 */
public record Greeting(String instance, Optional<State> state) {

  /**
   * How it stands, as of that instance.
   *
   * @param checkpoint the document that was asked for, as {@link Peer#getLocal} gives it
   * @param lastSequence as {@link Peer#lastSequence}
   * @param hasConflicts whether {@link Peer#conflicts} would tell of any
   */
  public record State(Optional<JsonObject> checkpoint, String lastSequence, boolean hasConflicts) {}
}
