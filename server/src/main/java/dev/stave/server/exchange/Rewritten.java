package dev.stave.server.exchange;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is asked instead of what a request says.
 *
 * @param path its segments, decoded
 * @param query its parameters, decoded
 * @param body instead of that which was sent; null if it stays
 */
public record Rewritten(
    List<String> path, Map<String, String> query, String method, byte @Nullable [] body) {}
