package dev.stave.spec.bench.query;

import com.arcadedb.GlobalConfiguration;
import com.arcadedb.database.Database;
import com.arcadedb.database.DatabaseFactory;
import com.arcadedb.database.MutableDocument;
import com.arcadedb.query.sql.executor.ResultSet;
import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * ArcadeDB, with indexes on five paths and on the id. Its indexes are of members at the top: so
 * email and city are there a second time. The write-ahead log is forced at each commit.
 */
final class ArcadeEngine implements Engine {

  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
  private static final String SELECT = "SELECT FROM Orders WHERE ";
  private static final String RANGE = "total >= ? AND total < ?";

  private final DatabaseFactory factory;
  private final Database database;

  ArcadeEngine(Path folder) {
    GlobalConfiguration.TX_WAL_FLUSH.setValue(2);
    factory = new DatabaseFactory(folder.toString());
    database = factory.exists() ? factory.open() : create();
  }

  private Database create() {
    Database created = factory.create();
    created.transaction(
        () -> {
          created.command("sql", "CREATE DOCUMENT TYPE Orders");
          for (String member : List.of("id", "email", "created", "city", "status")) {
            created.command("sql", "CREATE PROPERTY Orders." + member + " STRING");
          }
          created.command("sql", "CREATE PROPERTY Orders.total DOUBLE");
          created.command("sql", "CREATE INDEX ON Orders (id) UNIQUE");
          for (String member : List.of("email", "total", "created", "city", "status")) {
            created.command("sql", "CREATE INDEX ON Orders (" + member + ") NOTUNIQUE");
          }
        });
    return created;
  }

  @Override
  public void insert(int first, List<byte[]> bodies) {
    database.begin();
    for (int i = 0; i < bodies.size(); i++) {
      try {
        Map<String, Object> members = Leaves.MAPPER.readValue(bodies.get(i), OBJECT);
        MutableDocument document = database.newDocument("Orders");
        document.set("id", Orders.id(first + i));
        document.set("email", ((Map<?, ?>) members.get("customer")).get("email"));
        document.set("city", ((Map<?, ?>) members.get("address")).get("city"));
        document.set(members);
        document.save();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    database.commit();
  }

  @Override
  public int get(String id) {
    return database.lookupByKey("Orders", "id", id).next().getRecord().asDocument().toMap().size();
  }

  @Override
  public List<String> find(Question question) {
    String text = question.text();
    double low = question.low();
    double high = question.high();
    return switch (question.kind()) {
      case EQUAL -> ids("email = ?", text);
      case UNDECLARED -> ids("address.zip = ?", text);
      case RANGE_LIMIT -> ids(Question.LIMIT, RANGE, low, high);
      case RANGE_SORT -> ids(RANGE + " ORDER BY created", low, high);
      case TOP_OF -> ids("city = ? ORDER BY created DESC LIMIT " + Question.TOP, text);
      case TWO -> ids("city = ? AND " + RANGE, text, low, high);
      case MEMBER -> ids("items CONTAINS (sku = ?)", text);
      case PAGE -> ids(Question.LIMIT, "status = ? AND " + RANGE, text, low, high);
      case STATUS -> ids("status = ? AND " + RANGE, text, low, high);
    };
  }

  private List<String> ids(String condition, Object... values) {
    return ids(Integer.MAX_VALUE, condition, values);
  }

  /** Each once: a range comes out of the index with some of its documents twice. */
  private List<String> ids(int limit, String condition, Object... values) {
    Set<String> ids = new LinkedHashSet<>();
    try (ResultSet rows = database.query("sql", SELECT + condition, values)) {
      while (ids.size() < limit && rows.hasNext()) {
        ids.add(rows.next().getProperty("id"));
      }
    }
    return new ArrayList<>(ids);
  }

  @Override
  public void setStatus(Map<String, String> byId) {
    database.begin();
    byId.forEach(
        (id, status) ->
            database
                .command("sql", "UPDATE Orders SET status = ? WHERE id = ?", status, id)
                .close());
    database.commit();
  }

  @Override
  public void close() {
    database.close();
    factory.close();
  }
}
