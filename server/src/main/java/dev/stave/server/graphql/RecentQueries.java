package dev.stave.server.graphql;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the queries that were used last: so many, of so many characters together. Any
 * thread may call any method.
 */
public final class RecentQueries<T> {

  private record Known<T>(T value, int characters) {}

  private final int maxQueries;
  private final long maxCharacters;
  private final LinkedHashMap<String, Known<T>> queries = new LinkedHashMap<>(16, 0.75f, true);
  private long characters;

  public RecentQueries(int maxQueries, long maxCharacters) {
    this.maxQueries = maxQueries;
    this.maxCharacters = maxCharacters;
  }

  /** What is known of the query that {@code key} stands for; null if nothing is, or no more. */
  public synchronized @Nullable T find(String key) {
    Known<T> known = queries.get(key);
    return known == null ? null : known.value();
  }

  /** Adds what is known of a query of so many characters, which is not changed any more. */
  public synchronized void add(String key, T value, int length) {
    if (length > maxCharacters || queries.putIfAbsent(key, new Known<>(value, length)) != null) {
      return;
    }
    characters += length;
    while (queries.size() > maxQueries || characters > maxCharacters) {
      Map.Entry<String, Known<T>> oldest = queries.entrySet().iterator().next();
      characters -= oldest.getValue().characters();
      queries.remove(oldest.getKey());
    }
  }
}
