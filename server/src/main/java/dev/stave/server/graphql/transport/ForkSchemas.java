package dev.stave.server.graphql.transport;

import dev.stave.database.Database;
import dev.stave.server.graphql.KnownSchema;
import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The schemas of the forks that were asked last: a fork is open for one request alone, and to make
 * its schema may take longer than to answer. Kept are {@value #MOST}, and fewer if memory is short.
 * Any thread may call any method.
 */
final class ForkSchemas {

  /** So many are kept, of all databases together. */
  static final int MOST = 4;

  // by the uuid, the one that was asked last at the end
  private final Map<String, SoftReference<KnownSchema>> kept = new LinkedHashMap<>();

  /** That of {@code fork}, if it was kept and nothing was committed since. */
  synchronized Optional<KnownSchema> find(Database fork) {
    SoftReference<KnownSchema> known = kept.get(fork.uuid());
    return Optional.ofNullable(known == null ? null : known.get())
        .filter(schema -> schema.isOf(fork));
  }

  synchronized void keep(KnownSchema schema) {
    kept.remove(schema.uuid());
    kept.put(schema.uuid(), new SoftReference<>(schema));
    if (kept.size() > MOST) {
      kept.remove(kept.keySet().iterator().next());
    }
  }
}
