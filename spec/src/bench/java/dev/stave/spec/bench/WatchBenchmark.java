package dev.stave.spec.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.OperatingSystemMXBean;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.index.IndexDelta;
import dev.stave.json.JsonObject;
import dev.stave.query.Selector;
import dev.stave.revision.RevisionId;
import dev.stave.watch.Watch;
import dev.stave.watch.Watches;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What live queries cost a commit.
 *
 * <pre>
 * commit    one of 10,000 orders is changed, in memory, so that no disk hides the cost
 * tell      only the part of it that tells the watches: both versions of the order are at hand
 *
 * watchers  each waits for the orders of a customer of its own, and gets none
 * touched   as many more wait for those of the customer whose orders change, and take each change
 * </pre>
 *
 * <p>After each iteration it says what CPU a commit cost, of the whole process: on a busy machine
 * that is to be believed before the time.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 8, time = 2)
@Measurement(iterations = 8, time = 2)
public class WatchBenchmark {

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  @Param({"0", "10", "100000"})
  private int watchers;

  @Param({"0", "1", "10"})
  private int touched;

  private Database database;
  private final List<Watch> otherWatches = new ArrayList<>();
  private final List<Watch> touchedWatches = new ArrayList<>();
  private final Watches watches = new Watches();
  private Document before;
  private Document now;
  private final RevisionId[] revisions = new RevisionId[10_000];
  private int next;
  private int nextAtBegin;
  private long cpuAtBegin;

  @Setup(Level.Trial)
  public void open(BenchmarkParams params) {
    database = Database.inMemory();
    for (int i = 0; i < revisions.length; i++) {
      revisions[i] = database.put("order-" + i, order());
    }
    before = database.get("order-0").orElseThrow();
    now = new Document("order-0", before.revision(), false, order());
    if (params.getBenchmark().endsWith("tell")) {
      watchAll(selector -> watches.open(selector, () -> 0));
    } else {
      watchAll(selector -> database.watch(selector, document -> {}));
    }
  }

  private void watchAll(Function<Selector, Watch> begin) {
    for (int i = 0; i < watchers; i++) {
      otherWatches.add(begin.apply(ordersOf("customer-" + i)));
    }
    for (int i = 0; i < touched; i++) {
      touchedWatches.add(begin.apply(ordersOf("busy")));
    }
  }

  private static Selector ordersOf(String customer) {
    return Selector.parse("{\"type\": \"order\", \"watched\": \"" + customer + "\"}");
  }

  @Setup(Level.Iteration)
  public void begin() {
    nextAtBegin = next;
    cpuAtBegin = PROCESS.getProcessCpuTime();
  }

  @TearDown(Level.Iteration)
  public void end() {
    double micros = (PROCESS.getProcessCpuTime() - cpuAtBegin) / 1e3;
    System.out.printf("(CPU %.1f us/op) ", micros / (next - nextAtBegin));
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
            .put("watched", "busy")
            .put("total", next++));
  }

  @Benchmark
  public void commit(Blackhole blackhole) {
    int i = next % revisions.length;
    revisions[i] = database.put("order-" + i, revisions[i], order());
    takeAll(blackhole);
  }

  @Benchmark
  public void tell(Blackhole blackhole) {
    next++;
    JsonNode body = now.body().sharedTree();
    watches.committed(
        List.of(new IndexDelta("order-0", 1, 2, body)), sequence -> sequence == 1 ? before : now);
    takeAll(blackhole);
  }

  private void takeAll(Blackhole blackhole) {
    for (Watch watch : touchedWatches) {
      blackhole.consume(watch.poll().orElseThrow());
    }
  }
}
