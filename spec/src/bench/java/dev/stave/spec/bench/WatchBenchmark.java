package dev.stave.spec.bench;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.query.Selector;
import dev.stave.revision.RevisionId;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One of 10,000 orders changed a commit, in memory, so that no disk hides the cost, while others
 * watch.
 *
 * <pre>
 * untouched  each of the watchers waits for a customer of its own, none of whom the order is of
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class WatchBenchmark {

  @Param({"0", "10", "100000"})
  private int watchers;

  private Database database;
  private final RevisionId[] revisions = new RevisionId[10_000];
  private int next;

  @Setup(Level.Trial)
  public void open() {
    database = Database.inMemory();
    for (int i = 0; i < revisions.length; i++) {
      revisions[i] = database.put("order-" + i, order());
    }
    for (int i = 0; i < watchers; i++) {
      String selector = "{\"type\": \"order\", \"watched\": \"customer-" + i + "\"}";
      database.watch(Selector.parse(selector), document -> {});
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    database.close();
  }

  private JsonObject order() {
    return JsonObject.of(
        JsonObject.parse(Orders.json(7))
            .tree()
            .put("type", "order")
            .put("watched", "nobody")
            .put("total", next++));
  }

  @Benchmark
  public void untouched() {
    int i = next % revisions.length;
    revisions[i] = database.put("order-" + i, revisions[i], order());
  }
}
