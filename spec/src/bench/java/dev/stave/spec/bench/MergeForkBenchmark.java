package dev.stave.spec.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.review.MergeRequests;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
 * A fork of 10,000 orders in which 100 were edited is merged back, while 100 were edited in its
 * parent, 50 of them the same ones: on disk, synced.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 250)
@Measurement(iterations = 60)
public class MergeForkBenchmark {

  private static final int DOCUMENTS = 10_000;
  private static final int EDITS = 100;

  /** How many revisions each document has before; the last 50 of them were written here. */
  @Param({"1", "50", "1000"})
  public int history;

  private Path folder;
  private Database database;
  private Database fork;
  private int round;

  @Setup(Level.Trial)
  public void open() throws IOException {
    folder = Files.createTempDirectory("stave-bench").resolve("orders");
    database = Database.open(folder);
    int received = Math.max(1, history - 50);
    for (int version = received; version <= history; version++) {
      for (int first = 0; first < DOCUMENTS; first += 1_000) {
        WriteBatch batch = new WriteBatch();
        for (int i = first; i < first + 1_000; i++) {
          if (version == received) {
            batch.graft(Orders.id(i), path(received), Orders.order(i));
          } else {
            set(database, batch, i, "version", version);
          }
        }
        database.write(batch);
      }
    }
  }

  private static RevisionPath path(int revisions) {
    List<RevisionId> ids = new ArrayList<>();
    for (int generation = revisions; generation > 0; generation--) {
      long random = ThreadLocalRandom.current().nextLong();
      ids.add(new RevisionId(generation, String.format("%032x", random & Long.MAX_VALUE)));
    }
    return new RevisionPath(ids, false);
  }

  private static void set(Database database, WriteBatch batch, int number, String name, int value) {
    String id = Orders.id(number);
    Document old = database.get(id).orElseThrow();
    ObjectNode body = old.body().tree();
    batch.put(id, old.revision(), JsonObject.of(body.put(name, value)));
  }

  @Setup(Level.Iteration)
  public void edit() {
    fork = database.fork("draft");
    round++;
    WriteBatch there = new WriteBatch();
    WriteBatch here = new WriteBatch();
    for (int i = 0; i < EDITS; i++) {
      set(fork, there, (i * 97 + round) % DOCUMENTS, "there", round);
      set(database, here, (i * 97 + round + i % 2) % DOCUMENTS, "here", round);
    }
    fork.write(there);
    database.write(here);
  }

  @Benchmark
  public int mergeFork() {
    int taken = MergeRequests.of(database).fork(fork).merge("bench", null).taken().size();
    if (taken != EDITS) {
      throw new IllegalStateException("taken: " + taken);
    }
    return taken;
  }

  @TearDown(Level.Iteration)
  public void drop() {
    fork.close();
    database.forks().drop("draft");
  }

  @TearDown(Level.Trial)
  public void close() throws IOException {
    database.close();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted((a, b) -> b.compareTo(a)).collect(Collectors.toList())) {
        Files.delete(file);
      }
    }
  }
}
