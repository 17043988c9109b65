package dev.stave.spec.bench;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.query.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * Reads of 100,000 orders on disk, one thread. Nobody declared an index.
 *
 * <pre>
 * get          by id
 * equality     one path, about 20 hits:     items[].sku
 * twoPaths     two paths, about 1,000 hits: city and status
 * rangeSorted  range, sorted, first 20:     total
 * filterSorted filter on one path, sorted by another, first 20
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class QueryBenchmark {

  private static final int BATCH = 1_000;

  @Param("100000")
  private int documents;

  private Database database;
  private int next;

  @Setup
  public void fill() throws IOException {
    Path folder = Files.createTempDirectory("stave-bench");
    database = Database.open(folder.resolve("orders"));
    for (int i = 0; i < documents; i += BATCH) {
      WriteBatch batch = new WriteBatch();
      for (int n = i; n < i + BATCH; n++) {
        batch.put(Orders.id(n), Orders.order(n));
      }
      database.write(batch);
    }
  }

  @TearDown
  public void close() {
    database.close();
  }

  private int next() {
    next = (next + 7_919) % documents;
    return next;
  }

  @Benchmark
  public Optional<Document> get() {
    return database.get(Orders.id(next()));
  }

  @Benchmark
  public List<Document> equality() {
    return database.find(Query.where("{\"items[].sku\": \"sku-" + next() % 20_000 + "\"}"));
  }

  @Benchmark
  public List<Document> twoPaths() {
    String city = Orders.CITIES[next() % Orders.CITIES.length];
    return database.find(
        Query.where("{\"customer.address.city\": \"" + city + "\", \"status\": \"open\"}"));
  }

  @Benchmark
  public List<Document> rangeSorted() {
    int low = next() % 900;
    return database.find(
        Query.where("{\"total\": {\"$gte\": " + low + "}}").sortBy("total").limit(20));
  }

  @Benchmark
  public List<Document> filterSorted() {
    String city = Orders.CITIES[next() % Orders.CITIES.length];
    return database.find(
        Query.where("{\"customer.address.city\": \"" + city + "\"}")
            .sortByDescending("created")
            .limit(20));
  }
}
