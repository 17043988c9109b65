package dev.stave.spec.bench;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.validation.Problem;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to check a document, an order of 25 leaves in 5 items, in a database in memory.
 *
 * <pre>
 * none        the database has no schema
 * others      it has one, for other documents
 * schema      it has one for it: types, required members, bounds, a pattern, an enum
 * refused     the same, and five items do not fit
 * compile     a schema document that is written
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ValidationBenchmark {

  private static final JsonObject SCHEMA =
      JsonObject.parse(
          """
          {"stave": "schema", "selector": {"type": "order"}, "schema": {
            "type": "object", "required": ["customer", "total", "items"],
            "properties": {
              "customer": {"type": "string", "minLength": 1, "maxLength": 100},
              "city": {"type": "string"},
              "state": {"enum": ["open", "paid", "sent"]},
              "total": {"type": "number", "minimum": 0},
              "items": {"type": "array", "items": {"$ref": "#/$defs/item"}}},
            "additionalProperties": true,
            "$defs": {"item": {"type": "object", "required": ["sku", "count"],
              "properties": {
                "sku": {"type": "string", "pattern": "^[a-z]{2}-[0-9]+$"},
                "count": {"type": "integer", "minimum": 1},
                "price": {"type": "number", "minimum": 0, "multipleOf": 0.01},
                "note": {"type": "string"}}}}}}
          """);

  private final Database none = Database.inMemory();
  private final Database others = Database.inMemory();
  private final Database checked = Database.inMemory();
  private final Document order = order("ax-");
  private final Document wrong = order("AX-");
  private final Document schema = document("stave.schema.order", SCHEMA);

  private static Document document(String id, JsonObject body) {
    return new Document(id, RevisionId.of(null, false, body.sharedTree()), false, body);
  }

  private static Document order(String sku) {
    StringBuilder items = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      items.append(i == 0 ? "" : ",").append("{\"sku\":\"").append(sku).append(i);
      items.append("\",\"count\":2,\"price\":19.99,\"note\":\"as always\"}");
    }
    String body =
        "{\"type\":\"order\",\"customer\":\"Ada\",\"city\":\"Paris\",\"state\":\"open\",\"total\":99.95,"
            + "\"items\":["
            + items
            + "]}";
    return document("o-1", JsonObject.parse(body));
  }

  @Setup(Level.Trial)
  public void write() {
    checked.put("stave.schema.order", SCHEMA);
    others.put(
        "stave.schema.note",
        JsonObject.parse(
            "{\"stave\": \"schema\", \"selector\": {\"type\": \"note\"}, \"schema\": false}"));
  }

  @TearDown(Level.Trial)
  public void close() {
    none.close();
    others.close();
    checked.close();
  }

  @Benchmark
  public List<Problem> none() {
    return none.validate(order);
  }

  @Benchmark
  public List<Problem> others() {
    return others.validate(order);
  }

  @Benchmark
  public List<Problem> schema() {
    return checked.validate(order);
  }

  @Benchmark
  public List<Problem> refused() {
    return checked.validate(wrong);
  }

  @Benchmark
  public List<Problem> compile() {
    return none.validate(schema);
  }
}
