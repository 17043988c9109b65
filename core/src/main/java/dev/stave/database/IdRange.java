package dev.stave.database;

import org.jspecify.annotations.Nullable;

/**
 * Documents whose ids lie from {@code from} (included) to {@code to} (excluded; null: to the end),
 * in the order of the ids' code points, or backwards.
 */
public record IdRange(String from, @Nullable String to, boolean descending) {

  public static final IdRange ALL = new IdRange("", null, false);
}
