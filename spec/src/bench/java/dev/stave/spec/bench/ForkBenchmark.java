package dev.stave.spec.bench;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * Forks of a database of orders on disk, each commit synced; before each fork one more is written.
 *
 * <pre>
 * fork           database.fork(name)
 * forkAndRead    and a document by id, and a query for ten
 * forkBack       as of before 1,000 updates
 * </pre>
 *
 * The room that the last fork takes for itself is printed at the end.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 20)
@Measurement(iterations = 50)
public class ForkBenchmark {

  private static final int UPDATES = 1_000;

  @Param({"10000", "100000", "1000000"})
  public int documents;

  private Path folder;
  private Database database;
  private Database fork;
  private long before;
  private int forks;

  @Setup(Level.Trial)
  public void open() throws IOException {
    folder = Files.createTempDirectory("stave-bench").resolve("orders");
    database = Database.open(folder);
    for (int i = 0; i < documents; ) {
      WriteBatch batch = new WriteBatch();
      for (int end = Math.min(documents, i + UPDATES); i < end; i++) {
        batch.put(Orders.id(i), Orders.order(i));
      }
      database.write(batch);
    }
    before = database.lastSequence();
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < UPDATES; i++) {
      int number = i * (documents / UPDATES);
      batch.put(
          Orders.id(number),
          database.get(Orders.id(number)).orElseThrow().revision(),
          JsonObject.of(Orders.order(number).tree().put("updated", true)));
    }
    database.write(batch);
  }

  @Setup(Level.Iteration)
  public void write() {
    database.put("more-" + forks, Orders.order(forks));
  }

  private Database next() {
    fork = database.fork("f" + forks++);
    return fork;
  }

  @Benchmark
  public Object fork() {
    return next();
  }

  @Benchmark
  public Object forkAndRead() {
    boolean isThere = next().get(Orders.id(7)).isPresent();
    return isThere
        && fork.find(Query.where("{\"customer.address.city\":\"Oslo\"}").limit(10)).size() == 10;
  }

  @Benchmark
  public Object forkBack() {
    fork = database.forks().create("f" + forks++, before);
    return fork;
  }

  @TearDown(Level.Iteration)
  public void close() {
    fork.close();
  }

  @TearDown(Level.Trial)
  public void closeAll() throws IOException {
    Map<Object, Path> parents = files(folder);
    long own = 0;
    for (Map.Entry<Object, Path> file : files(folder.resolve("forks/f" + (forks - 1))).entrySet()) {
      own += parents.containsKey(file.getKey()) ? 0 : Files.size(file.getValue());
    }
    System.out.println("the last fork shares all but " + own + " bytes");
    database.close();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted((a, b) -> b.compareTo(a)).collect(Collectors.toList())) {
        Files.delete(file);
      }
    }
  }

  /** The files in a folder by what the system knows each as, whatever its names. */
  private static Map<Object, Path> files(Path folder) throws IOException {
    Map<Object, Path> files = new HashMap<>();
    List<Path> listed = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.filter(Files::isRegularFile).forEach(listed::add);
    }
    for (Path file : listed) {
      files.put(Files.getAttribute(file, "unix:ino"), file);
    }
    return files;
  }
}
