package dev.stave.server.graphql.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonPath;
import dev.stave.query.KindShapes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what was committed, for what documents have in them: at the documents that changed, one
 * by one; or at what the index knows of all, where that is sooner told. For one thread.
 */
final class Survey {

  /** Documents that are looked at before their fields are given. */
  private static final int BATCH = 1_000;

  /** And so many bytes of them: what is seen of a document may take more memory than it. */
  private static final long BATCH_BYTES = 4 << 20;

  /** If more documents changed than this, the index tells it sooner than they do. */
  private static final int MANY = 20_000;

  private final Database database;
  private final JsonPath typePath;
  private final int maxTypes;

  /**
   * What was seen.
   *
   * @param bodies of the documents, by their type
   * @param sequence all that was committed up to this one is seen
   */
  record Seen(Map<@Nullable String, Observed> bodies, long sequence) {}

  Survey(Database database, CatalogueTerms terms) {
    this.database = database;
    this.typePath = terms.typePath();
    this.maxTypes = terms.maxTypes();
  }

  /** All documents, by what the index knows. */
  Seen all() {
    Map<@Nullable String, Observed> bodies = new LinkedHashMap<>();
    KindShapes known = database.kindShapes(typePath.toString(), maxTypes);
    for (KindShapes.KindShape kind : known.kinds()) {
      Observed ofKind = of(bodies, kind.name());
      for (KindShapes.PathTypes path : kind.paths()) {
        if (!path.path().isId()) {
          ofKind.add(path.path(), path.types(), path.documents());
        }
      }
    }
    return new Seen(bodies, known.sequence());
  }

  /** What was committed after {@code from}, up to {@code last} or to where a batch ends. */
  Seen since(long from, long last) {
    return last - from > MANY ? all() : changed(from, last);
  }

  private Seen changed(long from, long last) {
    Map<@Nullable String, Observed> bodies = new LinkedHashMap<>();
    List<Change> changes = database.changes(from, BATCH);
    long bytes = 0;
    for (Change change : changes) {
      if (bytes > BATCH_BYTES) {
        return new Seen(bodies, change.sequence() - 1);
      }
      if (!change.deleted() && !Document.isDesign(change.id())) {
        Document document = database.get(change.id()).orElse(null);
        if (document != null) {
          JsonNode body = document.body().sharedTree();
          of(bodies, typeOf(body)).add(body);
          bytes += document.body().size();
        }
      }
    }
    long to = changes.size() < BATCH ? last : changes.get(changes.size() - 1).sequence();
    return new Seen(bodies, to);
  }

  private @Nullable String typeOf(JsonNode body) {
    JsonNode type = typePath.first(body);
    return type == null ? null : type.textValue();
  }

  private static Observed of(Map<@Nullable String, Observed> bodies, @Nullable String type) {
    return bodies.computeIfAbsent(type, key -> new Observed());
  }
}
