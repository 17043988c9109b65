package dev.stave.index;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * How one commit changed what the index sees of one document.
 *
 * @param endedSequence the sequence of the winner of before, 0 if there was none
 * @param sequence the sequence of the winner of now
 * @param body the body of the winner of now, null if it is deleted
 */
public record IndexDelta(String id, long endedSequence, long sequence, @Nullable JsonNode body) {}
