package dev.stave.server.view;

import dev.stave.server.script.ScriptLimits;

/**
 * What the views of one document may come to. Above, that document is left out of the view, and the
 * log says so.
 *
 * @param script what one call of a function may cost
 * @param rows how many rows one function may emit for one document
 * @param keyBytes the longest key, as JSON
 * @param documentBytes keys and values of one function for one document together, as JSON
 * @param openIndexes how many design documents' indexes are held open at once
 */
public record ViewLimits(
    ScriptLimits script, int rows, int keyBytes, int documentBytes, int openIndexes) {

  public static final ViewLimits DEFAULT =
      new ViewLimits(ScriptLimits.DEFAULT, 100_000, 64 << 10, 32 << 20, 64);
}
