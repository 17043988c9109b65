package dev.stave.server.script;

/**
 * What one call of a function may cost. Above any of these it ends with a {@link ScriptException}.
 *
 * @param callMillis how long it may run
 * @param callBytes how much it may allocate, what is garbage by then included
 * @param depth how deep its calls may be nested
 * @param textLength the longest string that it may make or be given, in UTF-16 units
 * @param arrayLength the longest array that a function of the library may be called on
 * @param jsonBytes what it may hand out as JSON, about
 */
public record ScriptLimits(
    int callMillis, long callBytes, int depth, int textLength, int arrayLength, int jsonBytes) {

  /** The time is CouchDB's. */
  public static final ScriptLimits DEFAULT =
      new ScriptLimits(5_000, 256L << 20, 5_000, 16 << 20, 4 << 20, 64 << 20);
}
