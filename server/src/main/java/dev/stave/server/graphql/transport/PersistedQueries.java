package dev.stave.server.graphql.transport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.graphql.RecentQueries;
import dev.stave.server.wire.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Queries that clients have told once, and name by their SHA-256 from then on: what Apollo's and
 * urql's clients call automatic persisted queries. Those that were used last are known, of all
 * databases together; a client tells one again that is not.
 */
final class PersistedQueries {

  static final int MAX_QUERIES = 1_000;

  /** All of them together, in characters. */
  static final long MAX_CHARACTERS = 4L << 20;

  /** How a client learns that it has to tell the query. */
  static final String NOT_FOUND = "PersistedQueryNotFound";

  private final RecentQueries<String> queries = new RecentQueries<>(MAX_QUERIES, MAX_CHARACTERS);

  /**
   * The query that {@code asked} has, or means.
   *
   * @throws HttpException 400 if there is none, or it is not the one of its hash; with the reason
   *     {@link #NOT_FOUND} if it is not known
   */
  String query(Asked asked) {
    String query = asked.query();
    JsonNode persisted = asked.persisted();
    if (persisted.isMissingNode()) {
      if (query == null) {
        throw HttpException.badRequest("a request has a `query`");
      }
      return query;
    }
    if (persisted.path("version").asInt() != 1 || !persisted.path("sha256Hash").isTextual()) {
      throw HttpException.badRequest("`persistedQuery` has the `version` 1 and a `sha256Hash`");
    }
    String hash = persisted.path("sha256Hash").textValue().toLowerCase(Locale.ROOT);
    if (query == null) {
      return find(hash);
    }
    if (!Digests.hex("SHA-256", query.getBytes(StandardCharsets.UTF_8)).equals(hash)) {
      throw HttpException.badRequest("the `sha256Hash` is not that of the `query`");
    }
    queries.add(hash, query, query.length());
    return query;
  }

  private String find(String hash) {
    String known = queries.find(hash);
    if (known == null) {
      throw new HttpException(400, "PERSISTED_QUERY_NOT_FOUND", NOT_FOUND);
    }
    return known;
  }
}
