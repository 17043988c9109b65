package dev.stave.fieldnotes.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.query.Selector;
import dev.stave.revision.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Visits are in the region of their site: whoever shares one region has a site and its visits, or
 * neither.
 */
final class Regions {

  private Regions() {}

  /** The visits to a site, in no order: one by a date would leave out those without. */
  static List<Document> visitsTo(Database database, String site) {
    Selector here = Selector.where("type").eq(Visit.TYPE).and(Selector.where("site").eq(site));
    return database.find(Query.of(here));
  }

  /**
   * What the visits to a site say that is not in {@code region}: each version, if there is
   * something to settle about one.
   */
  static List<Document> elsewhere(Database database, String site, String region) {
    List<Document> elsewhere = new ArrayList<>();
    for (Document visit : visitsTo(database, site)) {
      for (Revision leaf : database.tree(visit.id()).leaves()) {
        if (!leaf.deleted()) {
          database
              .get(visit.id(), leaf.id())
              .filter(version -> !region(version.body().sharedTree()).equals(region))
              .ifPresent(elsewhere::add);
        }
      }
    }
    return elsewhere;
  }

  /** Adds to {@code batch} what brings these to {@code region}. */
  static void move(List<Document> visits, String region, WriteBatch batch) {
    for (Document each : visits) {
      batch.put(
          each.id(), each.revision(), JsonObject.of(each.body().tree().put("region", region)));
    }
  }

  /** Their ids, each once. */
  static List<String> ids(List<Document> visits) {
    return visits.stream()
        .map(Document::id)
        .distinct()
        .collect(Collectors.toCollection(ArrayList::new));
  }

  static String region(JsonNode body) {
    return body.path("region").asText();
  }
}
