package dev.stave.fieldnotes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.query.Selector;
import dev.stave.revision.Revision;
import dev.stave.sync.Replication;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The notes on this device. Everything is written here at once, with or without a network, and
 * carried to other devices when they meet.
 */
public final class FieldNotes {

  private final Database database;

  public FieldNotes(Database database) {
    this.database = database;
  }

  /** Notes a visit and says its id. */
  public String add(Visit visit) {
    String id = UUID.randomUUID().toString();
    database.put(id, JsonObject.from(visit));
    return id;
  }

  /** Replaces what was noted, whatever others write meanwhile: theirs is kept beside it. */
  public void correct(String id, Visit visit) {
    database.transact(
        transaction -> {
          Optional<Document> known = transaction.get(id);
          return known.isPresent()
              ? transaction.put(id, known.get().revision(), JsonObject.from(visit))
              : transaction.put(id, JsonObject.from(visit));
        });
  }

  public Optional<Visit> visit(String id) {
    return database.get(id).map(document -> document.as(Visit.class));
  }

  /** The visits to a site, newest first. */
  public List<Visit> visitsTo(String site) {
    Selector here = Selector.of(JsonNodeFactory.instance.objectNode().put("site", site));
    return database.find(Query.of(here).sortByDescending("date")).stream()
        .map(document -> document.as(Visit.class))
        .collect(Collectors.toList());
  }

  /** What else was noted of the same visit at the same time, for a person to settle. */
  public List<Visit> others(String id) {
    return database.tree(id).conflicts().stream()
        .map(Revision::id)
        .map(revision -> database.get(id, revision))
        .filter(Optional::isPresent)
        .map(document -> document.get().as(Visit.class))
        .collect(Collectors.toList());
  }

  /** Exchanges notes with another device, both ways. */
  public void exchangeWith(FieldNotes other) {
    Replication.run(other.database, database);
    Replication.run(database, other.database);
  }
}
