package dev.stave.spec.bench.query;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.database.Database;
import dev.stave.database.DatabaseOptions;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPointer;
import dev.stave.policy.IndexPolicy;
import dev.stave.query.Query;
import dev.stave.spec.bench.storage.Sleep;
import dev.stave.storage.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Stave database, as it comes but for what it indexes. */
final class StaveEngine implements Engine {

  private static final JsonPointer STATUS = JsonPointer.parse("/status");
  private static final int QUIET_POLLS = 10;

  private final Database database;

  StaveEngine(Path folder, IndexPolicy policy) {
    DatabaseOptions options = DatabaseOptions.DEFAULT.withDurability(Durability.SYNC);
    database = Database.open(folder, options.withIndexPolicy(policy));
  }

  @Override
  public void insert(int first, List<byte[]> bodies) {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < bodies.size(); i++) {
      batch.put(Orders.id(first + i), JsonObject.parse(bodies.get(i)));
    }
    database.write(batch);
  }

  @Override
  public int get(String id) {
    return database.get(id).orElseThrow().body().size();
  }

  @Override
  public List<String> find(Question question) {
    List<String> ids = new ArrayList<>();
    database.find(
        query(question),
        document -> {
          ids.add(document.id());
          return true;
        });
    return ids;
  }

  private static Query query(Question question) {
    Query all = Query.where(selector(question));
    return switch (question.kind()) {
      case RANGE_LIMIT, PAGE -> all.limit(Question.LIMIT);
      case RANGE_SORT -> all.sortBy("created");
      case TOP_OF -> all.sortByDescending("created").limit(Question.TOP);
      default -> all;
    };
  }

  private static String selector(Question question) {
    String equal = '"' + question.path() + "\":\"" + question.text() + '"';
    String range = "\"total\":{\"$gte\":" + question.low() + ",\"$lt\":" + question.high() + "}";
    return switch (question.kind()) {
      case RANGE_LIMIT, RANGE_SORT -> '{' + range + '}';
      case TWO, PAGE, STATUS -> '{' + equal + ',' + range + '}';
      default -> '{' + equal + '}';
    };
  }

  @Override
  public void setStatus(Map<String, String> byId) {
    WriteBatch batch = new WriteBatch();
    byId.forEach(
        (id, status) -> {
          Document document = database.get(id).orElseThrow();
          JsonObject body = STATUS.set(document.body(), TextNode.valueOf(status));
          batch.put(id, document.revision(), body);
        });
    database.write(batch);
  }

  @Override
  public void settle() {
    for (int quiet = 0; quiet < QUIET_POLLS; Sleep.millis(10)) {
      quiet = dev.stave.spec.bench.storage.StaveEngine.isIdle() ? quiet + 1 : 0;
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
