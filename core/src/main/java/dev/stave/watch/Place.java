package dev.stave.watch;

import dev.stave.json.JsonPath;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Something to look for in a document.
 *
 * @param key of the value at {@code path}, or of an element if that is an array; null for any value
 */
record Place(JsonPath path, @Nullable ByteBuffer key) {}
