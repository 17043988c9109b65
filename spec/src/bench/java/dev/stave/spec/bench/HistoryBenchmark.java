package dev.stave.spec.bench;

import dev.stave.database.Database;
import dev.stave.database.DatabaseOptions;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.storage.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
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
 * One hundred documents of a given number of revisions; nothing waits for the disk.
 *
 * <pre>
 * get    one of them
 * put    one of them again: a commit of one edit
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class HistoryBenchmark {

  private static final int DOCUMENTS = 100;

  /** How often each document was written before. */
  @Param({"1", "50", "1000", "10000"})
  public int history;

  private final RevisionId[] revisions = new RevisionId[DOCUMENTS];
  private Database database;
  private int next;

  @Setup(Level.Trial)
  public void open() throws IOException {
    DatabaseOptions options =
        DatabaseOptions.DEFAULT.withDurability(Durability.NONE).withRetention(100_000, 5);
    database = Database.open(Files.createTempDirectory("stave-bench").resolve("orders"), options);
    for (int version = 0; version < history; version++) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < DOCUMENTS; i++) {
        JsonObject body = JsonObject.of(Orders.order(i).tree().put("total", version));
        RevisionId parent = revisions[i];
        if (parent == null) {
          batch.put(Orders.id(i), body);
        } else {
          batch.put(Orders.id(i), parent, body);
        }
        revisions[i] = RevisionId.of(parent, false, body.sharedTree());
      }
      database.write(batch);
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    database.close();
  }

  @Benchmark
  public Optional<Document> get() {
    return database.get(Orders.id(next++ % DOCUMENTS));
  }

  @Benchmark
  public RevisionId put() {
    int i = next++ % DOCUMENTS;
    JsonObject changed = JsonObject.of(Orders.order(i).tree().put("total", -next));
    revisions[i] = database.put(Orders.id(i), revisions[i], changed);
    return revisions[i];
  }
}
