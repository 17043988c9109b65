package dev.stave.spec.bench;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.review.MergeOutcome;
import dev.stave.review.MergeRequest;
import dev.stave.review.MergeRequests;
import dev.stave.review.Preview;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.util.List;
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
 * Merge requests of a database in memory, in which 1,000 documents have a conflict of two edits.
 *
 * <pre>
 * list      all 1,000 open ones, with base and sides
 * count     how many are open
 * preview   of one
 * merge     a conflict is made, and merged by policy: three commits
 * </pre>
 *
 * A quick run: {@code -p documents=10000}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class MergeRequestBenchmark {

  private static final int OPEN = 1_000;

  /** Documents in all. */
  @Param({"10000", "1000000"})
  public int documents;

  private Database database = Database.inMemory();
  private MergeRequests requests = MergeRequests.of(database);
  private int next;

  @Setup
  public void make() {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < documents; i++) {
      batch.put("order-" + i, body(i, 0, 0));
      if (batch.size() == 1_000) {
        database.write(batch);
        batch = new WriteBatch();
      }
    }
    database.write(batch);
    for (int i = 0; i < OPEN; i++) {
      conflict("order-" + i * (documents / OPEN), i * (documents / OPEN));
    }
  }

  private static JsonObject body(int number, int left, int right) {
    return JsonObject.parse(
        "{\"number\": " + number + ", \"left\": " + left + ", \"right\": " + right + "}");
  }

  private void conflict(String id, int number) {
    RevisionId base = database.get(id).orElseThrow().revision();
    JsonObject other = body(number, 0, 1);
    RevisionId there = RevisionId.of(base, false, other.sharedTree());
    database.write(
        new WriteBatch()
            .put(id, base, body(number, 1, 0))
            .graft(id, new RevisionPath(List.of(there, base), false), other));
  }

  @TearDown
  public void close() {
    database.close();
  }

  @Benchmark
  public List<MergeRequest> list() {
    List<MergeRequest> open = requests.open();
    if (open.size() != OPEN) {
      throw new IllegalStateException("open: " + open.size());
    }
    return open;
  }

  @Benchmark
  public long count() {
    return requests.count();
  }

  @Benchmark
  public Preview preview() {
    return requests.preview(requests.openOf("order-0").orElseThrow());
  }

  @Benchmark
  public MergeOutcome merge() {
    String id = "new-" + next++;
    database.put(id, body(next, 0, 0));
    conflict(id, next);
    return requests.mergeByPolicy(requests.openOf(id).orElseThrow());
  }
}
