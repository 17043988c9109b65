package dev.stave.spec.bench;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Writes of orders to disk, from their text, one thread, each commit synced, every path indexed.
 *
 * <pre>
 * bulk     1,000 new documents a commit; per document
 * single   one new document a commit
 * update   one field of one of 1,000 documents a commit
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class WriteBenchmark {

  private static final int BATCH = 1_000;

  private final byte[][] orders = new byte[BATCH][];
  private final RevisionId[] revisions = new RevisionId[BATCH];
  private Database database;
  private int next;

  @Setup(Level.Trial)
  public void open() throws IOException {
    database = Database.open(Files.createTempDirectory("stave-bench").resolve("orders"));
    for (int i = 0; i < BATCH; i++) {
      orders[i] = Orders.json(i);
      revisions[i] = database.put("updated-" + i, JsonObject.parse(orders[i]));
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    database.close();
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void bulk() {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < BATCH; i++) {
      batch.put(Orders.id(next++), JsonObject.parse(orders[i]));
    }
    database.write(batch);
  }

  @Benchmark
  public void single() {
    database.put(Orders.id(next++), JsonObject.parse(orders[next % BATCH]));
  }

  @Benchmark
  public void update() {
    int i = next++ % BATCH;
    JsonObject changed = JsonObject.of(JsonObject.parse(orders[i]).tree().put("total", next));
    revisions[i] = database.put("updated-" + i, revisions[i], changed);
  }
}
